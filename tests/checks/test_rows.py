"""Checks that look into the vault's own tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.checks.conftest import BY_CODE, ask
from tests.schema.builders import Tenant, new_dataset, new_key, new_tenant, new_user, role_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.database import Database

    from dsvault.checks import Finding

PAST = datetime.now(UTC) - timedelta(days=100)


@pytest.fixture
def tenant(shared: psycopg.Connection) -> Tenant:
    return new_tenant(shared, "alpha")


def past_triggers(conn: psycopg.Connection, statement: str, *values: object) -> None:
    """Do what the vault's triggers refuse, as a restored backup or a superuser can."""
    conn.execute("SET LOCAL session_replication_role = replica")
    conn.execute(statement.encode(), values)
    conn.execute("SET LOCAL session_replication_role = origin")


def test_a_key_that_expired_and_still_encrypts_is_reported(
    shared: psycopg.Connection, tenant: Tenant, finds: Callable[..., list[Finding]]
) -> None:
    key = new_key(shared, tenant)
    new_dataset(shared, tenant, encryption_key_id=key)
    assert finds("C0090") == []
    past_triggers(
        shared, "UPDATE dsvault.encryption_keys SET expires_at = %s WHERE id = %s", PAST, key
    )
    [found] = finds("C0090")
    assert str(key) in found.object
    past_triggers(
        shared, "UPDATE dsvault.encryption_keys SET status = 'rotated' WHERE id = %s", key
    )
    assert finds("C0090") == []


def test_a_revoked_key_that_datasets_use_is_reported(
    shared: psycopg.Connection, tenant: Tenant, finds: Callable[..., list[Finding]]
) -> None:
    key = new_key(shared, tenant)
    past_triggers(
        shared, "UPDATE dsvault.encryption_keys SET status = 'revoked' WHERE id = %s", key
    )
    assert finds("C0090") == []
    past_triggers(
        shared,
        "INSERT INTO dsvault.datasets (tenant_id, name, owner_id, encryption_key_id)"
        " VALUES (%s, 'x', %s, %s)",
        tenant.id,
        tenant.admin,
        key,
    )
    [found] = finds("C0090")
    assert found.detail == "is revoked and serves 1 datasets"


def test_a_grant_that_expired_long_ago_is_reported_and_its_remedy_removes_it(
    shared: psycopg.Connection, tenant: Tenant, finds: Callable[..., list[Finding]]
) -> None:
    user = new_user(shared, tenant, "late", "viewer")
    assert finds("C0091") == []
    past_triggers(
        shared, "UPDATE dsvault.user_roles SET expires_at = %s WHERE user_id = %s", PAST, user
    )
    [found] = finds("C0091")
    assert finds("C0091", "SET LOCAL doctor.grant_days = 200") == []
    shared.execute("SET LOCAL doctor.grant_days = 30")
    assert finds("C0091", found.remedy) == []


def test_a_tenant_whose_last_administrator_is_gone_is_reported(
    shared: psycopg.Connection, tenant: Tenant, finds: Callable[..., list[Finding]]
) -> None:
    assert finds("C0092") == []
    past_triggers(shared, "UPDATE dsvault.users SET status = 'locked' WHERE id = %s", tenant.admin)
    [found] = finds("C0092")
    assert found.object == f"tenant {tenant.id}"


def test_a_system_role_that_is_not_as_its_template_is_reported_and_mended(
    shared: psycopg.Connection, tenant: Tenant, finds: Callable[..., list[Finding]]
) -> None:
    assert finds("C0093") == []
    past_triggers(
        shared,
        "UPDATE dsvault.roles SET permissions = '[]' WHERE tenant_id = %s AND id = %s",
        tenant.id,
        role_id(shared, tenant, "viewer"),
    )
    [found] = finds("C0093")
    assert found.detail == "differs from its template: viewer"
    assert finds("C0093", found.remedy) == []


def test_a_sum_that_does_not_say_what_versions_do_is_reported_and_counted_anew(
    shared: psycopg.Connection, tenant: Tenant, finds: Callable[..., list[Finding]]
) -> None:
    assert finds("C0094") == []
    past_triggers(
        shared,
        "INSERT INTO dsvault.tenant_usage VALUES (%s, 'published_bytes', 1000)",
        tenant.id,
    )
    [found] = finds("C0094")
    assert found.detail == "published_bytes is 1000, counted 0"
    assert finds("C0094", found.remedy) == []


def test_entries_that_nobody_sealed_for_a_day_are_reported_and_sealed(vault: Database) -> None:
    with vault.connect(superuser=True, autocommit=True) as conn:
        new_tenant(conn, "alpha")
        assert ask(conn, BY_CODE["C0096"]) == []
        conn.execute("SET doctor.seal_hours = 0")
        [found] = ask(conn, BY_CODE["C0096"])
        assert found.detail.startswith("12 entries since ")
        conn.execute(found.remedy.encode())
        assert ask(conn, BY_CODE["C0096"]) == []


def test_a_sealed_month_without_an_anchor_is_reported_and_anchored(vault: Database) -> None:
    with vault.connect(superuser=True, autocommit=True) as conn:
        new_tenant(conn, "alpha")
        assert ask(conn, BY_CODE["C0097"]) == []
        conn.execute("SELECT FROM dsvault.seal_audit()")
        assert ask(conn, BY_CODE["C0097"]) == []
        conn.execute("SET session_replication_role = replica")
        conn.execute("DELETE FROM dsvault_private.audit_anchors")
        [found] = ask(conn, BY_CODE["C0097"])
        assert found.detail == "it has sealed entries, and none of them is referred to"
        conn.execute(found.remedy.encode())
        assert ask(conn, BY_CODE["C0097"]) == []


def test_a_tenant_over_its_quota_is_reported(
    shared: psycopg.Connection, tenant: Tenant, finds: Callable[..., list[Finding]]
) -> None:
    past_triggers(
        shared,
        "INSERT INTO dsvault.tenant_usage VALUES (%s, 'published_bytes', 2048)",
        tenant.id,
    )
    assert finds("C0095") == []
    past_triggers(
        shared, "UPDATE dsvault.tenants SET storage_quota_bytes = 1024 WHERE id = %s", tenant.id
    )
    [found] = finds("C0095")
    assert found.detail == "uses 2048 bytes of 1024 bytes"
    assert finds("C0095", found.remedy) == []


def test_rows_in_a_default_partition_are_reported_until_they_are_gone(vault: Database) -> None:
    with vault.connect(superuser=True, autocommit=True) as conn:
        conn.execute("CREATE TABLE public.p (id integer) PARTITION BY LIST (id)")
        conn.execute("CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES IN (1)")
        conn.execute("CREATE TABLE public.rest PARTITION OF public.p DEFAULT")
        conn.execute("INSERT INTO public.p VALUES (1)")
        assert ask(conn, BY_CODE["C0057"]) == []
        with conn.transaction(force_rollback=True):
            conn.execute("INSERT INTO public.p VALUES (2)")
        [unsure] = ask(conn, BY_CODE["C0057"])
        assert unsure.level == "unseen"
        with conn.transaction():
            conn.execute("INSERT INTO public.p VALUES (2)")
            conn.execute("SELECT pg_stat_force_next_flush()")
        [found] = ask(conn, BY_CODE["C0057"])
        assert (found.level, found.object) == ("warning", "public.rest")
        conn.execute("TRUNCATE public.rest")
        assert ask(conn, BY_CODE["C0057"]) == []


@pytest.mark.parametrize("code", [code for code in BY_CODE if "C0090" <= code < "C0100"])
def test_whoever_cannot_see_all_rows_gets_an_error_and_not_an_empty_answer(
    shared_vault: Database, code: str
) -> None:
    with shared_vault.connect(options="-c row_security=off") as deployer:
        deployer.execute("SET ROLE dsvault_owner")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(deployer, BY_CODE[code])
