"""Compare a live database with what the plan makes, fact by fact.

drift(target: Target, project: Project, report: Reporter) -> DriftResult

At the end of the plan its seal states every fact. Where a database stands elsewhere in the plan,
the same changes are deployed to a temporary server, and its facts are the measure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from dsvault.db import Query, connect
from dsvault.dberrors import QueryError
from dsvault.drift.facts import EXTRA, compare
from dsvault.drift.makers import Script, maker
from dsvault.drift.remedies import Remedies
from dsvault.errors import DsvaultError
from dsvault.ops.deploy import DeployOptions, deploy
from dsvault.ops.registered import load_state
from dsvault.queries import load
from dsvault.registry import Registry
from dsvault.seal import seal_facts
from dsvault.server import temporary_server
from dsvault.target import parse_target
from dsvault.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dsvault.db import Session
    from dsvault.drift.facts import Difference
    from dsvault.drift.remedies import Remedy
    from dsvault.model import State
    from dsvault.plan import Change
    from dsvault.project import Project
    from dsvault.target import Target

KIT = "facts/everything"  # the change after which a database can state its facts
SEAL = "seal"
_OF_KIT = re.compile(r"dsvault_facts\.\w+\(.*\): body ")
_READING = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET LOCAL statement_timeout = '120s'",
    "SET LOCAL search_path = pg_catalog",
)


class NoDriftError(DsvaultError):
    """Nothing can be compared."""


class DriftError(DsvaultError):
    """The database is not what the plan made. result says where."""

    exit_code = 1

    def __init__(self, result: DriftResult) -> None:
        self.result = result
        count = counted(len(result.differences), "difference")
        super().__init__(f"{count} from {result.measure}")


@dataclass(frozen=True, slots=True)
class Found:
    """A difference, the change that made the thing, and what to do."""

    difference: Difference
    change: str | None
    path: str | None
    remedy: Remedy

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        thing = self.difference.thing
        return {
            "subject": thing.subject,
            "kind": thing.kind,
            "name": thing.name,
            "state": self.difference.state,
            "expected": list(self.difference.expected),
            "found": list(self.difference.found),
            "change": self.change,
            "script": self.path,
            "partitions": list(self.difference.partitions),
            "advice": self.remedy.advice,
            "statements": list(self.remedy.statements),
        }


@dataclass(frozen=True, slots=True)
class DriftResult:
    """What was compared with what, and where they differ."""

    target: str
    change: str
    measure: str
    compared: int
    differences: tuple[Found, ...]

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "target": self.target,
            "ok": not self.differences,
            "change": self.change,
            "measure": self.measure,
            "facts": self.compared,
            "differences": [found.as_json() for found in self.differences],
        }


class _Fact(NamedTuple):
    fact: str


class _Place(NamedTuple):
    fact: str
    partition: str


class _Facts(NamedTuple):
    """What a database says of itself, and of which partition by its name."""

    facts: list[str]
    places: Mapping[str, Sequence[str]]
    database: str


def drift(
    target: Target, project: Project, report: Callable[[str], object] = lambda _: None
) -> DriftResult:
    """Compare. report is told in a sentence what takes time.

    :raises DriftError: they differ.
    :raises NoDriftError: what is deployed is not of this plan, or not far enough to tell facts.
    :raises NoRegistryError: nothing was ever deployed.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    with connect(target, application_name="dsvault drift") as session:
        change = _deployed(project, load_state(Registry(session), target.display), target)
        there = _read(session)
    measure, expected = _expected(project, change, report)
    scripts, remedies = deploy_scripts(project, change), Remedies(expected, there.database)
    found = tuple(
        _found(difference, scripts, remedies)
        for difference in compare(expected, there.facts, there.places)
    )
    name = change.format_name_with_tags()
    result = DriftResult(target.display, name, measure, len(expected), found)
    if found:
        raise DriftError(result)
    return result


def _found(difference: Difference, scripts: Sequence[Script], remedies: Remedies) -> Found:
    script = None if difference.state == EXTRA else maker(difference, scripts)
    remedy = remedies.of(difference, script)
    return Found(
        difference, script.change if script else None, script.path if script else None, remedy
    )


def _deployed(project: Project, state: State, target: Target) -> Change:
    """Return the change of the plan at which a database stands.

    :raises NoDriftError: there is none, or it is before the verify kit.
    """
    current = state.current(project.name)
    change = project.plan.by_id(current.id) if current else None
    if change is None:
        raise NoDriftError(
            f"The last change deployed to {target.display} is not in the plan"
            if current
            else f"No change of {project.name} is deployed to {target.display}",
            hint="dsvault check tells what differs." if current else "Deploy it: dsvault deploy",
        )
    kit = next((item for item in project.plan.changes if item.name == KIT), None)
    place = project.plan.index_of(change.id)
    if kit is None or place is None or place < (project.plan.index_of(kit.id) or 0):
        raise NoDriftError(
            f"{target.display} cannot state its facts yet: it stands at {change.name}",
            detail=f"the change {KIT} makes the functions that do",
            hint="Deploy further, or use dsvault verify.",
        )
    return change


def _read(session: Session) -> _Facts:
    """Return the facts of a database, as its owner or a superuser sees them.

    :raises NoDriftError: the login is neither, or the verify kit is gone.
    """
    acting = () if session.is_superuser else ("SET LOCAL ROLE dsvault_owner",)
    try:
        session.run([Query(text) for text in (*_READING, *acting)])
        told = [row.fact for row in session.fetch(_Fact, load("everything"))]
        # The kit cannot vouch for itself.
        kit = [row.fact for row in session.fetch(_Fact, load("drift/kit"))]
        places = defaultdict(list)
        for row in session.fetch(_Place, load("drift/partitions")):
            places[row.fact].append(row.partition)
        facts = [fact for fact in told if not _OF_KIT.match(fact)] + kit
        return _Facts(facts, places, session.dbname)
    except QueryError as error:
        raise NoDriftError(
            "The database does not tell its facts",
            detail=error.error.message,
            hint="Use the login that deployed the plan, or a superuser. If the verify kit is gone, "
            "run deploy/facts/*.sql again.",
        ) from None
    finally:
        session.roll_back()


def _expected(
    project: Project, change: Change, report: Callable[[str], object]
) -> tuple[str, list[str]]:
    """Return what is the measure, in words, and its facts."""
    seal = project.path(change, "verify")
    if change.name == SEAL and change is project.plan.changes[-1]:
        return f"the seal {project.shown(seal)}", seal_facts(seal.read_text(encoding="utf-8"))
    report(f"Deploying the plan up to {change.name} to a temporary server, to compare with it")
    with temporary_server() as server:
        target = parse_target(server.url())
        options = DeployOptions(verify=False, to=change.id)
        deploy(target, project, options)
        with connect(target, application_name="dsvault drift") as session:
            return f"the plan up to {change.name}", _read(session).facts


def deploy_scripts(project: Project, change: Change) -> Sequence[Script]:
    """Return the deploy scripts of a plan up to a change."""
    scripts = []
    for planned in project.plan.changes:
        path = project.path(planned, "deploy")
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            scripts.append(Script(planned.name, project.shown(path), text))
        if planned is change:
            break
    return scripts
