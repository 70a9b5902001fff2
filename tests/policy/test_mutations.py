"""The proof can fail: whatever is broken in a vault, it names the cells that are not true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dsvault.ops.policy.stage import StageError
from dsvault.policy import Command, Matrix, Rule, Table, matrix_path, read_matrix

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsvault.policy.proof import Proof

MATRIX = read_matrix(matrix_path())
RULES = [pytest.param(table, rule, id=f"{rule.policy}") for table, rule in MATRIX.rules()]
TABLES = [pytest.param(table, id=table.name) for table in MATRIX.tables]


def broken(proof: Proof) -> set[tuple[str, str, str]]:
    """Return table, role and command of the cells that failed."""
    return {(outcome.table, outcome.role, outcome.command) for outcome in proof.failed}


def cells_of(table: Table, rule: Rule) -> set[tuple[str, str, str]]:
    return {(table.name, role, c.value) for role in rule.roles for c in rule.commands}


# Functions of the vault act as these in the midst of other people's statements.
ACTS_WITHIN = {"definer", "recorder"}


def is_base_of_permissions(rule: Rule) -> bool:
    """Whether has_permission() itself looks through the policy: then nobody holds anything."""
    return rule.roles == ("definer",) and rule.commands == (Command.SELECT,)


@pytest.mark.parametrize(("table", "rule"), RULES)
def test_a_dropped_policy_fails_its_cells_and_no_others(
    prove_after: Callable[..., Proof], table: Table, rule: Rule
) -> None:
    try:
        proof = prove_after(
            f"DROP POLICY {rule.policy} ON dsvault.{table.name}",
            tables=[table.name],
            roles=rule.roles,
        )
    except StageError:  # a trigger needs it: not even the rows of the proof can be written
        assert set(rule.roles) <= ACTS_WITHIN
        return
    expected = cells_of(table, rule)
    if is_base_of_permissions(rule):
        assert expected <= broken(proof)
        return
    if rule.policy == "users_app_select":  # the cells of DELETE name rows in a WHERE clause
        expected.add(("users", "app", "DELETE"))
    assert broken(proof) == expected


@pytest.mark.parametrize(("table", "rule"), RULES)
def test_a_policy_that_lets_all_through_fails_its_cells_and_no_others(
    prove_after: Callable[..., Proof], table: Table, rule: Rule
) -> None:
    if rule.condition.text == "any-tenant":
        pytest.skip("lets all through by design")
    clauses = []
    if rule.commands != (Command.INSERT,):
        clauses.append("USING (true)")
    if {Command.INSERT, Command.UPDATE} & set(rule.commands):
        clauses.append("WITH CHECK (true)")
    statement = f"ALTER POLICY {rule.policy} ON dsvault.{table.name} {' '.join(clauses)}"
    expected = cells_of(table, rule)
    if rule.policy == "users_app_select":
        expected.add(("users", "app", "DELETE"))
    if rule.policy == "users_definer_delete":  # its WHERE clause sees by users_definer_select only
        expected.clear()
    if table.read_floor is not None and table.read_floor.rule == rule:  # it says the same
        expected.clear()
    found = broken(prove_after(statement, tables=[table.name], roles=rule.roles))
    if is_base_of_permissions(rule):
        assert expected <= found
    else:
        assert found == expected


@pytest.mark.parametrize("table", TABLES)
def test_row_security_switched_off_fails_every_command_of_every_role(
    prove_after: Callable[..., Proof], table: Table
) -> None:
    proof = prove_after(
        f"ALTER TABLE dsvault.{table.name} DISABLE ROW LEVEL SECURITY", tables=[table.name]
    )
    declared = {cell for rule in table.rules for cell in cells_of(table, rule)}
    any_tenant = {
        (table.name, role, command.value)
        for rule in table.rules
        if rule.condition.text == "any-tenant"
        for role in rule.roles
        for command in rule.commands
    }
    owner = {(table.name, "owner", command.value) for command in Command}
    assert broken(proof) == (declared - any_tenant) | owner


@pytest.mark.parametrize("table", TABLES)
def test_row_security_that_spares_the_owner_fails_the_owners_cells(
    prove_after: Callable[..., Proof], table: Table
) -> None:
    proof = prove_after(
        f"ALTER TABLE dsvault.{table.name} NO FORCE ROW LEVEL SECURITY",
        tables=[table.name],
        roles=["owner"],
    )
    assert broken(proof) == {(table.name, "owner", command.value) for command in Command}


@pytest.mark.parametrize("table", TABLES)
def test_a_permissive_policy_for_all_fails_the_cells_of_its_role(
    prove_after: Callable[..., Proof], table: Table
) -> None:
    proof = prove_after(
        f"CREATE POLICY too_much ON dsvault.{table.name} FOR ALL TO dsvault_app USING (true)",
        tables=[table.name],
        roles=["app"],
    )
    open_to_app = {
        (table.name, "app", command.value)
        for command in Command
        if table.rule("app", command) is not None
        # What the floor restates no policy opens.
        and (command is not Command.SELECT or table.reach("app") is None)
    }
    assert broken(proof) == open_to_app


@pytest.mark.parametrize(
    "table", [pytest.param(table, id=table.name) for table in MATRIX.tables if table.read_floor]
)
def test_a_rule_that_is_opened_with_the_floor_that_restates_it_shows_more(
    prove_after: Callable[..., Proof], table: Table
) -> None:
    assert table.read_floor is not None
    proof = prove_after(
        f"ALTER POLICY {table.read_floor.rule.policy} ON dsvault.{table.name} USING (true)",
        f"ALTER POLICY {table.read_floor.policy} ON dsvault.{table.name} USING (true)",
        tables=[table.name],
        roles=["reader"],
    )
    assert broken(proof) == {(table.name, "reader", "SELECT")}


@pytest.mark.parametrize("table", TABLES)
def test_without_floor_a_policy_for_all_shows_the_other_tenants_rows(
    prove_after: Callable[..., Proof], table: Table
) -> None:
    proof = prove_after(
        *(f"DROP POLICY {floor} ON dsvault.{table.name}" for floor in table.floors),
        f"CREATE POLICY too_much ON dsvault.{table.name} TO dsvault_reader USING (true)",
        tables=[table.name],
        roles=["reader"],
    )
    is_read = table.rule("reader", Command.SELECT) is not None  # else no grant lets him look
    assert broken(proof) == ({(table.name, "reader", "SELECT")} if is_read else set())
    assert all("foreign" in outcome.seen for outcome in proof.failed)


@pytest.mark.parametrize("table", TABLES)
def test_grants_to_everybody_fail_the_cells_that_were_closed(
    prove_after: Callable[..., Proof], table: Table
) -> None:
    proof = prove_after(
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON dsvault.{table.name} TO PUBLIC",
        tables=[table.name],
        roles=["operator", "public"],
    )
    assert broken(proof) == {
        (table.name, role, command.value)
        for role in ("operator", "public")
        for command in Command
        if (rule := table.rule(role, command)) is None or rule.columns is not None
    }


@pytest.mark.parametrize("table", TABLES)
def test_privileges_on_the_whole_table_fail_their_cells(
    prove_after: Callable[..., Proof], table: Table
) -> None:
    privileges = ["TRUNCATE", "REFERENCES", "TRIGGER"]
    proof = prove_after(
        f"GRANT {', '.join(privileges)} ON dsvault.{table.name} TO dsvault_operator",
        tables=[table.name],
        roles=["operator"],
    )
    assert broken(proof) == {(table.name, "operator", privilege) for privilege in privileges}


@pytest.mark.pg(">= 17")
def test_the_right_to_maintain_fails_its_cell(prove_after: Callable[..., Proof]) -> None:
    proof = prove_after(
        "GRANT MAINTAIN ON dsvault.tokens TO dsvault_reader", tables=["tokens"], roles=["reader"]
    )
    assert broken(proof) == {("tokens", "reader", "MAINTAIN")}


@pytest.mark.parametrize("table", TABLES)
def test_one_column_too_many_fails_the_cell_of_that_column(
    prove_after: Callable[..., Proof], table: Table
) -> None:
    column = table.tenant_column
    rule = table.rule("app", Command.INSERT)
    proof = prove_after(
        f"GRANT INSERT ({column}) ON dsvault.{table.name} TO dsvault_app",
        tables=[table.name],
        roles=["app"],
    )
    [failed] = proof.failed
    assert failed.command == "INSERT"
    assert failed.case.startswith("closed" if rule is None else f"column {column}")


@pytest.mark.parametrize("table", TABLES)
def test_a_grant_of_one_column_to_a_closed_role_fails_its_cell(
    prove_after: Callable[..., Proof], table: Table
) -> None:
    proof = prove_after(
        f"GRANT UPDATE ({table.tenant_column}) ON dsvault.{table.name} TO dsvault_reader",
        tables=[table.name],
        roles=["reader"],
    )
    assert broken(proof) == {(table.name, "reader", "UPDATE")}


def test_one_column_too_few_fails_its_cells(prove_after: Callable[..., Proof]) -> None:
    proof = prove_after(
        "REVOKE UPDATE (tags) ON dsvault.datasets FROM dsvault_app",
        tables=["datasets"],
        roles=["app"],
    )
    assert [outcome.name for outcome in proof.failed] == ["datasets app UPDATE, column tags"]


@pytest.mark.parametrize("partition", ["records_p7", "audit_logs_default"])
def test_grants_on_a_partition_fail_the_cells_of_that_partition(
    prove_after: Callable[..., Proof], partition: str
) -> None:
    proof = prove_after(
        f"""GRANT SELECT, INSERT (id), UPDATE (id), DELETE, TRUNCATE ON dsvault.{partition}
            TO dsvault_auditor""",
        tables=[partition.rpartition("_")[0]],
        roles=["auditor"],
    )
    commands = [failed.command for failed in proof.failed]
    assert commands == ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"]
    assert all(o.case.startswith(f"partition {partition} closed") for o in proof.failed)


def test_a_table_that_nobody_declared_must_be_closed(prove_after: Callable[..., Proof]) -> None:
    make = "CREATE TABLE dsvault.diary (id integer)"
    assert prove_after(make, tables=["diary"]).failed == []
    proof = prove_after(make, "GRANT SELECT ON dsvault.diary TO dsvault_app", tables=["diary"])
    assert broken(proof) == {("diary", "app", "SELECT")}


def test_a_user_who_is_suspended_and_still_seen_as_live_fails(
    prove_after: Callable[..., Proof],
) -> None:
    blind = """
        CREATE OR REPLACE FUNCTION dsvault_private.effective_permissions(
            tenant_id uuid, user_id uuid) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
        SET search_path = pg_catalog, pg_temp
        AS $$ SELECT array_agg(p.permission) || 'tenant:member'::text
              FROM dsvault.user_roles AS g
                  JOIN dsvault.roles AS r ON r.tenant_id = g.tenant_id AND r.id = g.role_id
                  CROSS JOIN jsonb_array_elements_text(r.permissions) AS p (permission)
              WHERE g.tenant_id = $1 AND g.user_id = $2 $$"""
    proof = prove_after(blind, tables=["tokens"], roles=["reader"])
    cases = {outcome.case for outcome in proof.failed}
    assert "user suspended" in cases
    assert "user of a deleted tenant" in cases
    assert "user whose grant has expired" in cases


def test_a_failed_cell_tells_what_was_expected_and_seen_and_how(
    prove_after: Callable[..., Proof],
) -> None:
    proof = prove_after(
        "ALTER POLICY dataset_write_policy ON dsvault.datasets USING (true) WITH CHECK (true)",
        "DROP POLICY tenant_isolation_datasets ON dsvault.datasets",
        tables=["datasets"],
        roles=["app"],
    )
    outcome = next(o for o in proof.failed if o.case == "user holds nothing")
    assert outcome.name == "datasets app UPDATE, user holds nothing"
    assert outcome.expected == "changes 1 row: own/mine"
    assert outcome.seen == "changes 4 rows: foreign/their, own/another's, own/mine, own/my-deleted"
    assert outcome.statement == "UPDATE dsvault.datasets SET description = 'changed'"
    assert outcome.actor == "dsvault_app, user holds nothing"


def test_rows_of_real_tenants_that_a_broken_policy_reaches_are_told(
    prove_after: Callable[..., Proof],
) -> None:
    proof = prove_after(
        """INSERT INTO dsvault.tenants (name, slug)
           SELECT 'Real', 'real-' || n FROM generate_series(1, 30) AS s (n)""",
        """INSERT INTO dsvault.users (tenant_id, email, name)
           SELECT id, 'a@example.com', 'A' FROM dsvault.tenants WHERE name = 'Real'""",
        "ALTER POLICY users_app_update ON dsvault.users USING (true) WITH CHECK (true)",
        "DROP POLICY tenant_isolation_users ON dsvault.users",
        tables=["users"],
        roles=["app"],
    )
    outcome = next(o for o in proof.failed if o.case == "user holds nothing")
    assert outcome.seen.endswith("and reaches 30 rows more")


def test_a_broken_policy_does_not_let_the_proof_touch_a_whole_table(
    prove_after: Callable[..., Proof],
) -> None:
    proof = prove_after(
        """INSERT INTO dsvault.tenants (name, slug)
           SELECT 'Real', 'real-' || n FROM generate_series(1, 200) AS s (n)""",
        """INSERT INTO dsvault.users (tenant_id, email, name)
           SELECT id, 'a@example.com', 'A' FROM dsvault.tenants WHERE name = 'Real'""",
        "ALTER TABLE dsvault.users DISABLE ROW LEVEL SECURITY",
        tables=["users"],
        roles=["app"],
    )
    seen = {outcome.seen for outcome in proof.failed if outcome.command == "UPDATE"}
    assert any("22012" in text for text in seen), seen


def test_every_table_has_a_rule_to_break(matrix: Matrix) -> None:
    assert all(table.rules for table in matrix.tables)
