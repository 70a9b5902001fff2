"""The fixtures themselves: what each promises to the tests that use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import errors
from tests.support.actors import as_role, as_tenant
from tests.support.cluster import pytest_runtest_setup, server_version
from tests.support.copies import Copies
from tests.support.database import new_database

from dsvault.paths import project_root
from dsvault.plan import read_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg import Connection
    from tests.support.cluster import Cluster
    from tests.support.database import Database, Deployer


def test_deployer_is_no_superuser_and_owns_its_database(empty_database: Database) -> None:
    with empty_database.connect() as conn:
        row = conn.execute(
            """SELECT r.rolsuper, r.rolcreaterole, r.rolcreatedb, d.datdba = r.oid
                 FROM pg_roles AS r, pg_database AS d
                WHERE r.rolname = current_user AND d.datname = current_database()"""
        ).fetchone()
    assert row == (False, True, False, True)


def test_deployer_may_make_a_schema_and_a_role(empty_database: Database) -> None:
    with empty_database() as conn:
        conn.execute("CREATE SCHEMA mine")
        conn.execute("CREATE ROLE dsvault_test_nobody_keeps_me")


def test_an_empty_database_is_empty(empty_database: Database) -> None:
    with empty_database(superuser=True) as conn:
        rows = conn.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1"
        ).fetchall()
    assert rows == [("information_schema",), ("public",)]


def test_a_database_is_gone_after_its_test(server: Cluster, deployer: Deployer) -> None:
    query = "SELECT FROM pg_database WHERE datname = %s"
    with new_database(server, deployer) as database:
        assert server.admin.execute(query, [database.name]).fetchone() is not None
    assert server.admin.execute(query, [database.name]).fetchone() is None


def test_the_header_names_the_version_of_the_server(
    server: Cluster, pytestconfig: pytest.Config
) -> None:
    assert server.version == server_version(pytestconfig.getoption("--pg"))


def test_a_version_mark_skips_what_the_server_is_too_old_for(
    request: pytest.FixtureRequest,
) -> None:
    request.node.add_marker(pytest.mark.pg(">= 99"))
    with pytest.raises(pytest.skip.Exception, match=r"needs PostgreSQL >= 99, this is \d+\.\d+"):
        pytest_runtest_setup(request.node)


@pytest.mark.pg(">= 15")
def test_a_version_mark_lets_run_what_the_server_can(server: Cluster) -> None:
    assert int(server.version.split(".")[0]) >= 15


def is_there(server: Cluster, database: Database) -> bool:
    query = "SELECT FROM pg_database WHERE datname = %s"
    return server.admin.execute(query, [database.name]).fetchone() is not None


class TestTheVault:
    def test_the_whole_plan_is_deployed_by_the_deployer(
        self, vault: Database, deployer: Deployer
    ) -> None:
        planned = len(read_plan(project_root() / "sqitch.plan").changes)
        with vault() as conn:
            rows = conn.execute(
                "SELECT count(*), count(DISTINCT project) FROM sqitch.changes"
            ).fetchall()
            assert rows == [(planned, 1)]
            row = conn.execute(
                """SELECT tableowner FROM pg_tables
                    WHERE schemaname = 'sqitch' AND tablename = 'changes'"""
            ).fetchone()
            assert row == (deployer.name,)

    def test_what_a_test_commits_no_other_sees(
        self, vault: Database, server: Cluster, deployer: Deployer, vault_template: str
    ) -> None:
        with vault() as conn:
            conn.execute("CREATE SCHEMA mine")
            conn.commit()
        with new_database(server, deployer, vault_template) as other, other() as conn:
            assert conn.execute("SELECT to_regnamespace('mine')").fetchone() == (None,)

    def test_a_copy_in_which_all_was_undone_serves_the_next_test_too(
        self, server: Cluster, deployer: Deployer, vault_template: str
    ) -> None:
        copies = Copies(server, deployer, vault_template)
        with copies.one() as first, first() as conn:
            conn.execute("CREATE SCHEMA mine")
            conn.rollback()
        with copies.one() as second, second() as conn:
            assert conn.execute("SELECT to_regnamespace('mine')").fetchone() == (None,)
        copies.close()
        assert second.name == first.name
        assert not is_there(server, first)

    @pytest.mark.parametrize("way", ["commit", "autocommit", "a session left open"])
    def test_a_copy_that_may_have_changed_serves_no_other(
        self, server: Cluster, deployer: Deployer, vault_template: str, way: str
    ) -> None:
        copies = Copies(server, deployer, vault_template)
        with copies.one() as first:
            conn = psycopg.connect(first.url, autocommit=way == "autocommit")
            conn.execute("CREATE SCHEMA mine")
            if way == "commit":
                conn.commit()
            if way != "a session left open":
                conn.close()
        conn.close()
        with copies.one() as second:
            assert second.name != first.name
        copies.close()
        assert not is_there(server, first)
        assert not is_there(server, second)

    def test_a_copy_has_the_privileges_of_the_template_on_the_database(
        self, conn: Connection, vault_template: str
    ) -> None:
        rows = conn.execute(
            """SELECT d.datname, array_agg(a::text ORDER BY a::text)
                 FROM pg_database AS d, unnest(d.datacl) AS a
                WHERE d.datname IN (current_database(), %s) GROUP BY d.datname""",
            [vault_template],
        ).fetchall()
        assert len(rows) == 2
        assert rows[0][1] == rows[1][1]

    def test_a_login_is_a_member_of_its_groups_and_of_no_other(
        self, vault: Database, make_login: Callable[..., tuple[str, str]]
    ) -> None:
        name, password = make_login("dsvault_reader")
        with psycopg.connect(vault.url_as(name, password)) as conn:
            rows = conn.execute(
                """SELECT r.rolname FROM pg_roles AS r
                    WHERE pg_has_role(r.oid, 'MEMBER') AND r.rolname LIKE 'dsvault%' ORDER BY 1"""
            ).fetchall()
        assert {row[0] for row in rows} == {name, "dsvault_reader"}


class TestActing:
    @pytest.fixture
    def admin(self, empty_database: Database) -> Iterator[Connection]:
        with empty_database.connect(superuser=True) as conn:
            yield conn

    def who(self, conn: Connection) -> tuple[str, str | None]:
        return conn.execute(
            "SELECT current_user::text, NULLIF(current_setting('app.current_tenant_id', true), '')"
        ).fetchone()

    def test_role_and_settings_hold_inside_and_are_gone_after(
        self, admin: Connection, deployer: Deployer
    ) -> None:
        before = self.who(admin)
        with as_tenant(admin, "t1", role=deployer.name):
            assert self.who(admin) == (deployer.name, "t1")
        assert self.who(admin) == before

    def test_blocks_nest(self, admin: Connection, deployer: Deployer) -> None:
        with as_tenant(admin, "t1", role=deployer.name):
            with as_tenant(admin, "t2", role="pg_monitor"):
                assert self.who(admin) == ("pg_monitor", "t2")
            assert self.who(admin) == (deployer.name, "t1")

    def test_a_failed_statement_inside_is_undone_and_the_role_restored(
        self, admin: Connection, deployer: Deployer
    ) -> None:
        before = self.who(admin)
        with as_role(admin, deployer.name), pytest.raises(errors.InsufficientPrivilege):
            admin.execute("SELECT * FROM pg_authid")
        assert self.who(admin) == before

    def test_an_exception_leaves_role_and_settings_as_before(
        self, admin: Connection, deployer: Deployer
    ) -> None:
        before = self.who(admin)
        with pytest.raises(ZeroDivisionError), as_tenant(admin, "t1", role=deployer.name):
            raise ZeroDivisionError
        assert self.who(admin) == before

    def test_what_is_done_inside_stays(self, admin: Connection) -> None:
        with as_role(admin, "postgres"):
            admin.execute("CREATE TABLE kept ()")
        assert admin.execute("SELECT to_regclass('kept')::text").fetchone() == ("kept",)
