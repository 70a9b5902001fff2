"""Examples of rules: linted, and run on a real PostgreSQL as psql would."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg

from dsvault.lint.config import LintConfig
from dsvault.lint.project import Change, History, Script, read_paths
from dsvault.lint.run import lint_sequences
from dsvault.lint.statements import pieces

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dsvault.lint.findings import Finding
    from dsvault.lint.rule import Example, Rule

EVERYTHING = LintConfig(select=("all",))


def findings_of(
    example: Example, folder: Path, setup: str = "", config: LintConfig = EVERYTHING
) -> list[Finding]:
    """Lint an example: one script, after the setup as an earlier one; or a folder of files."""
    if isinstance(example, Mapping):
        write_files(example, folder)
        return lint_sequences(read_paths([folder]), config)
    example_script = Script(None, "example.sql", text=example.encode())
    if not setup:
        return lint_sequences([History("file", [Change("example", example_script)])], config)
    setup_script = Script(None, "setup.sql", text=setup.encode(), is_wanted=False)
    changes = [Change("setup", setup_script), Change("example", example_script)]
    return lint_sequences([History("folder", changes)], config)


def write_files(files: Mapping[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def scripts_in_order(example: Example) -> list[str]:
    """Return the texts that run: one script; or of a project deploy and verify, then reverts."""
    if isinstance(example, str):
        return [example]
    plan = example.get("sqitch.plan", "")
    names = [
        line.split()[0]
        for line in plan.splitlines()
        if line and line[0] not in "%#@" and line.strip()
    ]
    up = [
        example[path]
        for name in names
        for path in (f"deploy/{name}.sql", f"verify/{name}.sql")
        if path in example
    ]
    down = [example[path] for n in reversed(names) if (path := f"revert/{n}.sql") in example]
    return up + down


class Sandbox:
    """A database that is emptied after each example; one session serves them all."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session: psycopg.Connection | None = None

    @contextmanager
    def connect(self) -> Iterator[psycopg.Connection]:
        """Give the session of an empty database; roles made with it are dropped at the end."""
        if self._session is None or self._session.closed:
            self._session = psycopg.connect(self._url, autocommit=True)
            _empty(self._session)
        conn = self._session
        roles = _roles(conn)
        try:
            yield conn
        finally:
            conn.execute("ROLLBACK")
            conn.execute("RESET ALL")
            conn.execute("RESET ROLE")
            _empty(conn)
            for role in _roles(conn) - roles:
                conn.execute(f'DROP OWNED BY "{role}"'.encode())
                conn.execute(f'DROP ROLE "{role}"'.encode())

    def close(self) -> None:
        """End the session."""
        if self._session is not None:
            self._session.close()


def _roles(conn: psycopg.Connection) -> set[str]:
    return {row[0] for row in conn.execute("SELECT rolname FROM pg_roles").fetchall()}


def _empty(conn: psycopg.Connection) -> None:
    conn.execute("SET client_min_messages = error")
    names = conn.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> "
        "'information_schema'"
    ).fetchall()
    for (name,) in names:
        conn.execute(f'DROP SCHEMA "{name}" CASCADE'.encode())
    conn.execute("CREATE SCHEMA public")
    conn.execute("GRANT ALL ON SCHEMA public TO PUBLIC")


def run(conn: psycopg.Connection, text: str) -> str:
    """Run a script statement by statement as psql does; return the first error's SQLSTATE or ""."""
    try:
        for start, stop in pieces(text):
            if text[start:stop].strip(" \n;"):
                conn.execute(text[start:stop].encode())
    except psycopg.Error as error:
        conn.execute("ROLLBACK")
        return error.sqlstate or "?????"
    return ""


def files_of_tables(conn: psycopg.Connection) -> dict[str, int]:
    """Return the file of every table: it changes when the table is rewritten."""
    return dict(
        conn.execute(
            "SELECT relname, pg_relation_filenode(oid) FROM pg_class WHERE relkind = 'r' "
            "AND relnamespace = 'public'::regnamespace"
        ).fetchall()
    )


def locks_taken(conn: psycopg.Connection) -> set[str]:
    """Return the modes of the locks that this transaction holds on ordinary relations."""
    return {
        row[0]
        for row in conn.execute(
            "SELECT l.mode FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation "
            "WHERE l.pid = pg_backend_pid() AND c.relnamespace = 'public'::regnamespace"
        ).fetchall()
    }


def examples_of(rule: Rule) -> tuple[Example, Example]:
    return rule.bad, rule.good
