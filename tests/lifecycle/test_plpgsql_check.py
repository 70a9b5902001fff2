"""plpgsql_check, an extension that reads function bodies more strictly than the server does.

Debian's postgresql-15-plpgsql-check has it for PostgreSQL 15. Where the server has not, the test is
skipped and says so; with DSVAULT_REQUIRE_PLPGSQL_CHECK=1, which CI sets for 15, that is a failure.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from psycopg import Connection

# A trigger function is read once for each kind of trigger that calls it.
ROUTINES = """
SELECT p.oid::regprocedure::text, coalesce(t.tgrelid::regclass::text, ''),
    coalesce(t.tgoldtable::text, ''), coalesce(t.tgnewtable::text, '')
FROM pg_proc AS p
    JOIN pg_language AS l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
    LEFT JOIN pg_trigger AS t ON t.tgfoid = p.oid AND t.tgparentid = 0
WHERE p.pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'dsvault%')
    AND (p.prorettype <> 'trigger'::regtype OR t.oid IS NOT NULL)
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
"""
CHECK = """
SELECT level, lineno, message, detail, hint
FROM plpgsql_check_function_tb(%s::regprocedure, relid => %s::regclass, oldtable => %s,
    newtable => %s, security_warnings => true, extra_warnings => false)
"""


@pytest.fixture
def checking(conn: Connection) -> Connection:
    """A superuser's connection to a vault in which plpgsql_check is installed."""
    name = "plpgsql_check"
    there = conn.execute("SELECT FROM pg_available_extensions WHERE name = %s", [name]).fetchone()
    if there is None:
        if os.environ.get("DSVAULT_REQUIRE_PLPGSQL_CHECK"):
            pytest.fail(f"{name} is required and this server does not have it")
        pytest.skip(f"this server does not have {name}")
    conn.execute("CREATE EXTENSION plpgsql_check")
    return conn


def findings(conn: Connection, routine: str, *how: str) -> list[tuple[object, ...]]:
    relation, old, new = how
    values = [routine, relation or "0", old or None, new or None]
    return conn.execute(CHECK, values).fetchall()


def test_nothing_is_found_in_any_function(checking: Connection) -> None:
    routines = checking.execute(ROUTINES).fetchall()
    assert len(routines) > 50
    found = {
        (routine, *how): lines
        for routine, *how in routines
        if (lines := findings(checking, routine, *how))
    }
    assert found == {}


def test_a_planted_fault_is_found(checking: Connection) -> None:
    checking.execute(
        """CREATE FUNCTION dsvault.faulty(name text) RETURNS void LANGUAGE plpgsql
           AS $$ BEGIN EXECUTE 'SELECT ' || name; PERFORM nothing FROM dsvault.users; END $$"""
    )
    found = findings(checking, "dsvault.faulty(text)", "", "", "")
    assert len(found) >= 2
    assert any("injection" in str(line) for line in found)
