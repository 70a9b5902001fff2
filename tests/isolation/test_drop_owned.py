"""DROP OWNED BY a group role: it takes policies away and opens nothing, and both have a remedy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.isolation.arena import new_tenant

from dsvault.ops.policy import inspect
from dsvault.policy import matrix_path, read_matrix
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.database import Database

ROOT = Path(__file__).parents[2]
DROP = "DROP OWNED BY dsvault_app"


def run(vault: Database, file: str, *, superuser: bool = False) -> None:
    with vault.connect(superuser=superuser, autocommit=True) as conn:
        conn.execute((ROOT / file).read_bytes())


def datasets(conn: psycopg.Connection) -> list[str]:
    return [name for (name,) in conn.execute("SELECT name FROM dsvault.datasets")]


def test_what_it_took_away_is_made_anew_by_the_scripts_of_the_policies(
    vault: Database, make_login: Callable[..., tuple[str, str]]
) -> None:
    with vault.connect(superuser=True) as conn:
        tenant = new_tenant(conn, "acme", "a")
        conn.commit()
    enter = "SELECT dsvault.enter(%s, %s)", [tenant.id, tenant.admin_id]
    with psycopg.connect(vault.url_as(*make_login("dsvault_app"))) as conn:
        conn.execute(*enter)
        assert datasets(conn) == [tenant.dataset_name]
        conn.execute(DROP)
        assert datasets(conn) == []
        conn.commit()
        assert told(vault), "the matrix tells that policies are missing"
        for script in sorted((ROOT / "deploy/policies").glob("*.sql")):
            run(vault, f"deploy/policies/{script.name}")
        conn.execute(*enter)
        assert datasets(conn) == [tenant.dataset_name]
    assert told(vault) == []


def told(vault: Database) -> list[object]:
    matrix = read_matrix(matrix_path())
    return list(inspect(parse_target(vault.superuser_url, environ={}), matrix).differences)


@pytest.mark.parametrize("said", [DROP, "DROP OWNED BY CURRENT_USER"])
def test_a_superuser_can_keep_applications_from_it(
    vault: Database, make_login: Callable[..., tuple[str, str]], said: str
) -> None:
    for _ in range(2):
        run(vault, "sql/hardening/refuse_drop_owned.sql", superuser=True)
    login = make_login("dsvault_app")
    with psycopg.connect(vault.url_as(*login)) as conn:
        for role in ("NONE", "dsvault_app"):
            conn.execute(f"SET ROLE {role}".encode())
            conn.commit()
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="policies") as refused:
                conn.execute(said.encode())
            assert refused.value.diag.message_hint
            conn.rollback()
    with vault.connect(superuser=True) as conn:
        conn.execute(DROP)
        conn.rollback()
    assert told(vault) == []
