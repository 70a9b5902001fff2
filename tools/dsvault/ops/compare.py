"""Compare the plan with what a database has, with another plan file, or with a git revision.

compare_plan(project: Project, what: str, config: Config) -> PlanCompared
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.db import connect
from dsvault.errors import DsvaultError
from dsvault.ops.targets import resolve_target, wanted_target
from dsvault.plan import parse_plan, read_plan
from dsvault.plan.compare import PlanComparison, Row, compare, rows_of
from dsvault.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.config import Config
    from dsvault.model import DeployedChange, State
    from dsvault.plan import Plan
    from dsvault.target import Target


@dataclass(frozen=True, slots=True)
class PlanCompared:
    """A plan and what it was compared with. is_deployed says that this is a database."""

    plan_file: str
    what: str
    is_deployed: bool
    found: PlanComparison

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "plan": self.plan_file,
            "compared_with": self.what,
            "common": self.found.common,
            "last_common": self.found.last_common,
            "diverged": self.found.has_diverged,
            "differences": [item.as_json() for item in self.found.differences],
            "pending": list(self.found.pending),
            "ahead": list(self.found.ahead),
        }

    def lines(self) -> Iterator[str]:
        """Yield it for people."""
        found = self.found
        there = "deployed" if self.is_deployed else "there"
        yield f"Comparing {self.plan_file} with {self.what}"
        up_to = f', the last of them "{found.last_common}"' if found.last_common else ""
        yield f"  the same: {found.common}{up_to}"
        for item in found.differences:
            place = f"{self.plan_file}:{item.line}" if item.line else self.what
            yield f'  {place}: "{item.name}" {item.kind}: {item.what}'
            yield f"    do: {item.do}"
        if found.pending:
            yield f"  not {there}: {', '.join(found.pending)}"
        if found.ahead:
            yield f"  {there} and not in this plan: {', '.join(found.ahead)}"
        if found.has_diverged and self.is_deployed:
            to = f"--to {found.last_common}" if found.last_common else "--all"
            yield f"    or: dsvault revert {to}, then dsvault deploy: what was kept there is lost"


def compare_plan(plan: Plan, what: str | None, config: Config, registry: str) -> PlanCompared:
    """Compare a plan with a database (URI or name), a plan file, or a revision such as `main`.

    None is the database that other commands work on.

    :raises DsvaultError: what names none of these, or it cannot be read.
    """
    place = str(plan.path)
    if what is None or _is_database(what, config):
        target = resolve_target(wanted_target(what, config), config, registry)
        found = _with_database(plan, target)
        return PlanCompared(place, target.display, is_deployed=True, found=found)
    path = Path(what)
    other = read_plan(path) if path.is_file() else _plan_of_revision(plan.path, what)
    found = compare(rows_of(plan), rows_of(other))
    return PlanCompared(place, what, is_deployed=False, found=found)


def _is_database(what: str, config: Config) -> bool:
    is_uri = ":/" in what or what.startswith("db:")
    return is_uri or config.get(f"target.{what}.uri") is not None


def _with_database(plan: Plan, target: Target) -> PlanComparison:
    with connect(target, application_name="dsvault plan") as session:
        registry = Registry(session)
        state = registry.load()
        return compare(rows_of(plan), deployed_rows(registry, state, plan.project))


def deployed_rows(registry: Registry, state: State | None, project: str) -> list[Row]:
    """Return a project's deployed changes as their lines in the plan were."""
    if state is None:
        return []
    dependencies = registry.dependency_texts()
    return [_row(change, dependencies.get(change.id, [])) for change in state.changes_of(project)]


def _row(change: DeployedChange, dependencies: list[tuple[str, str]]) -> Row:
    texts = {
        kind: tuple(text for found, text in dependencies if found == kind)
        for kind in ("require", "conflict")
    }
    return Row(
        change.id,
        change.name,
        texts["require"],
        texts["conflict"],
        f"{change.planner_name} <{change.planner_email}>",
        f"{change.planned_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        change.note,
    )


def _plan_of_revision(path: Path, revision: str) -> Plan:
    """Return the plan as it was in a revision; `main:other.plan` names another file in it."""
    top = path.resolve().parent
    spec = revision if ":" in revision else f"{revision}:./{path.name}"
    try:
        done = subprocess.run(
            ["git", "-C", str(top), "show", "--end-of-options", spec],
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise DsvaultError(f"git cannot be run: {error.strerror}") from None
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise DsvaultError(
            f"{revision} is no database, no plan file and no revision with {path.name}",
            detail=words[0] if words else None,
            hint="Name a URI or a target of sqitch.conf, a file, or a git revision.",
        )
    return parse_plan(done.stdout, f"{path.name} of {revision}")
