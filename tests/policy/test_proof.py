"""The proof on a sound vault: every cell is as declared, and nothing is left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from dsvault.dberrors import QueryError
from dsvault.errors import DsvaultError
from dsvault.ops.acting import CannotActError
from dsvault.ops.policy import inspect, prove, prove_on
from dsvault.ops.policy.catalog import NoVaultError
from dsvault.ops.policy.stage import StageError
from dsvault.policy import Command, Matrix, MatrixError
from dsvault.policy.proof import read_proof
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.database import Database

    from dsvault.db import Session
    from dsvault.policy.proof import Proof

EVERY_ROW = """
    SELECT string_agg(t.line, E'\\n' ORDER BY t.line) FROM (
        SELECT t.*::text FROM (SELECT ctid, xmin, * FROM dsvault.tenants) AS t
        UNION ALL
        SELECT t.*::text FROM (SELECT ctid, xmin, * FROM dsvault.users) AS t
        UNION ALL
        SELECT t.*::text FROM (SELECT ctid, xmin, * FROM dsvault.roles) AS t
        UNION ALL
        SELECT t.*::text FROM (SELECT ctid, xmin, * FROM dsvault.user_roles) AS t
        UNION ALL
        SELECT dsvault_facts.everything()::text
        UNION ALL
        SELECT 'role ' || rolname FROM pg_roles
        UNION ALL
        SELECT format('%s in %s %s', member::regrole, roleid::regrole, admin_option)
        FROM pg_auth_members
    ) AS t (line)"""


def target_of(url: str):  # noqa: ANN201
    return parse_target(url, environ={})


@pytest.fixture(scope="module")
def proof(session: Session, matrix: Matrix) -> Proof:
    """Everything, proven once by a superuser."""
    return prove_on(session, matrix)


def test_every_cell_is_as_declared(proof: Proof) -> None:
    assert [outcome.name for outcome in proof.failed] == []
    assert len(proof.outcomes) > 2000


def test_the_deployer_proves_the_same_cells_as_the_superuser(
    vault: Database, matrix: Matrix, proof: Proof
) -> None:
    own = prove(target_of(vault.url), matrix)
    assert [outcome.name for outcome in own.failed] == []
    assert [o.name for o in own.outcomes] == [o.name for o in proof.outcomes]


def test_every_rule_has_cells_of_each_role_and_command_that_let_something_through(
    proof: Proof, matrix: Matrix
) -> None:
    proven = {
        (outcome.table, outcome.role, outcome.command)
        for outcome in proof.outcomes
        if outcome.expected.startswith(("reads 1", "reads 2", "reads 3", "reads 4", "reads 5"))
        or outcome.expected.startswith(("adds", "changes 1", "changes 2", "changes 3", "changes 4"))
        or outcome.expected.startswith(("removes 1", "removes 2", "removes 3", "removes 4"))
    }
    declared = {
        (table.name, role, command.value)
        for table, rule in matrix.rules()
        for role in rule.roles
        for command in rule.commands
    }
    assert proven == declared


def test_every_table_role_and_command_has_a_cell(proof: Proof, matrix: Matrix) -> None:
    proven = {(outcome.table, outcome.role, outcome.command) for outcome in proof.outcomes}
    for table in matrix.tables:
        for role in matrix.roles:
            for command in Command:
                assert (table.name, role.key, command.value) in proven


def test_no_two_cells_have_the_same_name(proof: Proof) -> None:
    names = [outcome.name for outcome in proof.outcomes]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("superuser", [True, False])
def test_a_proof_leaves_nothing_behind(vault: Database, matrix: Matrix, superuser: bool) -> None:
    with vault(superuser=True, autocommit=True) as conn:
        before = conn.execute(EVERY_ROW).fetchone()
        url = vault.superuser_url if superuser else vault.url
        prove(target_of(url), matrix, tables=["users", "user_roles", "tenants"])
        assert conn.execute(EVERY_ROW).fetchone() == before


def test_a_superusers_proof_waits_for_nobody_and_stops_nobody(
    vault: Database, matrix: Matrix
) -> None:
    with vault(superuser=True) as conn:
        conn.execute("LOCK TABLE dsvault.datasets IN ROW EXCLUSIVE MODE")
        conn.execute("LOCK TABLE dsvault.records, dsvault.users IN ACCESS SHARE MODE")
        assert prove(target_of(vault.superuser_url), matrix, tables=["datasets"]).failed == []


def test_the_deployers_proof_gives_up_where_tables_are_in_use(
    vault: Database, matrix: Matrix
) -> None:
    with vault(superuser=True) as conn:
        conn.execute("SELECT FROM dsvault.tenants")
        with pytest.raises(StageError, match="The tables are in use") as caught:
            prove(target_of(vault.url), matrix, tables=["tenants"])
    assert "lock timeout" in (caught.value.detail or "")


def test_tables_and_roles_can_be_chosen(vault: Database, matrix: Matrix) -> None:
    proof = prove(target_of(vault.url), matrix, tables=["tokens"], roles=["reader"])
    assert {(outcome.table, outcome.role) for outcome in proof.outcomes} == {("tokens", "reader")}


@pytest.mark.parametrize("choice", [{"tables": ["toys"]}, {"roles": ["king"]}])
def test_an_unknown_table_or_role_is_refused(
    vault: Database, matrix: Matrix, choice: dict[str, list[str]]
) -> None:
    with pytest.raises(MatrixError, match="There is no"):
        prove(target_of(vault.url), matrix, **choice)


def test_a_login_that_may_not_act_is_refused(
    vault: Database, matrix: Matrix, make_login: Callable[..., tuple[str, str]]
) -> None:
    target = target_of(vault.url_as(*make_login("dsvault_app")))
    with pytest.raises(CannotActError, match="may not act as dsvault_auditor"):
        prove(target, matrix)
    assert inspect(target, matrix).differences == ()


def test_a_database_without_a_vault_is_refused(empty_database: Database, matrix: Matrix) -> None:
    for ask in (inspect, prove):
        with pytest.raises(NoVaultError, match="There is no vault"):
            ask(target_of(empty_database.url), matrix)


def test_a_stranger_cannot_even_compare(
    vault: Database, matrix: Matrix, make_login: Callable[..., tuple[str, str]]
) -> None:
    with pytest.raises((QueryError, DsvaultError)):
        inspect(target_of(vault.url_as(*make_login())), matrix)


def test_json_comes_back_as_the_same_proof(vault: Database, matrix: Matrix) -> None:
    import json

    proof = prove(target_of(vault.url), matrix, tables=["tokens"], roles=["app"])
    again = read_proof(json.dumps(proof.as_json()))
    assert list(again.outcomes) == list(proof.outcomes)
    assert (again.target, again.server, again.at) == (proof.target, proof.server, proof.at)
    assert vault.deployer.password not in json.dumps(proof.as_json())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"results": [{}]}', '{"results": 3}'])
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(MatrixError, match="no results of a policy test"):
        read_proof(text)


def test_junit_has_a_suite_a_table_and_a_case_a_cell(
    prove_after: Callable[..., Proof],
) -> None:
    proof = prove_after(
        "ALTER POLICY tokens_app_select ON dsvault.tokens USING (true)",
        tables=["tokens", "schemas"],
        roles=["app"],
    )
    root = ET.fromstring(proof.as_junit())  # noqa: S314 - our own
    assert [suite.get("name") for suite in root] == ["schemas", "tokens"]
    cases = root.findall(".//testcase")
    assert len(cases) == len(proof.outcomes) == int(root.get("tests", ""))
    failures = root.findall(".//failure")
    assert len(failures) == len(proof.failed) == int(root.get("failures", ""))
    assert failures[0].get("message", "").startswith("expected reads ")
    assert "SELECT * FROM dsvault.tokens" in (failures[0].text or "")


def test_cells_stay_true_beside_real_tenants(vault: Database, matrix: Matrix) -> None:
    """Rows of others are there, and are neither counted nor touched."""
    with vault(superuser=True, autocommit=True) as conn:
        conn.execute("SET ROLE dsvault_operator")
        for number in range(3):
            conn.execute(
                "SELECT dsvault.create_tenant(%s, 'Real', 'a@example.com', 'A')",
                [f"real-{number}"],
            )
    proof = prove(target_of(vault.url), matrix, tables=["tenants", "users", "roles", "user_roles"])
    assert [outcome.name for outcome in proof.failed] == []
