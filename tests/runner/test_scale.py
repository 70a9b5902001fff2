"""Two thousand changes cost four times what five hundred cost, in work that is counted."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.runner.toys import Toy, deployed, ours

from dsvault.config import find_layout
from dsvault.model import DeployedChange, State
from dsvault.ops.preflight import check_state, prepare
from dsvault.ops.revert import _deployed_since, check_requirements
from dsvault.ops.status import status
from dsvault.plan import parse_plan
from dsvault.plan.compare import compare, rows_of
from dsvault.project import Project, read_project
from dsvault.registry.store import Requirement
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

FEW, MANY = 500, 2000
LINEAR = 1.1 * MANY / FEW


def plan_text(count: int) -> str:
    """Return a plan in which each change requires the two before it, with a tag now and then."""
    lines = ["%project=big", ""]
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    for number in range(count):
        needs = " ".join(f"c{number - back}" for back in (1, 2) if number >= back)
        bracket = f" [{needs}]" if needs else ""
        when = f"{moment + timedelta(minutes=number):%Y-%m-%dT%H:%M:%SZ} Ada <ada@x.org>"
        lines.append(f"c{number}{bracket} {when} # Change {number}.")
        if number % 100 == 99:
            lines.append(f"@v{number} {when} # Tag.")
    return "\n".join([*lines, ""])


def work(act: Callable[[], object]) -> int:
    """Return how many lines of Python are executed, generators included."""
    count = 0

    def trace(frame: object, event: str, argument: object) -> Any:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        act()
    finally:
        sys.settrace(before)
    return count


def project(toy: Toy, count: int) -> Project:
    toy.write("sqitch.plan", plan_text(count))
    return read_project(*find_layout())


def state_of(of: Project) -> State:
    """Return the state of a database in which all of a plan is deployed."""
    changes = [
        DeployedChange(
            change.id,
            change.name,
            of.name,
            None,
            change.note,
            change.timestamp,
            "Ada",
            "ada@x.org",
            change.timestamp,
            "Ada",
            "ada@x.org",
            tuple(map(str, change.tags)),
        )
        for change in of.plan.changes
    ]
    return State("1.1", {of.name: None}, changes)


def test_reading_a_plan_is_linear() -> None:
    few, many = (plan_text(count).encode() for count in (FEW, MANY))
    assert work(lambda: parse_plan(many, "p")) < LINEAR * work(lambda: parse_plan(few, "p"))


def test_preparing_a_deployment_is_linear(toy: Toy) -> None:
    def prepared(count: int) -> int:
        of = project(toy, count)
        nothing = State("1.1", {})
        return work(lambda: prepare(of, nothing, of.plan.changes, frozenset()))

    assert prepared(MANY) < LINEAR * prepared(FEW)


def test_comparing_what_is_deployed_with_the_plan_is_linear(toy: Toy) -> None:
    def compared(count: int) -> int:
        of = project(toy, count)
        state = state_of(of)
        rows = rows_of(of.plan)
        return work(lambda: (check_state(of, state), compare(rows, rows)))

    assert compared(MANY) < LINEAR * compared(FEW)


def test_checking_what_a_revert_would_leave_is_linear(toy: Toy) -> None:
    class Needs:
        def __init__(self, of: Project) -> None:
            self.of = of

        def requirements(self) -> list[Requirement]:
            ids = {change.name: change.id for change in self.of.plan.changes}
            return [
                Requirement(change.id, ids[item.key])
                for change in self.of.plan.changes
                for item in change.requires
            ]

    def checked(count: int) -> int:
        of = project(toy, count)
        state = state_of(of)
        chosen = _deployed_since(state, of, None)
        registry: Any = Needs(of)
        return work(lambda: check_requirements(registry, state, of, chosen))

    assert checked(MANY) < LINEAR * checked(FEW)


def test_the_status_of_a_large_database_is_linear(
    toy: Toy, db: psycopg.Connection, uri: str
) -> None:
    target = parse_target(uri)

    def asked(number: int) -> int:
        of = project(toy, number)
        if number == FEW:
            assert ours("registry", "init").code == 0
        _record(db, of)
        return work(lambda: status(target, of))

    few = asked(FEW)
    assert asked(MANY) < LINEAR * few
    assert len(deployed(db)) == MANY
    assert ours("status").code == 0


ROWS_READ = (
    "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::int FROM"
    " pg_stat_all_tables WHERE schemaname = 'sqitch' AND relname IN ('changes', 'tags', 'events')"
)
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


def test_recording_a_change_reads_as_many_rows_whatever_is_deployed(
    toy: Toy, db: psycopg.Connection
) -> None:
    def read(*words: str) -> int:
        """Return how many rows of the registry the server reads for a deployment."""
        before = db.execute(ROWS_READ).fetchone()
        assert ours("deploy", "--log-only", *words).code == 0
        deadline = time.monotonic() + 60
        while db.execute(OTHERS).fetchone() != (0,):  # what a session did is known when it ended
            assert time.monotonic() < deadline
            time.sleep(0.01)
        after = db.execute(ROWS_READ).fetchone()
        assert before is not None
        assert after is not None
        return int(after[0] - before[0])

    for number in range(200):
        toy.planned(f"c{number}")
    few = read("--to", "c49")
    # Thrice as many changes, and the 50 that are there already are read once or twice.
    assert few <= read() <= 4 * few + 200


def _record(db: psycopg.Connection, of: Project) -> None:
    known = set(deployed(db))
    rows = [
        (change.id, change.name, of.name, change.index, change.note, change.timestamp)
        for change in of.plan.changes
        if change.name not in known
    ]
    with db.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO sqitch.changes (change_id, change, project, committed_at, note,"
            " planned_at, committer_name, committer_email, planner_name, planner_email)"
            " VALUES (%s, %s, %s, timestamptz '2024-01-01' + %s * interval '1 second', %s, %s,"
            " 'Ada', 'ada@x.org', 'Ada', 'ada@x.org')",
            rows,
        )


def test_status_and_log_start_without_the_parser_of_sql() -> None:
    """It takes longer to import than they take to answer."""
    for command in ("status", "log", "plan"):
        code = f"import sys, dsvault.cli.{command}; sys.exit('pglast' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
