"""Little Sqitch projects that a test writes, and ways to run ours and the real tool on them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner
from tests.support.programs import Ran

from dsvault.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg

PLANNER = "Grace Hopper <grace@example.org>"
COMMITTER = {"SQITCH_FULLNAME": "Ada Lovelace", "SQITCH_EMAIL": "ada@example.org"}


@dataclass
class Toy:
    """A project that grows change by change. Unless told otherwise, a change makes a table."""

    folder: Path
    name: str = "toy"
    uri: str | None = None
    lines: list[str] = field(default_factory=list)
    clock: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.write("sqitch.conf", "[core]\n\tengine = pg\n")
        self._write_plan()

    def change(
        self,
        name: str,
        deploy: str | None = None,
        revert: str | None = None,
        verify: str | None = None,
        *,
        needs: str = "",
        note: str = "",
    ) -> Toy:
        """Plan a change and write its scripts."""
        table = f'"{name}"'
        bracket = f" [{needs}]" if needs else ""
        self._plan(f"{name}{bracket}", note)
        self.script("deploy", name, deploy or f"BEGIN;\nCREATE TABLE {table} (a int);\nCOMMIT;\n")
        self.script("revert", name, revert or f"BEGIN;\nDROP TABLE {table};\nCOMMIT;\n")
        self.script(
            "verify", name, verify or f"BEGIN;\nSELECT a FROM {table} WHERE false;\nROLLBACK;\n"
        )
        return self

    def planned(self, name: str, *, needs: str = "", note: str = "") -> Toy:
        """Plan a change without writing scripts."""
        self._plan(f"{name} [{needs}]" if needs else name, note)
        return self

    def tag(self, name: str) -> Toy:
        """Tag the last change."""
        self._plan(f"@{name}", f"Tag {name}.")
        return self

    def script(self, kind: str, name: str, text: str) -> Toy:
        """Write or replace a script."""
        self.write(f"{kind}/{name}.sql", text)
        return self

    def write(self, path: str, text: str) -> Path:
        """Write a file of the project."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def _plan(self, what: str, note: str) -> None:
        self.clock += 1
        moment = f"2024-05-06T07:{self.clock // 60:02}:{self.clock % 60:02}Z"
        self.lines.append(f"{what} {moment} {PLANNER}{f' # {note}' if note else ''}")
        self._write_plan()

    def _write_plan(self) -> None:
        uri = [f"%uri={self.uri}"] if self.uri else []
        head = ["%syntax-version=1.0.0", f"%project={self.name}", *uri, ""]
        self.write("sqitch.plan", "\n".join([*head, *self.lines, ""]))


def ours(*words: str, **options: Any) -> Ran:
    """Run the toolkit in this process, in the working folder."""
    done = CliRunner().invoke(cli, [str(word) for word in words], prog_name="dsvault", **options)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Ran(done.exit_code, done.stdout, done.stderr)


def sqitch_uri(uri: str) -> str:
    """Return one of our URIs as Sqitch takes it."""
    return f"db:{uri}"


def tables(conn: psycopg.Connection) -> set[str]:
    """Return the names of all tables outside of the registry and the catalogs."""
    rows = conn.execute(
        "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE relkind = 'r' AND nspname = 'public'"
    )
    return {name for (name,) in rows}


def deployed(conn: psycopg.Connection, registry: str = "sqitch") -> list[str]:
    """Return the names of deployed changes in the order of their deployment."""
    rows = conn.execute(f'SELECT change FROM "{registry}".changes ORDER BY committed_at')
    return [name for (name,) in rows]


def events(conn: psycopg.Connection) -> list[str]:
    """Return the history as words like "deploy t1", the first event first."""
    rows = conn.execute("SELECT event, change FROM sqitch.events ORDER BY committed_at")
    return [f"{event} {change}" for event, change in rows]


def environment() -> dict[str, str]:
    """Return the variables of a child process that shall work as this one."""
    return dict(os.environ)
