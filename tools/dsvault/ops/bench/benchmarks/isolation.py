"""What isolation costs: reads below row security against the same reads without it."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from dsvault.bench import Benchmark, Bound, Comparison, Task, Work, compare, joined
from dsvault.db import Query
from dsvault.ops.bench.vault import ServerClock, bench_sql, bench_vault, run_script
from dsvault.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dsvault.db import Session
    from dsvault.ops.bench.vault import BenchVault

_EXPLAINS = """\
Each task is a file of sql/queries, prepared once and executed over and over in one transaction:
  without RLS    as a role with BYPASSRLS, the tenant written into the query
  tenant alone   below a policy that compares the tenant with a setting and asks nothing else: the
                 least that row security can cost; it neither knows a user nor bears a bad setting
  through RLS    as dsvault_app, after dsvault.enter(), permission included
  as designed    below the policies that the design document means: has_permission for every row
A cost is the CPU time of the server's process for one execution; no parallel workers, no JIT.
The same in one statement is the dataset by key in a loop of the server's: no message is waited for.
A whole transaction is BEGIN, dsvault.enter() where there is RLS, the dataset by key, COMMIT.
Rounds are divided among sittings, each with server processes of its own."""
_BARE, _LEAST, _OURS, _INTENDED = "without RLS", "tenant alone", "through RLS", "as designed"
_ROLES = {
    _BARE: "dsvault_bench_bare",
    _LEAST: "dsvault_bench_tenant",
    _OURS: "dsvault_app",
    _INTENDED: "dsvault_bench_intended",
}
_AGAIN = {
    _BARE: "SELECT dsvault_bench.read_again($1, $2, $3)",
    _OURS: "SELECT dsvault_bench.read_again($1, $2)",
}
_TIMES = 100  # in one statement
# A server process keeps for life what luck its memory has; a sitting has new ones.
_SITTINGS = 5
# The document's policies take up to seconds and leave the caches cold, so they compete apart from
# the others; a few rounds tell costs that are so far away.
_FEW = 5
_POINT = Bound(most=1.5)
_MANY = Bound(most=1.05)


@dataclass(frozen=True, slots=True)
class _Sample:
    """What the queries ask for."""

    tenant_id: str
    user_id: str
    dataset_id: str
    version_id: str
    record_id: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A query of sql/queries, its parameters by name, and the bound of its ratio."""

    about: str
    query: str
    parameters: tuple[str, ...] = ()
    bound: Bound | None = None

    def text(self, contestant: str) -> str:
        """Return the query; without row security it names the tenant, as its last parameter."""
        if contestant == _BARE:
            return bench_sql(f"isolation/bare/{self.query}")
        return (project_root() / "sql" / "queries" / f"{self.query}.sql").read_text("utf-8")


_BY_KEY = _Read("dataset by key", "dataset_by_id", ("dataset_id",), _POINT)
_READS = (
    _BY_KEY,
    _Read("record by key", "record_by_id", ("dataset_id", "record_id"), _POINT),
    _Read("newest datasets", "datasets_page", ("infinity",)),
    _Read("list of datasets", "datasets_of_tenant", (), _MANY),
    _Read("count of datasets", "datasets_count", (), _MANY),
    _Read("count of records", "records_count", (), _MANY),
    _Read("records of a version", "records_of_version", ("dataset_id", "version_id"), _MANY),
    _Read("join, one dataset", "dataset_with_records", ("dataset_id",), _MANY),
    _Read("join, all datasets", "records_per_dataset", (), _MANY),
)


def _run(work: Work) -> Sequence[Comparison]:
    with bench_vault(work) as vault:
        work.say("filling the vault")
        with vault.session() as maker:
            run_script(maker, "isolation/seed", **work.size)
            run_script(maker, "isolation/actors")
            [row] = maker.run([Query(bench_sql("isolation/sample"))])[0]
        sample = _Sample(*map(str, row))
        found = []
        for number, rounds in enumerate(_sittings(work.rounds), start=1):
            work.say(f"sitting {number}")
            with _seated(vault, sample, (_BARE, _LEAST, _OURS)) as (bare, least, ours):
                tasks = [_task(read, [bare, least, ours]) for read in _READS]
                tasks += [_again([bare, ours]), _transaction([bare, ours])]
                found.append([compare(task, rounds) for task in tasks])
        work.say("as designed")
        with _seated(vault, sample, (_BARE, _INTENDED)) as actors:
            few = min(work.rounds, _FEW)
            designed = [compare(_task(read, actors), few) for read in _READS]
        return [*map(joined, zip(*found, strict=True)), *designed]


def _sittings(rounds: int) -> list[int]:
    """Return how many rounds each sitting has, as many in all as are given."""
    number = min(rounds, _SITTINGS)
    return [rounds // number + (place < rounds % number) for place in range(number)]


@contextmanager
def _seated(vault: BenchVault, sample: _Sample, names: Iterable[str]) -> Iterator[list[_Actor]]:
    """Give each contestant a session of its own for a block."""
    with ExitStack() as stack:
        yield [_Actor(name, stack.enter_context(vault.session()), sample) for name in names]


class _Actor:
    """A contestant's session, in a transaction on behalf of the sample's user."""

    def __init__(self, name: str, session: Session, sample: _Sample) -> None:
        self.name = name
        self.clock = ServerClock(session)
        self._session = session
        self._sample = sample
        for statement in ("SET max_parallel_workers_per_gather = 0", "SET jit = off"):
            session.run([Query(statement)])
        session.run([Query("SELECT pg_catalog.set_config('role', $1, false)", (_ROLES[name],))])
        session.prepare("begin", "BEGIN")
        session.prepare("commit", "COMMIT")
        session.prepare("enter", "SELECT dsvault.enter($1, $2)")
        session.prepare("tenant", "SELECT set_config('app.current_tenant_id', $1, true)")
        session.prepare("user", "SELECT set_config('app.current_user_id', $1, true)")
        self._begin()

    def _begin(self) -> None:
        self._session.execute("begin")
        who = (self._sample.tenant_id, self._sample.user_id)
        if self.name == _OURS:
            self._session.execute("enter", *who)
        elif self.name != _BARE:
            self._session.execute("tenant", who[0])
            self._session.execute("user", who[1])

    def prepare(self, read: _Read) -> int:
        """Prepare a query and return how many rows it gives."""
        self._session.prepare(read.query, read.text(self.name))
        return self.read(read)

    def read(self, read: _Read) -> int:
        """Execute a query that is prepared; return how many rows it gives."""
        values = [getattr(self._sample, name, name) for name in read.parameters]
        if self.name == _BARE:
            values.append(self._sample.tenant_id)
        return self._session.execute(read.query, *values)

    def again(self) -> Callable[[], float]:
        """Return what reads a dataset many times in one statement; its cost is that of one."""
        self._session.prepare("again", _AGAIN[self.name])
        values = [self._sample.dataset_id, str(_TIMES)]
        if self.name == _BARE:
            values.insert(1, self._sample.tenant_id)
        cost = self.clock.contestant(lambda: self._session.execute("again", *values))
        return lambda: cost() / _TIMES

    def transaction(self) -> None:
        """End the transaction, and begin and read once in another."""
        self._session.execute("commit")
        self._begin()
        self.read(_BY_KEY)


def _task(read: _Read, actors: Sequence[_Actor]) -> Task:
    rows = {actor.prepare(read) for actor in actors}
    assert len(rows) == 1, (read.query, rows)  # noqa: S101 - else it compares what is not the same
    names = [actor.name for actor in actors]
    return Task(
        f"{read.about}, {rows.pop():,} rows",
        actors[0].clock.unit,
        {actor.name: actor.clock.contestant(partial(actor.read, read)) for actor in actors},
        {_OURS: read.bound} if read.bound and _OURS in names else {},
    )


def _again(actors: Sequence[_Actor]) -> Task:
    unit = actors[0].clock.unit
    return Task("the same in one statement", unit, {actor.name: actor.again() for actor in actors})


def _transaction(actors: Sequence[_Actor]) -> Task:
    return Task(
        "a whole transaction",
        actors[0].clock.unit,
        {actor.name: actor.clock.contestant(actor.transaction) for actor in actors},
    )


BENCHMARK = Benchmark(
    explains=_EXPLAINS,
    sizes={
        "full": {"tenants": 200, "datasets": 200_000, "records": 2_000_000},
        "small": {"tenants": 4, "datasets": 200, "records": 2_000},
    },
    rounds=50,
    run=_run,
)
