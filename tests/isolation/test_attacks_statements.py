"""Attacks by statements that outlive a tenant: prepared, planned, in a cursor, or changing it.

The attacker is the administrator of his own tenant, so only isolation stands in his way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.isolation.arena import Arena, Attacker

REFUSED = "42501"


class TestStatementsThatStay:
    """Plans and cursors made for one tenant serve the next one in the same session."""

    @pytest.mark.parametrize("mode", ["force_generic_plan", "force_custom_plan", "auto"])
    def test_a_prepared_statement_reads_for_whoever_executes_it(
        self, arena: Arena, mode: str
    ) -> None:
        with arena.connect() as session:
            conn = session.conn
            conn.execute(f"SET plan_cache_mode = {mode}".encode())
            conn.execute(
                "PREPARE names (text) AS SELECT d.name FROM dsvault.datasets AS d "
                "JOIN dsvault.records AS r ON r.dataset_id = d.id WHERE d.name LIKE $1"
            )
            conn.commit()
            for _ in range(8):
                for tenant in (arena.mine, arena.theirs, None):
                    if tenant:
                        session.enter(tenant)
                    rows = conn.execute("EXECUTE names ('%')").fetchall()
                    assert rows == ([(tenant.dataset_name,)] if tenant else [])
                    conn.commit()

    def test_a_prepared_write_writes_for_whoever_executes_it(self, arena: Arena) -> None:
        with arena.connect() as session:
            conn = session.conn
            conn.execute(
                "PREPARE w AS UPDATE dsvault.datasets SET description = 'w' RETURNING name"
            )
            for _ in range(7):
                for tenant in (arena.mine, arena.theirs):
                    session.enter(tenant)
                    assert conn.execute("EXECUTE w").fetchall() == [(tenant.dataset_name,)]
            conn.execute("SELECT dsvault.leave()")
            assert conn.execute("EXECUTE w").fetchall() == []

    def test_a_plan_made_as_one_role_is_not_used_as_another(
        self, arena: Arena, make_login: Callable[..., tuple[str, str]]
    ) -> None:
        login = make_login("dsvault_app", "dsvault_auditor", "dsvault_operator")
        with arena.connect(login) as session:
            session.enter(arena.mine)
            session.rows("PREPARE keys AS SELECT kms_key_id FROM dsvault.encryption_keys")
            session.rows("PREPARE slugs AS SELECT slug FROM dsvault.tenants ORDER BY 1")
            session.rows("SET LOCAL ROLE dsvault_app")
            assert session.rows("EXECUTE keys") == ["acme kms"]
            assert session.rows("EXECUTE slugs") == ["acme"]
            session.rows("SET LOCAL ROLE dsvault_auditor")
            session.refused(REFUSED, "EXECUTE keys")
            session.rows("SET LOCAL ROLE dsvault_operator")
            all_tenants = session.conn.execute("EXECUTE slugs").fetchall()
            assert all_tenants == [("acme",), ("bolt",), ("system",)]
            session.rows("SET LOCAL ROLE dsvault_app")
            assert session.rows("EXECUTE slugs") == ["acme"]

    def test_a_login_in_several_groups_stays_on_the_floor(
        self, arena: Arena, make_login: Callable[..., tuple[str, str]]
    ) -> None:
        """Policies of several groups add up, the operators' list of tenants included."""
        with arena.connect(make_login("dsvault_app", "dsvault_operator")) as session:
            assert session.rows("SELECT slug FROM dsvault.tenants") == []
            session.enter(arena.mine)
            assert session.rows("SELECT slug FROM dsvault.tenants") == ["acme"]

    def test_a_cursor_keeps_the_tenant_of_its_first_row(self, arena: Arena) -> None:
        with arena.connect() as session:
            conn = session.conn
            session.enter(arena.mine)
            conn.execute(
                "INSERT INTO dsvault.datasets (name, owner_id) VALUES ('acme 2', %s)",
                [arena.mine.admin_id],
            )
            conn.execute("DECLARE c NO SCROLL CURSOR FOR SELECT name FROM dsvault.datasets")
            first = conn.execute("FETCH 1 FROM c").fetchall()
            session.enter(arena.theirs)
            rest = conn.execute("FETCH ALL FROM c").fetchall()
            assert {name for (name,) in first + rest} == {"acme merger", "acme 2"}

    def test_a_cursor_without_a_tenant_stays_empty_when_one_enters(self, arena: Arena) -> None:
        with arena.connect() as session:
            session.rows("DECLARE c CURSOR FOR SELECT name FROM dsvault.datasets")
            assert session.rows("FETCH 1 FROM c") == []
            session.enter(arena.mine)
            assert session.rows("FETCH ALL FROM c") == []


class TestChangingTheTenantWithinOneStatement:
    """Policies read the settings once, so a statement belongs to one tenant to its end."""

    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT name, set_config('app.current_tenant_id', %(b)s, true) FROM dsvault.datasets",
            (
                "SELECT name FROM dsvault.datasets "
                "WHERE set_config('app.current_tenant_id', %(b)s, true) IS NOT NULL"
            ),
            (
                "SELECT name FROM dsvault.datasets "
                "ORDER BY set_config('app.current_tenant_id', %(b)s, true)"
            ),
            (
                "SELECT d.name FROM dsvault.datasets AS d, LATERAL ("
                "SELECT set_config('app.current_tenant_id', %(b)s, true), d.id OFFSET 0) AS s"
            ),
        ],
    )
    def test_rows_stay_those_of_the_tenant_that_began_it(
        self, mallory: Attacker, arena: Arena, statement: str
    ) -> None:
        mallory.rows(
            "INSERT INTO dsvault.datasets (name, owner_id) VALUES ('acme 2', %s)",
            [arena.mine.admin_id],
        )
        rows = mallory.rows(statement, {"b": str(arena.theirs.id)})
        names = {row if isinstance(row, str) else row[0] for row in rows}
        # A plan may ask for the permission after the tenant has changed: then there is none.
        assert names in ({"acme merger", "acme 2"}, set())

    def test_a_row_born_after_the_change_is_refused(self, mallory: Attacker, arena: Arena) -> None:
        told = mallory.refused(
            REFUSED,
            """INSERT INTO dsvault.datasets (name, owner_id)
               SELECT CASE n WHEN 1 THEN 'one'
                   ELSE set_config('app.current_tenant_id', %s, true) END, %s
               FROM generate_series(1, 3) AS n""",
            [str(arena.theirs.id), arena.mine.admin_id],
        )
        assert "violates row-level security policy" in told
