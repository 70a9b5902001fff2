"""The plan's verify scripts, and what running one of them inside of an open transaction says."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import psycopg

from dsvault.paths import project_root
from dsvault.plan import read_plan

if TYPE_CHECKING:
    from collections.abc import Iterator


@cache
def changes() -> tuple[str, ...]:
    """Return the names of all planned changes, in order."""
    return tuple(change.name for change in read_plan(project_root() / "sqitch.plan").changes)


@cache
def script(kind: str, change: str) -> str:
    """Return a script's text without the BEGIN and the COMMIT or ROLLBACK around it."""
    text = (project_root() / kind / f"{change}.sql").read_text(encoding="utf-8")
    return re.sub(r"(?m)^(BEGIN|ROLLBACK|COMMIT);$", "", text)


def objection(conn: psycopg.Connection, change: str) -> psycopg.Error | None:
    """Run one verify script, take back what it did, and return its error or None."""
    conn.execute("SAVEPOINT verify")
    try:
        conn.execute(script("verify", change))
    except psycopg.Error as error:
        return error
    finally:
        conn.execute("ROLLBACK TO verify")
    return None


def tables(change: str) -> Iterator[str]:
    """Yield the name of every table that a deploy script creates, but partitions."""
    pattern = r"CREATE TABLE IF NOT EXISTS ([\w.]+) \("
    yield from re.findall(pattern, script("deploy", change))


def routines(change: str) -> Iterator[tuple[str, str]]:
    """Yield schema and name of every function and procedure that a deploy script creates."""
    pattern = r"CREATE OR REPLACE (?:FUNCTION|PROCEDURE) (\w+)\.(\w+)\("
    yield from dict.fromkeys(re.findall(pattern, script("deploy", change)))


def triggers(change: str) -> Iterator[tuple[str, str]]:
    """Yield name and table of every trigger that a deploy script creates."""
    yield from re.findall(
        r"CREATE OR REPLACE TRIGGER (\w+)\n[^;]*? ON (dsvault(?:_private)?\.\w+)",
        script("deploy", change),
    )
