"""What the audit trail costs: statements with its triggers, without, and with the design's own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from dsvault.bench import Benchmark, Bound, Comparison, Task, Work, compare
from dsvault.db import Query
from dsvault.ops.bench.vault import ServerClock, bench_sql, bench_vault, run_script

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dsvault.db import Session

_EXPLAINS = """\
Each task is a statement on datasets, as dsvault_app after dsvault.enter(), in a transaction that is
rolled back:
  no trigger    without any audit trigger
  audited       as the plan makes it
  as designed   with the design document's own row trigger
A cost is the CPU time of the server's process for one statement. The last task is the Merkle tree
hash of many entries against as many calls of sha256() as a tree takes, and nothing else."""
_NONE, _OURS, _DESIGNED = "no trigger", "audited", "as designed"
_TRIGGERS = ("audit_datasets", "audit_datasets_update")
_MANY = Bound(most=1.6)
_ONE = Bound(most=2.3)
_TREE = Bound(most=1.8)
_REPEATS = 300  # of a statement that changes one row

# A leaf and a node for each entry; both depend on i, or the planner computes the second only once.
_BARE_CALLS = """\
SELECT count(sha256('\\x00'::bytea || int8send(i))),
    count(sha256('\\x01'::bytea || '%s'::bytea || int8send(i)))
FROM generate_series(1, $1::bigint) AS i""" % ("x" * 56)
_ROOT = """\
SELECT dsvault.merkle_root(ARRAY(SELECT int8send(i) FROM generate_series(1, $1::bigint) AS i))"""


def _run(work: Work) -> Sequence[Comparison]:
    with bench_vault(work) as vault, vault.session() as session:
        work.say("making a tenant")
        run_script(session, "audit/designed")
        writer = _Writer(session, work.size["rows"])
        found = []
        for words in ("insert", "update"):
            for rows, bound in ((work.size["rows"], _MANY), (1, _ONE)):
                work.say(f"{words}, {rows:,} rows")
                found.append(compare(writer.task(words, rows, bound), work.rounds))
        work.say("a tree")
        return [*found, compare(_tree(session, work.size["leaves"]), work.rounds)]


class _Writer:
    """A session that writes datasets of one tenant, with this trigger or that."""

    def __init__(self, session: Session, rows: int) -> None:
        self._session = session
        self._rows = rows
        self._clock = ServerClock(session)
        create = "SELECT * FROM dsvault.create_tenant('bench', 'B', 'a@bench.example', 'A')"
        [row] = session.run([Query(create)])[0]
        self._who = (str(row[0]), str(row[1]))
        for name in ("insert", "update"):
            session.prepare(name, bench_sql(f"audit/{name}"))
        session.prepare("enter", "SELECT dsvault.enter($1, $2)")

    def task(self, words: str, rows: int, bound: Bound) -> Task:
        """Return a task of all contestants."""
        names = (_NONE, _OURS, _DESIGNED)
        return Task(
            f"{words}, {rows:,} rows",
            self._clock.unit,
            {name: partial(self._cost, name, words, rows) for name in names},
            {_OURS: bound},
        )

    def _cost(self, contestant: str, words: str, rows: int) -> float:
        times = _REPEATS if rows == 1 else 1
        self._begin(contestant)
        if words == "update":
            self._session.execute("insert", str(self._rows), "before", self._who[1])
        begun = self._clock.now()
        for number in range(times):
            self._session.execute(words, str(rows), str(number), self._who[1])
        cost = (self._clock.now() - begun) / times
        self._session.run([Query("ROLLBACK")])
        # What was rolled back would lie in the way of the next one.
        self._session.run([Query("VACUUM dsvault.datasets, dsvault.audit_logs")])
        return cost

    def _begin(self, contestant: str) -> None:
        say = ["BEGIN"]
        if contestant != _OURS:
            say += [f"ALTER TABLE dsvault.datasets DISABLE TRIGGER {name}" for name in _TRIGGERS]
        if contestant == _DESIGNED:
            say.append("ALTER TABLE dsvault.datasets ENABLE TRIGGER audit_designed")
        say.append("SET LOCAL ROLE dsvault_app")
        self._session.run([Query(text) for text in say])
        self._session.execute("enter", *self._who)


def _tree(session: Session, leaves: int) -> Task:
    clock = ServerClock(session)
    session.prepare("bare", _BARE_CALLS)
    session.prepare("root", _ROOT)
    session.run([Query("SET max_parallel_workers_per_gather = 0")])

    def cost(name: str) -> Callable[[], float]:
        def once() -> float:
            begun = clock.now()
            session.execute(name, str(leaves))
            return clock.now() - begun

        return once

    return Task(
        f"a tree, {leaves:,} entries",
        clock.unit,
        {"sha256 calls": cost("bare"), "merkle_root": cost("root")},
        {"merkle_root": _TREE},
    )


BENCHMARK = Benchmark(
    explains=_EXPLAINS,
    sizes={
        "full": {"rows": 10_000, "leaves": 1_000_000},
        "small": {"rows": 60, "leaves": 1_000},
    },
    rounds=9,
    run=_run,
)
