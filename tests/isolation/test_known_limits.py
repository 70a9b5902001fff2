"""What plain row security cannot stop. Each test shows a limit at work; sql/isolation.md says why.

A test here that fails means that a limit has gone, or grown: correct the page with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from tests.isolation.arena import TABLES, Arena, Attacker, new_tenant
from tests.support.database import new_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psycopg import Connection
    from tests.isolation.arena import Tenant
    from tests.support.cluster import Cluster
    from tests.support.database import Database, Deployer


def names(conn: Connection, statement: str, *parameters: object) -> list[object]:
    """Return the first column of a statement, foreign or not."""
    return [row[0] for row in conn.execute(statement.encode(), parameters or None).fetchall()]


class TestWhoeverMaySendAnySql:
    """The settings are the session's own, so who writes its SQL decides who it is."""

    def test_known_limit_names_any_tenant_in_the_settings(
        self, attacker: Attacker, arena: Arena
    ) -> None:
        conn, theirs = attacker.conn, arena.theirs
        names(conn, "SELECT set_config('app.current_tenant_id', %s, true)", str(theirs.id))
        names(conn, "SELECT set_config('app.current_user_id', %s, true)", str(theirs.admin_id))
        assert names(conn, "SELECT name FROM dsvault.datasets") == [theirs.dataset_name]

    def test_known_limit_enters_as_any_live_user_he_can_name(
        self, attacker: Attacker, arena: Arena
    ) -> None:
        attacker.enter(arena.theirs)
        rows = names(attacker.conn, "SELECT name FROM dsvault.datasets")
        assert rows == [arena.theirs.dataset_name]

    def test_known_limit_switches_before_a_statement_reads_its_first_row(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        """A sub-select that the table depends on runs before the policy is asked."""
        switched = names(
            mallory.conn,
            "WITH s AS MATERIALIZED (SELECT set_config('app.current_tenant_id', %s, true), "
            "set_config('app.current_user_id', %s, true)) "
            "SELECT d.name FROM s CROSS JOIN LATERAL (SELECT name FROM dsvault.datasets "
            "WHERE s IS NOT NULL OFFSET 0) AS d",
            str(arena.theirs.id),
            str(arena.theirs.admin_id),
        )
        assert switched == [arena.theirs.dataset_name]

    def test_known_limit_claims_permissions_by_the_third_setting(
        self, attacker: Attacker, arena: Arena
    ) -> None:
        """Within a tenant he needs no other user's id for that."""
        mine = arena.mine
        attacker.enter(mine, mine.viewer_id)
        assert names(attacker.conn, "SELECT id FROM dsvault.tokens") == []
        claim = f"{mine.id} {mine.viewer_id} token:read "
        names(attacker.conn, "SELECT set_config('app.current_permissions', %s, true)", claim)
        assert names(attacker.conn, "SELECT id FROM dsvault.tokens") == [mine.token_id]

    def test_known_limit_does_not_reach_beyond_the_groups_of_his_login(
        self, attacker: Attacker, arena: Arena
    ) -> None:
        """What he becomes is a tenant's user; the other tenants he must know by id."""
        attacker.enter(arena.theirs)
        assert names(attacker.conn, "SELECT slug FROM dsvault.tenants") == ["bolt"]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            attacker.conn.execute("SELECT dsvault.create_tenant('x', 'x', 'x@x.example', 'x')")


class TestSessionsThatAreShared:
    """What outlives a transaction is met by the next client of a pooled connection."""

    def test_known_limit_a_setting_made_for_the_session_outlives_the_transaction(
        self, arena: Arena
    ) -> None:
        with arena.connect() as pooled:
            conn, mine = pooled.conn, arena.mine
            names(conn, "SELECT set_config('app.current_tenant_id', %s, false)", str(mine.id))
            names(conn, "SELECT set_config('app.current_user_id', %s, false)", str(mine.admin_id))
            conn.commit()
            # The next client forgets to say who it is, and is the one before.
            assert names(conn, "SELECT name FROM dsvault.datasets") == [mine.dataset_name]
            # Whoever says it is safe.
            pooled.enter(arena.theirs)
            assert names(conn, "SELECT name FROM dsvault.datasets") == [arena.theirs.dataset_name]

    def test_known_limit_a_cursor_held_open_is_open_to_the_next_client(self, arena: Arena) -> None:
        with arena.connect() as pooled:
            pooled.enter(arena.mine)
            hold = "DECLARE held CURSOR WITH HOLD FOR SELECT name FROM dsvault.datasets"
            pooled.conn.execute(hold.encode())
            pooled.conn.commit()
            pooled.enter(arena.theirs)
            assert names(pooled.conn, "FETCH ALL FROM held") == [arena.mine.dataset_name]

    def test_known_limit_one_login_reads_the_queries_of_its_other_sessions(
        self, attacker: Attacker, arena: Arena
    ) -> None:
        secret = "SELECT name FROM dsvault.datasets WHERE name = 'bolt merger'"
        with arena.connect() as other:
            other.enter(arena.theirs)
            other.conn.execute(secret.encode())
            seen = "SELECT query FROM pg_stat_activity WHERE pid = %s"
            assert names(attacker.conn, seen, other.conn.info.backend_pid) == [secret]
            # A value that is sent as a parameter is not part of the text.
            other.conn.execute("SELECT name FROM dsvault.datasets WHERE name = %s", ["bolt merger"])
            attacker.conn.rollback()  # a transaction sees the activity of its first look
            (query,) = names(attacker.conn, seen, other.conn.info.backend_pid)
            assert "bolt" not in query

    def test_known_limit_one_login_ends_its_other_sessions(
        self, attacker: Attacker, arena: Arena
    ) -> None:
        with arena.connect() as other:
            pid = other.conn.info.backend_pid
            assert names(attacker.conn, f"SELECT pg_cancel_backend({pid})") == [True]

    def test_known_limit_one_login_shares_its_large_objects(self, arena: Arena) -> None:
        with arena.connect() as one, arena.connect() as other:
            one.enter(arena.theirs)
            (number,) = names(one.conn, "SELECT lo_from_bytea(0, 'told')")
            one.conn.commit()
            other.enter(arena.mine)
            assert names(other.conn, f"SELECT convert_from(lo_get({number}), 'UTF8')") == ["told"]
            other.conn.execute(f"SELECT lo_unlink({number})".encode())
            other.conn.commit()

    def test_known_limit_one_login_changes_its_own_defaults_and_password(
        self, arena: Arena, make_login: Callable[..., tuple[str, str]]
    ) -> None:
        login = make_login("dsvault_app")
        with arena.connect(login, autocommit=True) as session:
            session.conn.execute("ALTER ROLE CURRENT_USER SET search_path = 'nowhere'")
            session.conn.execute("ALTER ROLE CURRENT_USER PASSWORD 'changed'")
        with arena.connect((login[0], "changed")) as session:
            assert names(session.conn, "SHOW search_path") == ["nowhere"]


class TestSignalsBetweenTenants:
    """Tenants that work together can talk, and one can learn that another is busy."""

    def test_known_limit_tenants_can_notify_each_other(self, arena: Arena) -> None:
        with arena.connect(autocommit=True) as listener, arena.connect() as sender:
            listener.conn.execute("LISTEN exchange")
            sender.enter(arena.theirs)
            sender.conn.execute("SELECT pg_notify('exchange', 'told')")
            sender.conn.commit()
            told = [n.payload for n in listener.conn.notifies(timeout=60, stop_after=1)]
            assert told == ["told"]

    def test_known_limit_an_advisory_lock_tells_who_changes_administrators(
        self, attacker: Attacker, arena: Arena
    ) -> None:
        """The lock's number is made of the tenant's id, which its members know."""
        theirs = arena.theirs
        held = """SELECT count(*) FROM pg_locks AS l,
                      hashtextextended('dsvault.keep_admin ' || %s, 0) AS h (key)
                  WHERE l.locktype = 'advisory' AND l.classid::bigint = (h.key >> 32) & 4294967295
                      AND l.objid::bigint = h.key & 4294967295"""
        assert names(attacker.conn, held, str(theirs.id)) == [0]
        with arena.connect() as other:
            other.enter(theirs)
            other.conn.execute(
                "UPDATE dsvault.users SET status = 'suspended' WHERE id = %s", [theirs.viewer_id]
            )
            assert names(attacker.conn, held, str(theirs.id)) == [1]

    def test_known_limit_an_advisory_lock_can_be_held_against_a_tenant(
        self, attacker: Attacker, arena: Arena
    ) -> None:
        key = f"hashtextextended('dsvault.keep_admin {arena.theirs.id}', 0)"
        attacker.conn.execute(f"SELECT pg_advisory_xact_lock({key})".encode())
        with arena.connect(options="-c lock_timeout=100ms") as other:
            other.enter(arena.theirs)
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.conn.execute("UPDATE dsvault.users SET status = 'locked' WHERE name ~ 'view'")

    def test_known_limit_a_table_that_may_be_deleted_from_can_be_locked_for_all(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        mallory.conn.execute("LOCK TABLE dsvault.datasets IN ACCESS EXCLUSIVE MODE")
        with arena.connect(options="-c lock_timeout=100ms") as other:
            other.enter(arena.theirs)
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.conn.execute("SELECT name FROM dsvault.datasets")

    def test_known_limit_whoever_uses_a_group_takes_its_policies_away(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        """It closes the vault to all of the group, and opens nothing."""
        mallory.conn.execute("DROP OWNED BY dsvault_app")
        left = "SELECT count(*) FROM pg_policies WHERE 'dsvault_app' = ANY (roles)"
        assert names(mallory.conn, left) == [0]
        for table in TABLES:
            if names(mallory.conn, f"SELECT has_table_privilege('dsvault.{table}', 'SELECT')")[0]:
                assert mallory.rows(f"SELECT * FROM dsvault.{table}") == []
        mallory.conn.rollback()
        mallory.enter(arena.mine)
        assert names(mallory.conn, "SELECT slug FROM dsvault.tenants") == [arena.mine.slug]

    def test_known_limit_whoever_acts_as_a_group_changes_its_password_and_defaults(
        self, mallory: Attacker
    ) -> None:
        """Nobody logs in as a group, and its defaults reach no member."""
        conn = mallory.conn
        conn.execute("SET LOCAL ROLE dsvault_app")
        conn.execute("ALTER ROLE dsvault_app PASSWORD 'chosen'")
        conn.execute("ALTER ROLE dsvault_app SET row_security = off")
        logs_in = "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'dsvault_app'"
        assert names(conn, logs_in) == [False]


class TestNumbersOfAll:
    """Counts over all tenants, in the catalog and in plans; never a value that was not guessed."""

    @pytest.fixture
    def crowd(
        self, server: Cluster, deployer: Deployer, vault_template: str, arena: Arena
    ) -> Iterator[tuple[Database, Tenant, Tenant]]:
        """A vault in which the other tenant has 600 schemas of one name, and statistics know it."""
        with new_database(server, deployer, vault_template) as database:
            with database.connect(superuser=True, autocommit=True) as conn:
                mine, theirs = new_tenant(conn, "acme", "a"), new_tenant(conn, "bolt", "b")
                conn.execute(
                    "INSERT INTO dsvault.schemas (tenant_id, name, version, definition, created_by)"
                    " SELECT %s, 'merger', n, '{}', %s FROM generate_series(1, 600) AS n",
                    [theirs.id, theirs.admin_id],
                )
                conn.execute("ANALYZE")
            yield database, mine, theirs

    def test_known_limit_an_estimate_tells_which_guessed_values_are_frequent(
        self, crowd: tuple[Database, Tenant, Tenant], arena: Arena
    ) -> None:
        database, mine, _ = crowd
        with psycopg.connect(database.url_as(arena.login, arena.password)) as conn:
            conn.execute("SELECT dsvault.enter(%s, %s)", [mine.id, mine.admin_id])
            estimates = []
            for guess in ("merger", "no merger"):
                plan = "EXPLAIN (FORMAT JSON) SELECT FROM dsvault.schemas WHERE name = %s"
                ((answer,),) = conn.execute(plan.encode(), [guess]).fetchall()
                estimates.append(answer[0]["Plan"]["Plan Rows"])
            assert names(conn, "SELECT name FROM dsvault.schemas WHERE name = 'merger'") == []
        assert estimates[0] > 50 * estimates[1]

    def test_known_limit_explain_analyze_counts_the_rows_that_it_filtered_out(
        self, crowd: tuple[Database, Tenant, Tenant], arena: Arena
    ) -> None:
        database, mine, _ = crowd
        with psycopg.connect(database.url_as(arena.login, arena.password)) as conn:
            conn.execute("SELECT dsvault.enter(%s, %s)", [mine.id, mine.admin_id])
            for method in ("indexscan", "bitmapscan", "indexonlyscan"):
                conn.execute(f"SET LOCAL enable_{method} = off".encode())
            lines = names(conn, "EXPLAIN (ANALYZE, TIMING off) SELECT FROM dsvault.schemas")
        assert any("Rows Removed by Filter: 601" in str(line) for line in lines)

    def test_known_limit_counters_and_sizes_of_tables_are_public(
        self, crowd: tuple[Database, Tenant, Tenant], arena: Arena
    ) -> None:
        database, _, _ = crowd
        with psycopg.connect(database.url_as(arena.login, arena.password)) as conn:
            estimate = "SELECT reltuples FROM pg_class WHERE oid = 'dsvault.schemas'::regclass"
            assert names(conn, estimate) == [602]
            assert names(conn, "SELECT pg_relation_size('dsvault.schemas') > 8192") == [True]
            assert names(conn, "SELECT count(*) > 0 FROM pg_stat_user_tables") == [True]

    def test_known_limit_where_a_foreign_row_went_can_be_asked_by_its_address(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        """currtid2 follows a row's versions, whoever's; of the row it shows the address alone."""
        place = "SELECT ctid::text FROM dsvault.users WHERE id = %s"
        with arena.superuser() as conn:
            (before,) = names(conn, place, arena.theirs.viewer_id)
            conn.execute(
                "UPDATE dsvault.users SET email_verified = NOT email_verified WHERE id = %s",
                [arena.theirs.viewer_id],
            )
            (after,) = names(conn, place, arena.theirs.viewer_id)
        assert before != after
        asked = "SELECT currtid2('dsvault.users', %s::tid)::text"
        assert names(mallory.conn, asked, before) == [after]


class TestTime:
    def test_known_limit_a_permission_taken_away_lasts_to_the_end_of_the_transaction(
        self, arena: Arena
    ) -> None:
        """enter() computes once; the two settings alone ask again in every statement."""
        mine = arena.mine
        with arena.superuser() as conn, arena.connect() as session:
            session.enter(mine, mine.viewer_id)
            expire = "UPDATE dsvault.user_roles SET expires_at = %s WHERE user_id = %s"
            conn.execute(expire.encode(), ["-infinity", mine.viewer_id])
            try:
                assert session.rows("SELECT name FROM dsvault.datasets") == [mine.dataset_name]
                session.rows("SET LOCAL app.current_permissions = ''")
                assert session.rows("SELECT name FROM dsvault.datasets") == []
                session.conn.rollback()
                session.enter(mine, mine.viewer_id)
                assert session.rows("SELECT name FROM dsvault.datasets") == []
            finally:
                conn.execute(expire.encode(), [None, mine.viewer_id])


class TestWithinATenant:
    def test_known_limit_whoever_updates_users_updates_administrators(
        self, attacker: Attacker, arena: Arena
    ) -> None:
        """user:update can give an administrator another address to log in with."""
        mine = arena.mine
        attacker.enter(mine)
        attacker.rows(
            "WITH r AS (INSERT INTO dsvault.roles (name, permissions) "
            "VALUES ('clerk', '[\"user:read\", \"user:update\"]') RETURNING id) "
            "INSERT INTO dsvault.user_roles (user_id, role_id, granted_by) "
            "SELECT %s, id, %s FROM r",
            [mine.viewer_id, mine.admin_id],
        )
        attacker.enter(mine, mine.viewer_id)
        change = "UPDATE dsvault.users SET email = 'clerk@acme.example' WHERE id = %s"
        assert attacker.changed(change, [mine.admin_id]) == 1


class TestCluster:
    def test_known_limit_a_login_reaches_every_vault_of_the_cluster(
        self, server: Cluster, deployer: Deployer, vault_template: str, arena: Arena
    ) -> None:
        """Group roles belong to the cluster; CONNECT is what tells vaults apart."""
        with (
            new_database(server, deployer, vault_template) as other,
            other.connect(superuser=True, autocommit=True) as conn,
        ):
            tenant = new_tenant(conn, "third", "c")
            url = other.url_as(arena.login, arena.password)
            with psycopg.connect(url) as session:
                session.execute("SELECT dsvault.enter(%s, %s)", [tenant.id, tenant.admin_id])
                assert names(session, "SELECT slug FROM dsvault.tenants") == ["third"]
            closed = sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC")
            conn.execute(closed.format(sql.Identifier(other.name)))
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                psycopg.connect(url)
