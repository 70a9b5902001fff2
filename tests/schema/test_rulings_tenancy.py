"""Rulings 14 to 18 of sql/design/corrections.md: the tenant in each row, key, hash and setting."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors
from tests.schema.builders import (
    HASH,
    Tenant,
    insert,
    key_of,
    new_dataset,
    new_record,
    new_tenant,
    new_token,
    new_user,
    new_version,
    role_id,
)
from tests.support.actors import as_role, as_tenant
from tests.support.sealed import sealed

from dsvault.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg import Connection
    from tests.support.database import Database

ROOT = project_root()


# Ruling 14: the document's own statements, which do not know of tenant_id in these tables.


def test_a_row_belongs_to_the_tenant_of_the_session(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    user = new_user(conn, alpha, "one")
    dataset = new_dataset(conn, alpha)
    role = role_id(conn, alpha, "viewer")
    key = key_of(conn, alpha)
    with as_tenant(conn, alpha.id, alpha.admin):
        version = conn.execute(
            """INSERT INTO dsvault.dataset_versions (dataset_id, version_number, commit_id,
                   tree_hash, message, author_id, storage_path, manifest_hash)
               VALUES (%s, 1, %s, %s, 'First', %s, 's3://bucket', %s) RETURNING id""",
            [dataset, HASH, HASH, alpha.admin, HASH],
        ).fetchone()[0]
        conn.execute(
            """INSERT INTO dsvault.records (dataset_id, version_id, content_hash, encrypted_data)
               VALUES (%s, %s, %s, %s)""",
            [dataset, version, HASH, sealed(key)],
        )
        conn.execute(
            "INSERT INTO dsvault.user_roles (user_id, role_id, granted_by) VALUES (%s, %s, %s)",
            [user, role, alpha.admin],
        )
        conn.execute(
            """INSERT INTO dsvault.lineage_edges
                   (source_type, source_id, target_type, target_id, relationship)
               VALUES ('version', %s, 'dataset', %s, 'derived_from')""",
            [version, dataset],
        )
    for table in ("dataset_versions", "records", "lineage_edges"):
        owners = conn.execute(f"SELECT tenant_id FROM dsvault.{table}").fetchall()
        assert owners == [(alpha.id,)], table
    owners = conn.execute("SELECT tenant_id FROM dsvault.user_roles WHERE user_id = %s", [user])
    assert owners.fetchall() == [(alpha.id,)]


def test_a_row_of_no_tenant_is_refused(conn: Connection) -> None:
    with pytest.raises(errors.NotNullViolation, match='"tenant_id"'):
        conn.execute(
            """INSERT INTO dsvault.lineage_edges
                   (source_type, source_id, target_type, target_id, relationship)
               VALUES ('version', gen_random_uuid(), 'dataset', gen_random_uuid(), 'copied_from')"""
        )


def test_every_table_but_tenants_names_the_tenant_of_each_row(conn: Connection) -> None:
    without = conn.execute(
        """SELECT c.relname FROM pg_class AS c
           WHERE c.relnamespace = 'dsvault'::regnamespace AND c.relkind IN ('r', 'p')
               AND NOT EXISTS (
                   SELECT FROM pg_attribute AS a JOIN pg_attrdef AS d
                       ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                   WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnotnull
                       AND a.atttypid = 'uuid'::regtype
                       AND pg_get_expr(d.adbin, d.adrelid) = 'dsvault.current_tenant_id()')"""
    ).fetchall()
    assert without == [("tenants",)]


# Ruling 15


def test_a_dataset_cannot_have_an_owner_of_another_tenant(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    with pytest.raises(errors.ForeignKeyViolation, match="datasets_owner_fk"):
        new_dataset(conn, alpha, owner_id=beta.admin)


def test_a_dataset_cannot_follow_a_schema_of_another_tenant(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    schema = insert(
        conn, "schemas", tenant_id=beta.id, name="event", definition="{}", created_by=beta.admin
    )
    with pytest.raises(errors.ForeignKeyViolation, match="datasets_schema_fk"):
        new_dataset(conn, alpha, schema_id=schema)


def test_a_record_cannot_claim_another_dataset_than_its_version_s(
    conn: Connection, alpha: Tenant
) -> None:
    version = new_version(conn, alpha, new_dataset(conn, alpha, "one"))
    other = new_dataset(conn, alpha, "two")
    with pytest.raises(errors.ForeignKeyViolation, match="records_version_fk"):
        new_record(conn, alpha, other, version)


def test_a_reference_does_not_tell_what_other_tenants_have(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    said = []
    for owner in (beta.admin, uuid4()):
        with (
            as_tenant(conn, alpha.id, alpha.admin),
            pytest.raises(errors.ForeignKeyViolation) as refused,
            conn.transaction(),
        ):
            conn.execute(
                "INSERT INTO dsvault.datasets (name, owner_id) VALUES ('events', %s)", [owner]
            )
        said.append(str(refused.value).replace(str(owner), "…"))
    assert said[0] == said[1]


def test_a_deletion_changes_no_row_of_another_tenant(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    shared = uuid4()  # an id is unique within its tenant only
    for tenant in (alpha, beta):
        new_user(conn, tenant, "one", id=shared)
        insert(conn, "roles", tenant_id=tenant.id, name="own", created_by=shared)
    conn.execute("DELETE FROM dsvault.users WHERE tenant_id = %s AND id = %s", [beta.id, shared])
    makers = conn.execute(
        "SELECT tenant_id, created_by FROM dsvault.roles WHERE name = 'own'"
    ).fetchall()
    # Beta's role has lost its maker, not its tenant.
    assert set(makers) == {(alpha.id, shared), (beta.id, None)}


def test_every_reference_between_tables_of_tenants_begins_with_the_tenant(
    conn: Connection,
) -> None:
    references = conn.execute(
        """SELECT c.conname, a.attname, b.attname
             FROM pg_constraint AS c
             JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             JOIN pg_attribute AS b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
            WHERE c.contype = 'f' AND c.connamespace = 'dsvault'::regnamespace
                AND c.confrelid <> 'dsvault.tenants'::regclass"""
    ).fetchall()
    assert len(references) > 10
    assert {(own, other) for _, own, other in references} == {("tenant_id", "tenant_id")}


# Ruling 16


def test_every_unique_key_of_tenant_data_contains_the_tenant(conn: Connection) -> None:
    keys = conn.execute(
        """SELECT i.indexrelid::regclass::text, EXISTS (
                  SELECT FROM pg_attribute AS a WHERE a.attrelid = i.indrelid
                      AND a.attnum = ANY (i.indkey::int2[]) AND a.attname = 'tenant_id')
             FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
            WHERE i.indisunique AND c.relnamespace = 'dsvault'::regnamespace"""
    ).fetchall()
    assert len(keys) > 20
    assert {name for name, contains in keys if not contains} == {
        "dsvault.tenants_pkey",
        "dsvault.tenants_slug_unique",
    }


def test_on_conflict_does_not_tell_what_other_tenants_hold(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    written = []
    for tenant in (alpha, alpha, beta):
        key = key_of(conn, tenant)
        with as_tenant(conn, tenant.id, tenant.admin):
            written.append(
                conn.execute(
                    """INSERT INTO dsvault.tokens (token_hash, encrypted_value, pii_type)
                       VALUES (%s, %s, 'ssn') ON CONFLICT DO NOTHING""",
                    [HASH, sealed(key)],
                ).rowcount
            )
    assert written == [1, 0, 1], "the tenant's own is found, another's is not"


# Ruling 17


@pytest.mark.parametrize("value", ["", "078-05-1120", HASH.upper(), HASH[1:], HASH[:-1] + "g"])
def test_what_is_no_keyed_hash_is_refused(conn: Connection, alpha: Tenant, value: str) -> None:
    dataset = new_dataset(conn, alpha)
    version = new_version(conn, alpha, dataset)
    with pytest.raises(errors.CheckViolation, match="tokens_hash_format"), conn.transaction():
        new_token(conn, alpha, token_hash=value)
    with pytest.raises(errors.CheckViolation, match="records_content_hash_format"):
        new_record(conn, alpha, dataset, version, content_hash=value)


def test_the_columns_say_that_the_hash_is_keyed(conn: Connection) -> None:
    comments = conn.execute(
        """SELECT col_description(attrelid, attnum) FROM pg_attribute
           WHERE attrelid IN ('dsvault.tokens'::regclass, 'dsvault.records'::regclass)
               AND attname IN ('token_hash', 'content_hash')"""
    ).fetchall()
    assert len(comments) == 2
    assert all("HMAC-SHA-256" in comment and "tenant's key" in comment for (comment,) in comments)


# Ruling 18


@pytest.fixture
def application(vault: Database, make_login: Callable[..., tuple[str, str]]) -> str:
    """The URI of a login of an application."""
    return vault.url_as(*make_login("dsvault_app"))


def test_after_a_commit_a_session_is_nobody_and_its_queries_do_not_fail(
    vault: Database, application: str
) -> None:
    with vault.connect(superuser=True) as conn:
        tenant = new_tenant(conn, "alpha")
        new_dataset(conn, tenant)
        conn.commit()
    with psycopg.connect(application, autocommit=True) as conn:
        with conn.transaction():
            conn.execute(f"SET LOCAL app.current_tenant_id = '{tenant.id}'")
            conn.execute(f"SET LOCAL app.current_user_id = '{tenant.admin}'")
            seen = conn.execute("SELECT count(*) FROM dsvault.datasets").fetchone()
        left = conn.execute("SELECT current_setting('app.current_tenant_id')").fetchone()
        after = conn.execute("SELECT count(*) FROM dsvault.datasets").fetchone()
    assert (seen, left, after) == ((1,), ("",), (0,))


@pytest.mark.parametrize("setting", ["", "nobody", "00000000-0000-0000-0000-00000000000g"])
def test_a_setting_that_names_no_tenant_shows_nothing_and_does_not_fail(
    conn: Connection, alpha: Tenant, setting: str
) -> None:
    new_dataset(conn, alpha)
    settings = {"app__current_tenant_id": setting, "app__current_user_id": setting}
    with as_role(conn, "dsvault_app", **settings):
        assert conn.execute("SELECT count(*) FROM dsvault.datasets").fetchone() == (0,)


def asked_per_row(conn: Connection, tenant: Tenant, table: str) -> list[str]:
    """Return the lines of a plan in which a row is judged by asking the session again."""
    with as_tenant(conn, tenant.id, tenant.admin):
        plan = conn.execute(
            f"EXPLAIN (VERBOSE, COSTS OFF) SELECT 1 FROM dsvault.{table}"
        ).fetchall()
    judged = [line for (line,) in plan if line.strip().startswith(("Filter:", "Index Cond:"))]
    return [line for line in judged if "current_" in line or "tenant_for" in line]


def test_the_session_is_asked_once_per_statement_and_not_per_row(
    conn: Connection, alpha: Tenant
) -> None:
    tables = conn.execute(
        """SELECT relname FROM pg_class
           WHERE relnamespace = 'dsvault'::regnamespace AND relrowsecurity AND NOT relispartition
               AND relkind IN ('r', 'p') AND has_table_privilege('dsvault_app', oid, 'SELECT')"""
    ).fetchall()
    assert len(tables) >= 12
    assert [table for (table,) in tables if asked_per_row(conn, alpha, table)] == []


def test_a_policy_that_asks_per_row_is_found(conn: Connection, alpha: Tenant) -> None:
    conn.execute(
        """ALTER POLICY tokens_app_select ON dsvault.tokens
           USING (tenant_id = dsvault.tenant_for('token:read'))"""
    )
    assert asked_per_row(conn, alpha, "tokens") != []
