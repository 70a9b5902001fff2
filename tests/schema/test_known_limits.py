"""What plain settings cannot prevent. The README says so; here it is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.schema.builders import new_dataset
from tests.support.actors import as_role

if TYPE_CHECKING:
    import psycopg
    from tests.schema.builders import Tenant


def test_known_limit_a_session_that_names_another_tenant_itself_is_believed(
    conn: psycopg.Connection, alpha: Tenant, beta: Tenant
) -> None:
    new_dataset(conn, beta, "secret")
    names = "SELECT name FROM dsvault.datasets"
    with as_role(conn, "dsvault_app"):
        conn.execute("SELECT dsvault.enter(%s, %s)", [alpha.id, alpha.admin])
        assert conn.execute(names).fetchall() == []
        conn.execute(
            "SELECT set_config('app.current_tenant_id', %s, true),"
            " set_config('app.current_user_id', %s, true)",
            [str(beta.id), str(beta.admin)],
        )
        assert conn.execute(names).fetchall() == [("secret",)]


def test_known_limit_a_session_that_claims_a_permission_itself_is_believed(
    conn: psycopg.Connection, alpha: Tenant
) -> None:
    nobody = conn.execute(
        "INSERT INTO dsvault.users (tenant_id, name, email)"
        " VALUES (%s, 'n', 'n@users.example') RETURNING id",
        [alpha.id],
    ).fetchone()
    assert nobody is not None
    new_dataset(conn, alpha, "secret")
    with as_role(conn, "dsvault_app"):
        conn.execute("SELECT dsvault.enter(%s, %s)", [alpha.id, nobody[0]])
        assert conn.execute("SELECT name FROM dsvault.datasets").fetchall() == []
        conn.execute(
            "SELECT set_config('app.current_permissions', %s, true)",
            [f"{alpha.id} {nobody[0]} dataset:read tenant:member "],
        )
        assert conn.execute("SELECT name FROM dsvault.datasets").fetchall() == [("secret",)]
