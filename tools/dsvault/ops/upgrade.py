"""Bring a registry that an older Sqitch made to the current version.

upgrade(target: Target, person: Person, report: Reporter = ignore) -> UpgradeResult
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.db import connect
from dsvault.ops.events import Told, ignore
from dsvault.ops.failures import StepError
from dsvault.ops.locking import LOCK_SECONDS, lock_for_writing
from dsvault.ops.registered import NoRegistryError
from dsvault.ops.running import Runner, transaction
from dsvault.ops.steps import Step
from dsvault.registry import VERSION, Registry
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.config import Person
    from dsvault.db import Query
    from dsvault.ops.events import Reporter
    from dsvault.project import Project
    from dsvault.target import Target


class UpgradeResult(Value):
    """The versions of the registry before and now."""

    target: str
    before: str
    now: str

    def as_json(self) -> dict[str, object]:
        """Return the result as one JSON object."""
        return {"target": self.target, "before": self.before, "now": self.now}


def upgrade(target: Target, person: Person, report: Reporter = ignore) -> UpgradeResult:
    """Bring the registry of a database to the current version, each step in one transaction.

    :raises NoRegistryError: there is no registry.
    :raises dsvault.registry.RegistryError: the registry is newer than what is known here.
    :raises StepError: the server refused a statement; the step it belongs to left no trace.
    """
    with connect(target, application_name="dsvault upgrade") as session:
        registry = Registry(session)
        before = registry.version()
        if before is None:
            raise NoRegistryError(f"No registry found in {target.display}. Have you ever deployed?")
        upgrades = registry.upgrades(before, person)
        if not upgrades:
            report(Told(f"Registry {target.display} is up-to-date at version {VERSION}"))
            return UpgradeResult(target.display, before, before)
        lock_for_writing(session, registry, LOCK_SECONDS, report)
        report(Told(f"Upgrading registry {target.display} to version {VERSION}"))
        bring_up(Runner(session, report), upgrades, before)
        return UpgradeResult(target.display, before, VERSION)


def bring_up(runner: Runner, upgrades: Sequence[tuple[str, Sequence[Query]]], before: str) -> None:
    """Run what brings a registry to the current version, each step in one transaction.

    :raises StepError: the server refused a statement; the step it belongs to left no trace.
    """
    runner.report(Told(f"Upgrading the Sqitch registry from {before} to {VERSION}"))
    for later, queries in upgrades:
        runner.report(Told(f"  * From {before} to {later}"))
        try:
            runner.run(transaction([Step(query) for query in queries]))
        except StepError:
            runner.clean()
            raise
        before = later


def real_hashes(registry: Registry, project: Project) -> Query:
    """Return the statement that gives deployed changes the hashes of their scripts.

    :raises dsvault.errors.DsvaultError: a script cannot be read.
    """
    hashes = {change.id: project.script_hash(change) for change in project.plan.changes}
    return registry.real_hashes(project.name, hashes)
