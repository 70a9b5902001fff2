"""Rulings 1 to 8 of sql/design/corrections.md: what the document would not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from psycopg import errors
from tests.schema.builders import (
    Tenant,
    new_dataset,
    new_user,
)
from tests.support.actors import as_role

from dsvault.paths import project_root
from dsvault.plan import read_plan

if TYPE_CHECKING:
    from psycopg import Connection
    from tests.support.database import Database

ROOT = project_root()


# Ruling 1


def test_any_number_of_users_may_do_without_single_sign_on(conn: Connection, alpha: Tenant) -> None:
    new_user(conn, alpha, "one")
    new_user(conn, alpha, "two")
    without = conn.execute("SELECT count(*) FROM dsvault.users WHERE external_id IS NULL")
    assert without.fetchone() == (3,)


def test_an_external_id_names_one_user_of_a_tenant(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    new_user(conn, alpha, "one", external_id="sso|1")
    new_user(conn, beta, "one", external_id="sso|1")
    with pytest.raises(errors.UniqueViolation, match="users_external_id_unique"):
        new_user(conn, alpha, "two", external_id="sso|1")


# Ruling 2


def test_the_name_of_a_deleted_dataset_is_free_again(conn: Connection, alpha: Tenant) -> None:
    first = new_dataset(conn, alpha, "events")
    conn.execute("UPDATE dsvault.datasets SET deleted_at = now() WHERE id = %s", [first])
    second = new_dataset(conn, alpha, "events")
    assert first != second


def test_two_living_datasets_of_a_tenant_cannot_share_a_name(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    new_dataset(conn, alpha, "events")
    new_dataset(conn, beta, "events")
    with pytest.raises(errors.UniqueViolation, match="datasets_name_unique"):
        new_dataset(conn, alpha, "events")


# Ruling 3


def test_one_index_serves_all_tokens_that_expire_whatever_the_time_is(conn: Connection) -> None:
    indexes = conn.execute(
        """SELECT c.relname, pg_get_expr(i.indpred, i.indrelid)
             FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
            WHERE i.indrelid = 'dsvault.tokens'::regclass
                AND pg_get_indexdef(i.indexrelid) LIKE '%expires_at%'"""
    ).fetchall()
    assert indexes == [("idx_tokens_expires", "(expires_at IS NOT NULL)")]


# Ruling 4


def test_has_permission_is_planned_before_every_policy_that_asks_it() -> None:
    plan = read_plan(ROOT / "sqitch.plan")
    needs = {change.name: {str(other) for other in change.requires} for change in plan.changes}
    policies = [
        name
        for name in needs
        if name.startswith("policies/")
        and "dsvault.tenant_for(" in (ROOT / "deploy" / f"{name}.sql").read_text(encoding="utf-8")
    ]
    assert len(policies) >= 12
    for policy in policies:
        required, found = needs[policy], set()
        while required:
            found |= required
            required = {other for name in required for other in needs[name]} - found
        assert "functions/has_permission" in found, policy


# Ruling 5


def test_no_table_has_two_constraints_that_say_the_same(conn: Connection) -> None:
    twice = """SELECT conrelid::regclass::text, array_agg(conname ORDER BY conname)
                 FROM pg_constraint
                WHERE connamespace = 'dsvault'::regnamespace AND conrelid <> 0
                GROUP BY conrelid, pg_get_constraintdef(oid) HAVING count(*) > 1"""
    assert conn.execute(twice).fetchall() == []
    conn.execute(
        """ALTER TABLE dsvault.users ADD FOREIGN KEY (tenant_id)
               REFERENCES dsvault.tenants (id) ON DELETE CASCADE"""
    )
    assert conn.execute(twice).fetchall() == [
        ("dsvault.users", ["users_tenant_fk", "users_tenant_id_fkey"])
    ]


# Ruling 6


def audit(conn: Connection, tenant: Tenant, moment: str) -> str:
    """Write an audit row of a moment, and return the partition that took it."""
    return conn.execute(
        f"""INSERT INTO dsvault.audit_logs (tenant_id, action, resource_type, created_at)
            VALUES (%s, 'dataset.create', 'dataset', {moment})
            RETURNING tableoid::regclass::text""",
        [tenant.id],
    ).fetchone()[0]


@pytest.mark.parametrize("ahead", range(4))
def test_an_audit_row_of_today_or_of_the_next_three_months_has_its_month(
    conn: Connection, alpha: Tenant, ahead: int
) -> None:
    conn.execute("SET TIME ZONE 'UTC'")
    moment = f"date_trunc('month', now()) + interval '{ahead} months'"
    month = conn.execute(f"SELECT to_char({moment}, 'YYYY_MM')").fetchone()[0]
    assert audit(conn, alpha, moment) == f"dsvault.audit_logs_{month}"


@pytest.mark.parametrize("moment", ["'2025-02-01'", "now() + interval '4 months'"])
def test_an_audit_row_that_no_month_covers_is_kept(
    conn: Connection, alpha: Tenant, moment: str
) -> None:
    assert audit(conn, alpha, moment) == "dsvault.audit_logs_default"


def test_maintenance_makes_the_months_to_come(conn: Connection, alpha: Tenant) -> None:
    with as_role(conn, "dsvault_operator"):
        made = [
            conn.execute("SELECT dsvault.ensure_audit_partitions(%s)", [months]).fetchone()[0]
            for months in (3, 6, 6)
        ]
    assert made == [0, 3, 0]
    assert audit(conn, alpha, "now() + interval '5 months'") != "dsvault.audit_logs_default"


def test_the_function_of_the_document_makes_the_next_month(vault: Database) -> None:
    with vault.connect(superuser=True) as conn:
        name = conn.execute(
            """SELECT 'audit_logs_' || to_char(
                   date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month', 'YYYY_MM')"""
        ).fetchone()[0]
        conn.execute(f"DROP TABLE dsvault.{name} CASCADE")  # the key of audit_anchors refers to it
        conn.execute("SET ROLE dsvault_operator")
        conn.execute("SELECT dsvault.create_next_audit_partition()")
        assert conn.execute("SELECT to_regclass(%s)", [f"dsvault.{name}"]).fetchone() != (None,)


# Ruling 7


def test_if_not_exists_takes_a_wrong_object_and_the_verify_script_does_not(
    vault: Database,
) -> None:
    deploy = (ROOT / "deploy/tables/users.sql").read_text()
    verify = (ROOT / "verify/tables/users.sql").read_text()
    with vault.connect(autocommit=True) as conn:
        conn.execute(verify)
        conn.execute("SET ROLE dsvault_owner")
        conn.execute("DROP INDEX dsvault.idx_users_status")
        conn.execute("CREATE INDEX idx_users_status ON dsvault.users (tenant_id, name)")
        conn.execute("RESET ROLE")
        conn.execute(deploy)
        with pytest.raises(errors.Error, match="idx_users_status") as refused:
            conn.execute(verify)
    assert refused.value.sqlstate == "DV001"


# Ruling 8


def test_the_registry_of_sqitch_tracks_what_is_deployed(conn: Connection) -> None:
    plan = read_plan(ROOT / "sqitch.plan")
    registered = conn.execute("SELECT change_id FROM sqitch.changes ORDER BY planned_at, change")
    assert {row[0] for row in registered} == {change.id for change in plan.changes}


def test_the_table_of_another_tool_is_left_to_that_tool(conn: Connection) -> None:
    found = conn.execute("SELECT FROM pg_class WHERE relname = '_sqlx_migrations'")
    assert found.fetchall() == []
