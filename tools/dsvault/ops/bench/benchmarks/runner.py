"""How quickly plans are deployed, verified and reverted, against Sqitch and psql."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from dsvault.bench import Benchmark, BenchmarkError, Bound, Comparison, Task, Work, compare
from dsvault.db import Query, connect
from dsvault.ops.bench.delay import delayed
from dsvault.ops.bench.plan import write_project
from dsvault.paths import project_root
from dsvault.project import open_project
from dsvault.server import temporary_server
from dsvault.server.binaries import find_binaries
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dsvault.server import EmbeddedServer

_EXPLAINS = """\
Each task is one command as a user types it, start of the program included; what changes a database
gets one of its own, copied anew for each run:
  dsvault   this toolkit; deploy and verify with every verify script
  sqitch    real Sqitch, if it is installed, with the psql that it finds
  psql      the bare scripts fed to one psql, as a floor: nothing is checked, nothing recorded; it
            is the server's own program, not the wrapper by which Debian finds it
Where there is a floor, the starts are measured too: ours is a deploy or revert that has nothing to
do, for verify a status; psql gets no input. All connect; "without start" is what is left beside.
A cost is the time that passes. The plans are a made one, the project's own, and a long one that is
only recorded; the last task goes over a wire with a longer round trip."""
_OURS, _SQITCH, _PSQL = "dsvault", "sqitch", "psql"
_TASKS = ("deploy", "verify", "status", "revert")
_COMMANDS = {
    "deploy": ["deploy", "--verify"],
    "record": ["deploy", "--log-only"],
    "revert": ["revert", "-y"],
    "no deploy": ["deploy"],
    "no revert": ["revert", "-y", "--to", "@HEAD"],
    "no verify": ["status"],
}
# How many times longer Sqitch should take, at least; and psql not less than half of our time.
_FASTER = {"deploy": 8, "verify": 6, "revert": 6, "status": 3}
_FASTER_FAR = 5
_FLOOR = Bound(least=0.5)
_START = ", start"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class _Place:
    """The server, and how to reach it: directly, or by a port that leads to it."""

    server: EmbeddedServer
    bin_dir: Path
    port: int | None = None

    def uri(self, database: str) -> str:
        uri = self.server.url(database)
        if self.port is None:
            return uri
        parts = urlsplit(uri)
        query = dict(parse_qsl(parts.query)) | {"host": "127.0.0.1", "port": str(self.port)}
        return urlunsplit(parts._replace(query=urlencode(query)))

    def admin(self, *statements: str) -> None:
        target = parse_target(self.server.url("postgres"), environ={})
        with connect(target, application_name="dsvault bench") as session:
            for statement in statements:
                session.run([Query(statement)])


class _Runs:
    """The commands that are compared, on one plan."""

    def __init__(
        self, place: _Place, folder: Path, names: Sequence[str], *, is_recorded_only: bool = False
    ) -> None:
        self._place = place
        self._folder = folder
        self.names = names
        self._template = f"bench_{next(_numbers)}"
        self._copy = f"{self._template}_copy"
        place.admin(f"CREATE DATABASE {self._template}")
        self._run(_OURS, "record" if is_recorded_only else "deploy", self._template)

    def task(self, action: str, label: str, bounds: Mapping[str, Bound]) -> Task:
        """Return one task of all contestants."""
        has_floor = _PSQL in self.names and action != "status"
        names = [name for name in self.names if name != _PSQL or has_floor]
        contestants = {name: self._contestant(name, action) for name in names}
        if has_floor and _PSQL in bounds:
            contestants |= {name + _START: self._start(name, action) for name in (_OURS, _PSQL)}
        kept = {name: bound for name, bound in bounds.items() if name in names}
        return Task(f"{label}: {action}", "ms", contestants, kept)

    def _start(self, name: str, action: str) -> Callable[[], float]:
        return lambda: self._run(name, f"no {action}", self._template)

    def _contestant(self, name: str, action: str) -> Callable[[], float]:
        def once() -> float:
            if action in ("verify", "status"):
                # They change nothing; and a copy would lack what is granted on the database.
                return self._run(name, action, self._template)
            origin = "template1" if action == "deploy" else self._template
            self._place.admin(
                f"DROP DATABASE IF EXISTS {self._copy}",
                f"CREATE DATABASE {self._copy} TEMPLATE {origin} STRATEGY FILE_COPY",
            )
            return self._run(name, action, self._copy)

        return once

    def _run(self, name: str, action: str, database: str) -> float:
        words, text = self._words(name, action, self._place.uri(database))
        begun = perf_counter()
        done = subprocess.run(
            words,
            cwd=self._folder,
            env=self._environment(),
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        cost = (perf_counter() - begun) * 1000
        if done.returncode:
            raise BenchmarkError(f"{name} {action} failed", detail=done.stderr[-2000:])
        return cost

    def _words(self, name: str, action: str, uri: str) -> tuple[list[str], str | None]:
        command = _COMMANDS.get(action, [action])
        if name == _OURS:
            everything = ["--all"] if action == "revert" else []
            words = [sys.executable, "-m", "dsvault", *command, *everything]
            return [*words, "--target", uri], None
        if name == _SQITCH:
            return ["sqitch", *command, f"db:{uri}"], None
        psql = [str(self._place.bin_dir / "psql"), "-qXAt", "-v", "ON_ERROR_STOP=1", uri]
        return psql, self._scripts(action)

    def _scripts(self, action: str) -> str:
        project = open_project(folder=self._folder)
        layout = project.layout
        every = {
            "deploy": (layout.deploy_dir, layout.verify_dir),
            "verify": (layout.verify_dir,),
            "revert": (layout.revert_dir,),
        }
        folders = every.get(action, ())
        changes = project.plan.changes[:: -1 if action == "revert" else 1]
        files = [
            folder / f"{change.name}.{layout.extension}" for change in changes for folder in folders
        ]
        return "\n".join(file.read_text(encoding="utf-8") for file in files)

    def _environment(self) -> dict[str, str]:
        nowhere = str(self._folder / "none")
        own = {
            "SQITCH_FULLNAME": "Ada Lovelace",
            "SQITCH_EMAIL": "ada@example.org",
            "SQITCH_USER_CONFIG": nowhere,
            "SQITCH_SYSTEM_CONFIG": nowhere,
            "LC_ALL": "C.UTF-8",
        }
        targets = ("DSVAULT_TARGET", "DATABASE_URL", "SQITCH_TARGET")
        # Without compiled modules Python would compile itself anew each time, as nobody's does.
        of_python = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
        left_out = {*targets, *of_python}
        return {key: value for key, value in os.environ.items() if key not in left_out} | own


def _run(work: Work) -> Sequence[Comparison]:
    names = [_OURS, _SQITCH, _PSQL]
    if shutil.which("sqitch") is None:
        work.say("sqitch is not installed and left out")
        names.remove(_SQITCH)
    bin_dir = find_binaries(work.pg).bin_dir
    with temporary_server(work.pg) as server, tempfile.TemporaryDirectory() as folder:
        near = _Place(server, bin_dir)
        made = Path(folder)
        write_project(made, work.size["changes"])
        label = f"{work.size['changes']} changes"
        bounds = {task: {_SQITCH: Bound(least=_FASTER[task]), _PSQL: _FLOOR} for task in _TASKS}
        found = list(_compared(work, _Runs(near, made, names), label, bounds))
        if work.size["plans"] > 1:
            found += _compared(work, _Runs(near, project_root(), names), "own plan", bounds)
        found.append(_long(work, near, names))
        with _far(near, work.size["milliseconds"]) as far:
            label += f", {work.size['milliseconds']} ms away"
            slower = {"deploy": {_SQITCH: Bound(least=_FASTER_FAR)}}
            found += _compared(work, _Runs(far, made, names), label, slower, ("deploy",))
    return found


def _compared(
    work: Work,
    runs: _Runs,
    label: str,
    bounds: Mapping[str, Mapping[str, Bound]],
    actions: Sequence[str] = _TASKS,
) -> Iterator[Comparison]:
    for action in actions:
        work.say(f"{label}: {action}")
        whole = compare(runs.task(action, label, bounds.get(action, {})), work.rounds)
        yield whole
        if _PSQL + _START in whole.costs:
            yield _without_start(whole)


def _without_start(whole: Comparison) -> Comparison:
    """Return what is left of the costs of us and of the floor beside their starts."""
    costs = {
        name: [
            max(cost - start, 0.1)
            for cost, start in zip(whole.costs[name], whole.costs[name + _START], strict=True)
        ]
        for name in (_OURS, _PSQL)
    }
    return Comparison(f"{whole.task}, without start", whole.unit, costs, {_PSQL: _FLOOR})


def _long(work: Work, place: _Place, names: Sequence[str]) -> Comparison:
    """Return what status costs where a plan is long."""
    with tempfile.TemporaryDirectory() as folder:
        write_project(Path(folder), work.size["long"])
        runs = _Runs(place, Path(folder), names, is_recorded_only=True)
        label = f"{work.size['long']:,} changes"
        work.say(f"{label}: status")
        bounds = {_SQITCH: Bound(least=_FASTER["status"])}
        return compare(runs.task("status", label, bounds), work.rounds)


@contextmanager
def _far(place: _Place, round_trip_ms: int) -> Iterator[_Place]:
    query = parse_qs(urlsplit(place.server.url("postgres")).query)
    number = query.get("port", ["5432"])[0]
    with delayed(Path(query["host"][0]) / f".s.PGSQL.{number}", round_trip_ms) as port:
        yield _Place(place.server, place.bin_dir, port)


BENCHMARK = Benchmark(
    explains=_EXPLAINS,
    sizes={
        "full": {"changes": 30, "plans": 2, "long": 2000, "milliseconds": 20},
        "small": {"changes": 3, "plans": 1, "long": 20, "milliseconds": 2},
    },
    rounds=5,
    run=_run,
)
