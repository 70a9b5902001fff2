"""What is added to a vault and not declared is told: by the matrix, and by the seal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from dsvault.ops.policy import inspect
from dsvault.paths import project_root
from dsvault.policy import matrix_path, read_matrix
from dsvault.target import parse_target

if TYPE_CHECKING:
    from tests.support.database import Database

TABLE = """
    SET ROLE dsvault_owner;
    CREATE TABLE dsvault.notes (tenant_id uuid NOT NULL, id uuid NOT NULL, body text);
    GRANT SELECT ON dsvault.notes TO dsvault_app"""
POLICY = """
    SET ROLE dsvault_owner;
    CREATE POLICY datasets_clerk_select ON dsvault.datasets FOR SELECT TO dsvault_app
        USING (tenant_id = (SELECT dsvault.current_tenant_id()))"""


def told(vault: Database) -> tuple[list[str], str]:
    """Return where the catalog is not as the matrix declares, and what the seal objects to."""
    found = inspect(parse_target(vault.url, environ={}), read_matrix(matrix_path()))
    seal = (project_root() / "verify" / "seal.sql").read_bytes()
    with vault.connect(superuser=True, autocommit=True) as conn:
        try:
            conn.execute(seal)
        except psycopg.Error as error:
            return [
                str(difference) for difference in found.differences
            ], f"{error.sqlstate}: {error}"
    return [str(difference) for difference in found.differences], ""


@pytest.mark.parametrize(
    ("addition", "words"),
    [
        pytest.param(TABLE, "notes", id="a table without policies"),
        pytest.param(POLICY, "datasets_clerk_select", id="a policy without its matrix line"),
    ],
)
def test_an_addition_fails_the_matrix_and_the_seal(
    vault: Database, addition: str, words: str
) -> None:
    with vault.connect(superuser=True, autocommit=True) as conn:
        conn.execute(addition.encode())
    differences, objection = told(vault)
    assert any(words in difference for difference in differences)
    assert objection.startswith("DV001")
    assert words in objection


def test_a_vault_as_it_was_deployed_fails_neither(vault: Database) -> None:
    assert told(vault) == ([], "")
