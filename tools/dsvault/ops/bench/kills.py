"""Kill deployments and reverts at random moments, and see whether database and registry agree.

The plan makes a table in each change, and builds an index outside of a transaction in one. After
each kill every table must be there exactly if its change is recorded; so must the index, unless an
intent says that it is unfinished. Then the same tool goes on.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.db import Query, connect
from dsvault.dberrors import ConnectError, LostConnectionError, QueryError
from dsvault.errors import DsvaultError
from dsvault.queries import load
from dsvault.server import ServerError
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dsvault.server import EmbeddedServer
    from dsvault.target import Target

VICTIMS = ("the tool", "its session", "the server")
_TABLES = 8
_INDEX = "t0_a"  # the change that no transaction can hold; it stands in the middle
_DATABASE = "kills"
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: who was killed, during what, and what was at odds after it, if anything."""

    victim: str
    action: str
    deployed: int
    fault: str | None


@dataclass(frozen=True, slots=True)
class _Named:
    name: str


class Killing:
    """Kills runs of one tool, `dsvault` or `sqitch`, on a server of its own."""

    def __init__(self, server: EmbeddedServer, folder: Path, tool: str, seed: int) -> None:
        self._server = server
        self._folder = folder
        self._tool = tool
        self._dice = random.Random(seed)  # noqa: S311 - no secret
        self.names = write_project(folder)
        self._is_unfinished = False
        self._renew()

    def kill(self, victims: Sequence[str] = VICTIMS) -> Kill:
        """Start a run, kill one of the victims at a random moment, and look at what is left.

        :raises DsvaultError: after that the tool cannot go on.
        """
        before = self._deployed()
        action = "revert" if len(before) > len(self.names) - 3 else "deploy"
        victim = self._dice.choice(list(victims))
        process = subprocess.Popen(
            self._words(action),
            cwd=self._folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        with process:
            self._wait(process, len(self.names) if action == "deploy" else len(before))
            self._strike(victim, process)
            process.communicate()
        self._wait_until_alone()
        deployed = self._deployed()
        fault = self._fault(deployed)
        self._go_on(fault)
        return Kill(victim, action, len(deployed), fault)

    def finish(self) -> None:
        """Deploy all that is left, as after the last kill.

        :raises DsvaultError: the tool cannot.
        """
        self._run("deploy")

    def _wait(self, process: subprocess.Popen[bytes], changes: int) -> None:
        """Wait for a random moment of a run: before it says anything, or at some change of it."""
        after = self._dice.randint(0, max(1, changes))
        left = after
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        while left > 0 and (word := process.stdout.read(4)):
            left -= word.count(b" ..") + word.count(b".. ")
        time.sleep(self._dice.random() * (0.03 if after else 0.6))

    def _strike(self, victim: str, process: subprocess.Popen[bytes]) -> None:
        if victim == "the tool":
            process.kill()
        elif victim == "its session":
            with suppress(DsvaultError):
                self._kill_session()
        else:
            self._kill_server()

    def _kill_session(self) -> None:
        """Kill a server process of the tool's; the server then ends all others and recovers."""
        with connect(self._target("postgres"), application_name="kills") as session:
            rows = session.run([Query(load("kills/sessions"), (_DATABASE,))])[0]
        pids = [int(pid) for (pid,) in rows if pid]
        if pids:
            with suppress(ProcessLookupError):
                os.kill(self._dice.choice(pids), signal.SIGKILL)

    def _kill_server(self) -> None:
        pid = self._server.status().pid
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _wait_until_alone(self) -> None:
        """Start the server again if need be, and wait until it has noticed that all are gone."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                self._server.start()
                with connect(self._target("postgres"), application_name="kills") as session:
                    text = load("kills/sessions")
                    if not session.run([Query(text, (_DATABASE,))])[0]:
                        return
            except (ConnectError, LostConnectionError, QueryError, ServerError):
                if time.monotonic() > deadline:
                    raise
            if time.monotonic() > deadline:
                raise DsvaultError("A session outlives its client")
            time.sleep(0.02)

    def _deployed(self) -> list[str]:
        with connect(self._target(_DATABASE), application_name="kills") as session:
            [[(has_registry,)]] = session.run([Query("SELECT to_regclass('sqitch.changes')")])
            if has_registry is None:
                return []
            return [row.name for row in session.fetch(_Named, load("kills/recorded"))]

    def _fault(self, deployed: Sequence[str]) -> str | None:
        with connect(self._target(_DATABASE), application_name="kills") as session:
            made = {row.name for row in session.fetch(_Named, load("kills/made"))}
            [[(intents,)]] = session.run([Query("SELECT to_regclass('dsvault_runner.intents')")])
        self._is_unfinished = intents is not None
        unfinished = {_INDEX} if intents else set()
        odd = sorted((made ^ set(deployed)) - unfinished)
        if odd:
            return f"made: {sorted(made)}, recorded: {deployed}"
        if list(deployed) != self.names[: len(deployed)]:
            return f"recorded in another order: {deployed}"
        return None

    def _go_on(self, fault: str | None) -> None:
        """Prepare the next run: finish what is unfinished; begin anew where that is past help."""
        if fault is not None:
            self._renew()
        elif self._is_unfinished:
            self._run("repair")

    def _renew(self) -> None:
        with connect(self._target("postgres"), application_name="kills") as session:
            session.run([Query(f"DROP DATABASE IF EXISTS {_DATABASE}")])
            session.run([Query(f"CREATE DATABASE {_DATABASE}")])

    def _run(self, action: str) -> None:
        done = subprocess.run(
            self._words(action),
            cwd=self._folder,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise DsvaultError(f"{self._tool} {action} failed after a kill", detail=done.stderr)

    def _words(self, action: str) -> list[str]:
        uri = self._server.url(_DATABASE)
        if self._tool == "sqitch":
            options = {"revert": ["-y"], "deploy": ["--verify"]}.get(action, [])
            client = ["--client", str(self._server.bin_dir / "psql")]
            return ["sqitch", action, *client, *options, f"db:{uri}"]
        options = {"revert": ["--all", "-y"], "deploy": ["--verify"]}.get(action, [])
        return [sys.executable, "-m", "dsvault", action, *options, "--target", uri]

    def _environment(self) -> dict[str, str]:
        nowhere = str(self._folder / "none")
        own = {
            "SQITCH_FULLNAME": "Ada Lovelace",
            "SQITCH_EMAIL": "ada@example.org",
            "SQITCH_USER_CONFIG": nowhere,
            "SQITCH_SYSTEM_CONFIG": nowhere,
            "LC_ALL": "C.UTF-8",
        }
        return dict(os.environ) | own

    def _target(self, database: str) -> Target:
        return parse_target(self._server.url(database), environ={})


def write_project(folder: Path) -> list[str]:
    """Write the plan and its scripts; return the names of its changes in order."""
    names = [f"t{number}" for number in range(_TABLES)]
    names.insert(_TABLES // 2, _INDEX)
    lines = ["%syntax-version=1.0.0", "%project=kills", ""]
    for number, name in enumerate(names):
        lines.append(f"{name} 2024-01-01T00:00:{number:02}Z Ada Lovelace <ada@example.org>")
        scripts = _INDEX_SCRIPTS if name == _INDEX else _TABLE_SCRIPTS
        for kind, text in scripts.items():
            path = folder / kind / f"{name}.sql"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text.replace("NAME", name), encoding="utf-8")
    (folder / "sqitch.conf").write_text("[core]\n\tengine = pg\n", encoding="utf-8")
    (folder / "sqitch.plan").write_text("\n".join([*lines, ""]), encoding="utf-8")
    return names


_TABLE_SCRIPTS = {
    "deploy": "BEGIN;\nCREATE TABLE NAME (a int);\nSELECT pg_sleep(0.01);\nCOMMIT;\n",
    "revert": "BEGIN;\nDROP TABLE NAME;\nSELECT pg_sleep(0.01);\nCOMMIT;\n",
    "verify": "BEGIN;\nSELECT a FROM NAME WHERE false;\nROLLBACK;\n",
}
_INDEX_SCRIPTS = {
    "deploy": "SELECT pg_sleep(0.01);\nCREATE INDEX CONCURRENTLY NAME ON t0 (a);\n",
    "revert": "SELECT pg_sleep(0.01);\nDROP INDEX CONCURRENTLY NAME;\n",
    "verify": "BEGIN;\nSELECT 1 / count(*) FROM pg_index\n"
    " WHERE indexrelid = 'NAME'::regclass AND indisvalid;\nROLLBACK;\n",
}
