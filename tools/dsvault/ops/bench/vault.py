"""What benchmarks of the database share: a vault of their own, and a clock of its server's work."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from dsvault.db import Query, connect
from dsvault.ops.deploy import DeployOptions, deploy
from dsvault.paths import project_root
from dsvault.project import open_project
from dsvault.server import temporary_server
from dsvault.sqlscript import parse_script
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dsvault.bench import Work
    from dsvault.db import Session
    from dsvault.target import Target

_MICROSECONDS = 1_000_000.0  # in a second
_NANOSECONDS = 1000.0  # in a microsecond
_RUN_MICROSECONDS = 30_000.0
_WARM_UP = 8  # the server settles after five executions how it plans what is prepared


@dataclass(frozen=True, slots=True)
class BenchVault:
    """A vault on a temporary server, of which the benchmark is the superuser."""

    target: Target

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open a session of the superuser for a block."""
        with connect(self.target, application_name="dsvault bench") as session:
            yield session


@contextmanager
def bench_vault(work: Work) -> Iterator[BenchVault]:
    """Deploy the plan on a temporary server for a block.

    The server writes nothing through to the disk and has no autovacuum; see its profile.
    """
    with temporary_server(work.pg) as server:
        target = parse_target(server.url(), environ={})
        work.say("deploying the plan")
        deploy(target, open_project(folder=project_root()), DeployOptions(verify=False))
        yield BenchVault(target)


def bench_sql(name: str) -> str:
    """Return a file of sql/bench by its path without .sql."""
    return (project_root() / "sql" / "bench" / f"{name}.sql").read_text(encoding="utf-8")


def run_script(session: Session, name: str, **settings: object) -> None:
    """Run a script of sql/bench, statement by statement; settings are what it reads as bench.….

    :raises dsvault.dberrors.QueryError: the server refused a statement.
    """
    for key, value in settings.items():
        session.run(
            [Query("SELECT pg_catalog.set_config($1, $2, false)", (f"bench.{key}", str(value)))]
        )
    for statement in parse_script(f"sql/bench/{name}.sql", bench_sql(name)).statements:
        session.run([Query(statement.text)])


class ServerClock:
    """How much a session's server process has worked: its CPU time, by the kernel's own count.

    Where the kernel does not tell (no /proc/PID/schedstat), it is the time that passes here.
    """

    def __init__(self, session: Session) -> None:
        self._file = Path(f"/proc/{session.backend_pid}/schedstat")
        self._counts_cpu = self._file.is_file()

    @property
    def unit(self) -> str:
        """What costs are counted in: microseconds of either."""
        return "µs CPU" if self._counts_cpu else "µs"

    def contestant(self, function: Callable[[], object]) -> Callable[[], float]:
        """Make a contestant of a function: its cost is that of one call, the mean of many.

        How many is found now: so many that they take some hundredths of a second together.
        """
        times = 1
        if self._cost(function, 1) < _RUN_MICROSECONDS:
            self._cost(function, _WARM_UP)
            times = max(1, round(_RUN_MICROSECONDS / max(self._cost(function, _WARM_UP), 1.0)))
        return lambda: self._cost(function, times)

    def now(self) -> float:
        """Return what the process has worked so far, to be subtracted from a later answer."""
        return self._read()

    def _cost(self, function: Callable[[], object], times: int) -> float:
        begun = self._read()
        for _ in range(times):
            function()
        return (self._read() - begun) / times

    def _read(self) -> float:
        if not self._counts_cpu:
            return perf_counter() * _MICROSECONDS
        return int(self._file.read_text(encoding="ascii").split()[0]) / _NANOSECONDS
