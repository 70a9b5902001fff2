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

# A trigger function is read once for each table that it serves, with all transition tables that any
# of its triggers gives it: which of them there are depends on the event, and so does what it reads.
ROUTINES = """
SELECT DISTINCT p.oid::regprocedure::text, coalesce(t.tgrelid::regclass::text, ''),
    coalesce(max(t.tgoldtable::text) OVER f, ''), coalesce(max(t.tgnewtable::text) OVER f, '')
FROM pg_proc AS p
    JOIN pg_language AS l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
    LEFT JOIN pg_trigger AS t ON t.tgfoid = p.oid AND t.tgparentid = 0
WHERE p.pronamespace IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'dsvault%')
    AND (p.prorettype <> 'trigger'::regtype OR t.oid IS NOT NULL)
WINDOW f AS (PARTITION BY p.oid)
ORDER BY 1, 2
"""
CHECK = """
SELECT level, lineno, message, detail, hint
FROM plpgsql_check_function_tb(%s::regprocedure, relid => %s::regclass, oldtable => %s,
    newtable => %s, security_warnings => true, extra_warnings => false)
"""


# What is found and is as it should be: the routine, the words of the finding, and why.
ACCEPTED = {
    ("dsvault.soft_delete()", 'record "new" has no field "is_deleted"'): (
        "the trigger's argument tells whether there is such a column; datasets have none"
    ),
    ("dsvault.create_audit_log()", "text type variable is not sanitized"): (
        "the text is made by dsvault_private.changes_query, of quoted names and literals"
    ),
}


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
    found = [
        (routine, how[0], *line)
        for routine, *how in routines
        for line in findings(checking, routine, *how)
        if (routine, line[2]) not in ACCEPTED
    ]
    assert found == []


def test_a_planted_fault_is_found(checking: Connection) -> None:
    checking.execute(
        """CREATE FUNCTION dsvault.faulty(name text) RETURNS void LANGUAGE plpgsql
           AS $$ BEGIN EXECUTE 'SELECT ' || name; PERFORM nothing FROM dsvault.users; END $$"""
    )
    found = findings(checking, "dsvault.faulty(text)", "", "", "")
    assert len(found) >= 2
    assert any("injection" in str(line) for line in found)
