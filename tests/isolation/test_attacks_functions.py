"""Attacks through the vault's functions: each that a role may call, with whatever it may be given.

The functions are those of the catalog, so that a new one is tried too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg
import pytest
from tests.isolation.arena import TABLES, Arena, Attacker, assert_nothing_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CALLABLE = """
    SELECT p.oid::regproc::text, p.proargtypes::regtype[]::text[]
    FROM pg_proc AS p
    WHERE p.pronamespace = 'dsvault'::regnamespace AND p.prokind = 'f'
        AND has_function_privilege(%s, p.oid, 'EXECUTE')
    ORDER BY 1, 2"""
# Done, of the vault's own codes, of a constraint, too long, not allowed: nobody meets an accident.
MEANT = re.compile("$|DV|23|22001|42501")
TEXTS = ("dataset:read", "", "it's \\ \" $1 %s {}", "x" * 5000)


def functions_of(arena: Arena, role: str) -> list[tuple[str, list[str]]]:
    with arena.superuser() as conn:
        found = conn.execute(CALLABLE, [role]).fetchall()
    assert found
    return found


def calls(arena: Arena) -> Iterator[tuple[str, list[object]]]:
    """Yield each function with nothing, with each id of the other tenant, and with odd texts."""
    theirs = [value for value in vars(arena.theirs).values() if isinstance(value, UUID)]
    for name, types in functions_of(arena, "dsvault_app"):
        call = f"SELECT * FROM {name}({', '.join(f'%s::{one}' for one in types)})"
        yield call, [None] * len(types)
        given: dict[str, object] = {"uuid[]": theirs, "jsonb": '{"x": 1}', "text": "a.b"}
        for value in theirs if "uuid" in types else theirs[:1] if "uuid[]" in types else ():
            yield call, [(given | {"uuid": value}).get(one) for one in types]
        if types.count("uuid") > 1:  # their tenant, and one of its users
            yield call, [arena.theirs.id if one == "uuid" else given.get(one) for one in types]
        for text in TEXTS if "text" in types else ():
            given |= {"text": text, "uuid": arena.mine.dataset_id}
            yield call, [given.get(one) for one in types]


def came_of(session: Attacker, call: str, values: list[object]) -> tuple[str, list[object]]:
    """Call a function and undo it; return the SQLSTATE, empty if it was done, and all it showed."""
    try:
        with session.conn.transaction(force_rollback=True):
            return "", list(session.conn.execute(call.encode(), values).fetchall())
    except psycopg.Error as error:
        told = error.diag
        shown = (told.message_primary, told.message_detail, told.message_hint, told.context)
        return str(error.sqlstate), [shown]


@pytest.mark.parametrize("who", ["admin", "viewer", "stranger", "nobody"])
def test_no_function_gives_or_tells_anything_of_theirs(
    attacker: Attacker, arena: Arena, who: str
) -> None:
    mine, theirs = arena.mine, arena.theirs
    acting = {
        "admin": (mine.id, mine.admin_id),
        "viewer": (mine.id, mine.viewer_id),
        "stranger": (theirs.id, mine.admin_id),
        "nobody": ("", ""),
    }[who]
    for name, value in zip(("tenant", "user"), acting, strict=True):
        setting = [f"app.current_{name}_id", str(value)]
        attacker.rows("SELECT set_config(%s, %s, true)", setting)
    for call, values in calls(arena):
        code, shown = came_of(attacker, call, values)
        assert MEANT.match(code), (call, values, shown)
        said = [str(part) for one in values for part in (one if isinstance(one, list) else [one])]
        assert_nothing_of(theirs, shown, known=[*said, str(acting[0])])


def test_no_function_touches_a_row_of_theirs(mallory: Attacker, arena: Arena) -> None:
    """A row that the open transaction had changed, removed or locked could not be locked."""
    for call, values in calls(arena):
        if "dsvault.enter(" in call:
            continue
        try:
            with mallory.conn.transaction():
                mallory.conn.execute(call.encode(), values)
        except psycopg.Error:
            continue
    with arena.superuser() as conn, conn.transaction(force_rollback=True):
        for table in TABLES:
            tenant = "id" if table == "tenants" else "tenant_id"
            lock = f"SELECT FROM dsvault.{table} WHERE {tenant} = %s FOR UPDATE NOWAIT"
            assert conn.execute(lock.encode(), [arena.theirs.id]).rowcount > 0


@pytest.mark.parametrize("role", ["dsvault_reader", "dsvault_auditor"])
def test_who_only_reads_may_call_nothing_that_applications_may_not(arena: Arena, role: str) -> None:
    theirs, ours = (functions_of(arena, name) for name in (role, "dsvault_app"))
    assert [one for one in theirs if one not in ours] == []


def test_operators_who_name_nothing_are_told_so(
    arena: Arena, make_login: Callable[..., tuple[str, str]]
) -> None:
    with arena.connect(make_login("dsvault_operator")) as operator:
        for name, types in functions_of(arena, "dsvault_operator"):
            call = f"SELECT * FROM {name}({', '.join(f'%s::{one}' for one in types)})"
            code, shown = came_of(operator, call, [None] * len(types))
            assert MEANT.match(code), (call, shown)
