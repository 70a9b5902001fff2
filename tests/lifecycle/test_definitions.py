"""Versions of a schema are counted, descend from one another, and keep their compatibility."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.schema.builders import insert
from tests.support.actors import as_tenant

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import Connection
    from tests.schema.builders import Tenant
    from tests.support.database import Database


def new_schema(conn: Connection, tenant: Tenant, name: str = "s", **columns: object) -> UUID:
    values = {"tenant_id": tenant.id, "name": name, "definition": "{}"}
    return insert(conn, "schemas", **values | {"created_by": tenant.admin} | columns)


def version_of(conn: Connection, schema: UUID) -> int:
    row = conn.execute("SELECT version FROM dsvault.schemas WHERE id = %s", [schema]).fetchone()
    assert row is not None
    return row[0]


def definition(required: list[str], **types: str) -> str:
    properties = {name: {"type": kind} for name, kind in types.items()}
    return json.dumps({"required": required, "properties": properties})


OLD = definition(["id"], id="integer", name="string")
OPTIONAL_MORE = definition(["id"], id="integer", name="string", age="integer")
REQUIRED_MORE = definition(["id", "age"], id="integer", age="integer")
REQUIRED_LESS = definition([], id="integer")
RETYPED = definition(["id"], id="string")


def test_the_number_of_a_version_is_assigned_within_its_name(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    numbers = [version_of(conn, new_schema(conn, alpha)) for _ in range(3)]
    assert numbers == [1, 2, 3]
    assert version_of(conn, new_schema(conn, alpha, "other")) == 1
    assert version_of(conn, new_schema(conn, beta)) == 1


def test_an_import_keeps_the_numbers_that_it_brings(conn: Connection, alpha: Tenant) -> None:
    assert version_of(conn, new_schema(conn, alpha, version=7)) == 7
    assert version_of(conn, new_schema(conn, alpha)) == 8


def test_two_sessions_that_add_to_one_name_wait_for_each_other(
    vault: Database, conn: Connection, alpha: Tenant
) -> None:
    conn.commit()
    new_schema(conn, alpha)
    with vault.connect(superuser=True) as other:
        other.execute("SET lock_timeout = '300ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            new_schema(other, alpha)
        other.rollback()
        conn.commit()
        assert version_of(other, new_schema(other, alpha)) == 2


def test_an_application_gets_the_next_number_without_reading_the_others(
    conn: Connection, alpha: Tenant
) -> None:
    new_schema(conn, alpha)
    with as_tenant(conn, alpha.id, alpha.admin):
        made = conn.execute(
            """INSERT INTO dsvault.schemas (name, definition, created_by)
               VALUES ('s', '{}', dsvault.current_user_id()) RETURNING version"""
        ).fetchone()
    assert made == (2,)


def test_a_parent_is_an_earlier_version_of_the_same_schema(conn: Connection, alpha: Tenant) -> None:
    first, other = new_schema(conn, alpha), new_schema(conn, alpha, "other")
    new_schema(conn, alpha, parent_schema_id=first)
    with pytest.raises(psycopg.Error, match="cannot descend") as refused, conn.transaction():
        new_schema(conn, alpha, parent_schema_id=other)
    assert refused.value.sqlstate == "DV704"
    later = new_schema(conn, alpha, status="draft")
    with pytest.raises(psycopg.Error, match="cannot descend"):
        new_schema(conn, alpha, version=0, parent_schema_id=later)


@pytest.mark.parametrize(
    ("mode", "new", "broken"),
    [
        ("backward", OPTIONAL_MORE, None),
        ("backward", REQUIRED_LESS, None),
        ("backward", REQUIRED_MORE, "age"),
        ("backward", RETYPED, "id"),
        ("forward", REQUIRED_MORE, None),
        ("forward", REQUIRED_LESS, "id"),
        ("forward", RETYPED, "id"),
        ("full", OPTIONAL_MORE, None),
        ("full", REQUIRED_MORE, "age"),
        ("full", REQUIRED_LESS, "id"),
        ("none", RETYPED, None),
    ],
)
def test_an_active_definition_is_as_compatible_as_it_says(
    conn: Connection, alpha: Tenant, mode: str, new: str, broken: str | None
) -> None:
    parent = new_schema(conn, alpha, definition=OLD)
    values = {"definition": new, "parent_schema_id": parent, "compatibility_mode": mode}
    if broken is None:
        assert version_of(conn, new_schema(conn, alpha, **values)) == 2
        return
    draft = new_schema(conn, alpha, status="draft", **values)
    with pytest.raises(psycopg.Error, match="not compatible with version 1") as refused:
        conn.execute("UPDATE dsvault.schemas SET status = 'active' WHERE id = %s", [draft])
    assert refused.value.sqlstate == "DV705"
    assert f": {broken}." in (refused.value.diag.message_detail or "")
