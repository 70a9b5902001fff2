"""The registry as a run of deploy finds it, and what it needs before the first change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.ops import steps
from dsvault.ops.events import RegistryAdded
from dsvault.ops.upgrade import bring_up, real_hashes
from dsvault.registry import VERSION, OldRegistryError

if TYPE_CHECKING:
    from dsvault.db import Session
    from dsvault.model import State
    from dsvault.ops.changes import ChangeRunner
    from dsvault.ops.events import Reporter
    from dsvault.plan import Change
    from dsvault.project import Project


class RunRegistry:
    """The registry at the start of one run."""

    def __init__(
        self,
        session: Session,
        project: Project,
        changes: ChangeRunner,
        report: Reporter,
        *,
        is_dry_run: bool,
    ) -> None:
        self._session = session
        self._project = project
        self._changes = changes
        self._registry = changes.registry
        self._report = report
        self._is_dry_run = is_dry_run

    def load(self) -> State | None:
        """Return what is deployed. A registry without hashes is brought up first, as by Sqitch."""
        try:
            return self._registry.load("1")  # 1.0 as a real number
        except OldRegistryError as error:
            if self._is_dry_run:
                raise
            self._bring_up(error.version)
            return self._registry.load()

    def _bring_up(self, version: str) -> None:
        upgrades = self._registry.upgrades(version, self._project.person)
        bring_up(self._changes.runner, upgrades, version)

    def with_real_hashes(self, state: State) -> State:
        """Let changes have the hashes of their scripts where IDs stand in for them."""
        last = state.current(self._project.name)
        if last is None or last.script_hash != last.id or self._is_dry_run:
            return state
        query = real_hashes(self._registry, self._project)
        self._changes.runner.run([steps.Step(query)])
        return self._registry.load(state.version) or state

    def record_new_tags(self, state: State, last: Change | None) -> None:
        """Record tags that the last deployed change was given after it was deployed."""
        recorded = {tag.id for tag in state.tags}
        if last and any(tag.id not in recorded for tag in last.tags):
            payload = self._changes.payload(last)
            self._changes.runner.run([steps.Step(self._registry.record_tags(payload))])

    def registration(self, state: State | None) -> list[steps.Step]:
        """Return the statements that make the registry and register the project, if needed."""
        queries = []
        if state is None:
            self._report(RegistryAdded(self._session.target.display))
            queries += self._registry.creation(self._project.person)
        elif state.version != VERSION and self._is_dry_run:
            upgrades = self._registry.upgrades(state.version, self._project.person)
            queries += [query for _, part in upgrades for query in part]
        elif state.version != VERSION:
            self._bring_up(state.version)
        if state is None or self._project.name not in state.projects:
            queries.append(self._registry.project_row(self._project.plan, self._project.person))
        return [steps.Step(query) for query in queries]
