"""What the catalog says beside the matrix: nothing on a sound vault, the right thing on others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dsvault.db import Query
from dsvault.ops.policy.catalog import read_catalog
from dsvault.policy import Matrix, Rule, Table, matrix_path, parse_matrix, read_matrix
from dsvault.policy.differences import compare

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsvault.db import Session
    from dsvault.policy.differences import Difference

MATRIX = read_matrix(matrix_path())
RULES = [pytest.param(table, rule, id=rule.policy) for table, rule in MATRIX.rules()]
TABLES = [pytest.param(table, id=table.name) for table in MATRIX.tables]


@pytest.fixture
def differences_after(session: Session, matrix: Matrix) -> Callable[..., list[Difference]]:
    """A function that changes the vault, compares, and takes the change back."""

    def differences(*statements: str, declared: Matrix = matrix) -> list[Difference]:
        session.run([Query(text) for text in ("BEGIN", *statements)])
        try:
            session.run([Query("SET LOCAL search_path = pg_catalog")])
            return list(compare(declared, read_catalog(session, declared)))
        finally:
            session.roll_back()

    return differences


def subjects(differences: list[Difference]) -> list[tuple[str, str]]:
    return [(difference.table, difference.subject) for difference in differences]


def test_a_sound_vault_is_as_declared(differences_after: Callable[..., list[Difference]]) -> None:
    assert differences_after() == []


@pytest.mark.parametrize(("table", "rule"), RULES)
def test_a_dropped_policy_is_missing(
    differences_after: Callable[..., list[Difference]], table: Table, rule: Rule
) -> None:
    [difference] = differences_after(f"DROP POLICY {rule.policy} ON dsvault.{table.name}")
    assert (difference.table, difference.subject) == (table.name, f"policy {rule.policy}")
    assert (difference.expected, difference.found) == ("there", "missing")


@pytest.mark.parametrize("table", TABLES)
def test_a_dropped_floor_is_missing(
    differences_after: Callable[..., list[Difference]], table: Table
) -> None:
    for floor in table.floors:
        found = differences_after(f"DROP POLICY {floor} ON dsvault.{table.name}")
        assert subjects(found) == [(table.name, f"policy {floor}")]


def test_a_floor_that_no_longer_restates_its_rule_is_told(
    differences_after: Callable[..., list[Difference]],
) -> None:
    found = differences_after(
        "ALTER POLICY tenant_isolation_records ON dsvault.records"
        " USING (tenant_id = (SELECT dsvault.current_tenant_id()))"
    )
    assert subjects(found) == [("records", "policy tenant_isolation_records USING")]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_without_its_rules_in_the_matrix_is_told(
    differences_after: Callable[..., list[Difference]], table: Table
) -> None:
    """A policy, or a table, without its line."""
    text = matrix_path().read_text(encoding="utf-8")
    rule = table.rules[-1]
    start = text.index(f"[{table.name}.{rule.policy}]")
    without_rule = text[:start] + text[text.index("says", start) :].partition("\n")[2]
    found = differences_after(declared=parse_matrix(without_rule))
    assert (table.name, f"policy {rule.policy}") in subjects(found)
    assert any(" for dsvault_" in subject for _, subject in subjects(found)) or rule.roles == (
        "owner",
    )


def test_a_table_that_is_not_in_the_matrix_is_told(
    differences_after: Callable[..., list[Difference]],
) -> None:
    [difference] = differences_after(
        "CREATE TABLE dsvault.diary (id integer)",
        "ALTER TABLE dsvault.diary ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
    )
    assert (difference.table, difference.subject, difference.found) == (
        "diary",
        "table",
        "not declared",
    )


def test_a_table_that_is_only_in_the_matrix_is_told(
    differences_after: Callable[..., list[Difference]],
) -> None:
    text = matrix_path().read_text(encoding="utf-8")
    more = parse_matrix(text + '\n[diary]\nabout = "x"\nfloor = "f"\n')
    [difference] = differences_after(declared=more)
    assert (difference.table, difference.expected, difference.found) == (
        "diary",
        "there",
        "missing",
    )


CHANGES = {
    "ALTER POLICY tokens_app_select ON dsvault.tokens USING (true)": (
        "tokens",
        "policy tokens_app_select USING",
    ),
    "ALTER POLICY tokens_app_update ON dsvault.tokens WITH CHECK (true)": (
        "tokens",
        "policy tokens_app_update WITH CHECK",
    ),
    """ALTER POLICY tokens_app_select ON dsvault.tokens
       USING (tenant_id = (SELECT dsvault.tenant_for('token:create')))""": (
        "tokens",
        "policy tokens_app_select USING",
    ),
    """ALTER POLICY tokens_app_select ON dsvault.tokens
       USING (tenant_id = dsvault.tenant_for('token:read'))""": (
        "tokens",
        "policy tokens_app_select USING",
    ),
    "ALTER POLICY tokens_app_select ON dsvault.tokens TO dsvault_app": (
        "tokens",
        "policy tokens_app_select roles",
    ),
    "ALTER POLICY tokens_app_select ON dsvault.tokens TO PUBLIC": (
        "tokens",
        "policy tokens_app_select roles",
    ),
    "COMMENT ON POLICY tokens_app_select ON dsvault.tokens IS 'Something else.'": (
        "tokens",
        "policy tokens_app_select comment",
    ),
    "COMMENT ON POLICY tokens_app_select ON dsvault.tokens IS NULL": (
        "tokens",
        "policy tokens_app_select comment",
    ),
    "CREATE POLICY more ON dsvault.tokens USING (true)": ("tokens", "policy more"),
    "ALTER TABLE dsvault.users DISABLE ROW LEVEL SECURITY": ("users", "row security"),
    "ALTER TABLE dsvault.users NO FORCE ROW LEVEL SECURITY": ("users", "row security"),
    "ALTER TABLE dsvault.records_p3 DISABLE ROW LEVEL SECURITY": (
        "records",
        "row security of records_p3",
    ),
    "ALTER TABLE dsvault.audit_logs_default NO FORCE ROW LEVEL SECURITY": (
        "audit_logs",
        "row security of audit_logs_default",
    ),
    "CREATE POLICY more ON dsvault.records_p3 TO dsvault_app USING (true)": (
        "records",
        "policy more on records_p3",
    ),
    "GRANT SELECT ON dsvault.records_p3 TO dsvault_app": (
        "records",
        "SELECT on records_p3 for dsvault_app",
    ),
    "GRANT UPDATE (id) ON dsvault.records_p3 TO dsvault_app": (
        "records",
        "UPDATE (id) on records_p3 for dsvault_app",
    ),
    "GRANT SELECT ON dsvault.tokens TO dsvault_auditor": ("tokens", "SELECT for dsvault_auditor"),
    "GRANT SELECT (id) ON dsvault.tokens TO PUBLIC": ("tokens", "SELECT for PUBLIC"),
    "GRANT TRUNCATE ON dsvault.tokens TO dsvault_app": ("tokens", "TRUNCATE for dsvault_app"),
    "GRANT SELECT ON dsvault.tokens TO pg_monitor": ("tokens", "SELECT for pg_monitor"),
    "GRANT INSERT (tenant_id) ON dsvault.tokens TO dsvault_app": (
        "tokens",
        "INSERT for dsvault_app",
    ),
    "REVOKE UPDATE (expires_at) ON dsvault.tokens FROM dsvault_app": (
        "tokens",
        "UPDATE for dsvault_app",
    ),
    "REVOKE SELECT ON dsvault.tokens FROM dsvault_reader": ("tokens", "SELECT for dsvault_reader"),
    "GRANT SELECT ON dsvault.tokens TO dsvault_app WITH GRANT OPTION": (
        "tokens",
        "SELECT for dsvault_app",
    ),
    "GRANT SELECT ON dsvault_private.public_privileges_before TO dsvault_app": (
        "",
        "SELECT on public_privileges_before for dsvault_app",
    ),
    "CREATE VIEW dsvault.all_tokens AS SELECT * FROM dsvault.tokens": ("", "view all_tokens"),
    "CREATE MATERIALIZED VIEW dsvault.copy AS SELECT 1 AS one": ("copy", "table"),
    """CREATE OR REPLACE FUNCTION dsvault.permission_catalogue() RETURNS jsonb
       LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
       SELECT jsonb_agg(p ORDER BY p) FROM unnest('{}'::text[]) AS s (p) $$""": (
        "",
        "permission audit:read",
    ),
}


@pytest.mark.parametrize(("statement", "subject"), CHANGES.items(), ids=CHANGES)
def test_a_change_is_told_with_its_table_and_subject(
    differences_after: Callable[..., list[Difference]], statement: str, subject: tuple[str, str]
) -> None:
    found = differences_after(statement)
    assert subjects(found)[:1] == [subject]
    assert len(found) == 1 or subject[1].startswith("permission")
    assert found[0].expected != found[0].found


def test_a_view_with_its_callers_eyes_is_no_difference(
    differences_after: Callable[..., list[Difference]],
) -> None:
    view = "CREATE VIEW dsvault.v WITH (security_invoker = {}) AS SELECT * FROM dsvault.tokens"
    assert differences_after(view.format("true")) == []
    assert differences_after(view.format("on")) == []
    assert subjects(differences_after(view.format("false"))) == [("", "view v")]


@pytest.mark.parametrize(
    ("statement", "subject"),
    [
        ("ALTER ROLE dsvault_reader BYPASSRLS", "role dsvault_reader"),
        ("ALTER ROLE dsvault_definer SUPERUSER", "role dsvault_definer"),
        ("ALTER ROLE dsvault_app LOGIN", "role dsvault_app"),
        ("GRANT dsvault_definer TO dsvault_app", "role dsvault_app member of"),
        ("GRANT dsvault_recorder TO dsvault_app", "role dsvault_app member of"),
        ("GRANT dsvault_app TO dsvault_reader", "role dsvault_reader member of"),
    ],
)
def test_a_role_that_row_security_does_not_bind_is_told(
    differences_after: Callable[..., list[Difference]], statement: str, subject: str
) -> None:
    assert subjects(differences_after(statement)) == [("", subject)]
