"""Attacks on rows: reading, writing, moving and guessing what another tenant has.

The attacker is the administrator of his own tenant, so only isolation stands in his way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from tests.isolation.arena import TABLES, Arena, Attacker
from tests.support.sealed import SEALED, WRAPPED_VAULT

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

REFUSED, NO_SUCH_PARENT = "42501", "23503"

# Table: a column that tells its rows apart, and the foreign row's value of it.
FOREIGN_ROW: dict[str, tuple[str, str]] = {
    "tenants": ("id", "id"),
    "users": ("id", "admin_id"),
    "roles": ("id", "admin_role_id"),
    "user_roles": ("user_id", "viewer_id"),
    "schemas": ("id", "schema_id"),
    "encryption_keys": ("id", "key_id"),
    "datasets": ("id", "dataset_id"),
    "dataset_versions": ("id", "version_id"),
    "records": ("id", "record_id"),
    "tokens": ("id", "token_id"),
    "audit_logs": ("user_id", "admin_id"),
    "lineage_edges": ("id", "edge_id"),
}


def truth(arena: Arena, statement: str, *parameters: object) -> list[tuple[object, ...]]:
    """Return what a superuser sees."""
    with arena.superuser() as conn:
        return conn.execute(statement.encode(), parameters).fetchall()


def keys_of(arena: Arena, table: str, tenant_id: UUID) -> set[object]:
    tenant = "id" if table == "tenants" else "tenant_id"
    rows = truth(
        arena, f"SELECT {TABLES[table]} FROM dsvault.{table} WHERE {tenant} = %s", tenant_id
    )
    return {row[0] for row in rows}


class TestReading:
    @pytest.mark.parametrize("table", TABLES)
    def test_each_table_shows_exactly_my_rows(
        self, mallory: Attacker, arena: Arena, table: str
    ) -> None:
        mine = keys_of(arena, table, arena.mine.id)
        assert mine
        assert keys_of(arena, table, arena.theirs.id)
        assert set(mallory.rows(f"SELECT {TABLES[table]} FROM dsvault.{table}")) == mine

    @pytest.mark.parametrize("table", TABLES)
    def test_nobody_sees_nothing(self, attacker: Attacker, table: str) -> None:
        assert attacker.rows(f"SELECT * FROM dsvault.{table}") == []

    @pytest.mark.parametrize("table", TABLES)
    def test_a_foreign_row_cannot_be_read_by_its_key(
        self, mallory: Attacker, arena: Arena, table: str
    ) -> None:
        column, attribute = FOREIGN_ROW[table]
        value = getattr(arena.theirs, attribute)
        assert truth(arena, f"SELECT FROM dsvault.{table} WHERE {column} = %s", value)
        assert mallory.rows(f"SELECT * FROM dsvault.{table} WHERE {column} = %s", [value]) == []
        if table != "tenants":
            by_tenant = f"SELECT * FROM dsvault.{table} WHERE tenant_id = %s"
            assert mallory.rows(by_tenant, [arena.theirs.id]) == []

    def test_the_system_tenant_shows_nothing(self, mallory: Attacker) -> None:
        assert mallory.rows("SELECT slug FROM dsvault.tenants") == ["acme"]
        zero = "00000000-0000-0000-0000-000000000000"
        assert mallory.rows("SELECT name FROM dsvault.roles WHERE tenant_id = %s", [zero]) == []

    @pytest.mark.parametrize("table", ["datasets", "users", "records", "audit_logs"])
    def test_physical_addresses_lead_to_my_rows_only(self, mallory: Attacker, table: str) -> None:
        addresses = [f"({page},{line})" for page in range(3) for line in range(1, 40)]
        found = mallory.rows(
            f"SELECT tenant_id::text FROM dsvault.{table} WHERE ctid = ANY (%s::tid[])", [addresses]
        )
        assert set(found) == {str(mallory.arena.mine.id)}

    def test_sampling_a_table_draws_from_my_rows_only(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        sampled = mallory.rows("SELECT name FROM dsvault.datasets TABLESAMPLE SYSTEM (100)")
        assert sampled == [arena.mine.dataset_name]

    @pytest.mark.parametrize(
        "setting",
        [
            "enable_indexscan = off",
            "enable_seqscan = off",
            "enable_partition_pruning = off",
            "constraint_exclusion = off",
            "plan_cache_mode = force_generic_plan",
            "plan_cache_mode = force_custom_plan",
            "jit_above_cost = 0",
            "default_transaction_isolation = 'serializable'",
            "search_path = ''",
            "transform_null_equals = on",
            "standard_conforming_strings = off",
            "client_encoding = 'LATIN1'",
        ],
    )
    def test_no_setting_of_the_session_shows_more(
        self, mallory: Attacker, arena: Arena, setting: str
    ) -> None:
        mallory.rows(f"SET LOCAL {setting}")
        for _ in range(7):
            assert mallory.rows("SELECT name FROM dsvault.datasets") == [arena.mine.dataset_name]
        assert mallory.rows("SELECT id FROM dsvault.records") == [arena.mine.record_id]

    def test_parallel_workers_see_what_their_leader_sees(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        new = int(arena.database.cluster.version.split(".")[0]) >= 16
        mallory.rows(f"SET LOCAL {'debug_parallel_query' if new else 'force_parallel_mode'} = on")
        for entered in (True, False):
            if not entered:  # the settings alone: permissions are looked up in the worker
                mallory.rows("SET LOCAL app.current_permissions = ''")
            assert mallory.rows("SELECT name FROM dsvault.datasets") == [arena.mine.dataset_name]
            assert mallory.rows("SELECT count(*) FROM dsvault.records") == [1]

    def test_copy_to_the_client_sends_my_rows_only(self, mallory: Attacker, arena: Arena) -> None:
        for source in ("dsvault.datasets (name)", "(SELECT name FROM dsvault.datasets)"):
            with mallory.conn.cursor().copy(f"COPY {source} TO STDOUT".encode()) as copy:
                assert b"".join(bytes(part) for part in copy) == b"acme merger\n"

    def test_functions_that_run_queries_for_me_run_them_as_me(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        words = mallory.rows(
            "SELECT word FROM ts_stat('SELECT to_tsvector(''simple'', name) FROM dsvault.datasets')"
            " ORDER BY 1"
        )
        assert words == ["acme", "merger"]

    def test_locking_reads_lock_my_rows_only(self, mallory: Attacker, arena: Arena) -> None:
        for strength in ("UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"):
            locked = mallory.rows(f"SELECT name FROM dsvault.datasets FOR {strength} NOWAIT")
            assert locked == [arena.mine.dataset_name]

    def test_two_tenants_never_meet_in_a_join(self, mallory: Attacker, arena: Arena) -> None:
        pairs = mallory.rows(
            """SELECT d.name, v.message, t.slug FROM dsvault.datasets AS d
                   FULL JOIN dsvault.dataset_versions AS v ON true
                   FULL JOIN dsvault.tenants AS t ON true"""
        )
        assert pairs == [("acme merger", "acme first", "acme")]


class TestMistakesOfTheOwner:
    """The floor holds even where somebody who may write policies wrote a wrong one."""

    def test_a_permissive_policy_for_everything_opens_nothing_foreign(
        self, attacker: Attacker, arena: Arena
    ) -> None:
        with arena.superuser() as conn:
            for table in TABLES:
                conn.execute(f"CREATE POLICY oops ON dsvault.{table} USING (true)")
            try:
                attacker.enter(arena.mine)
                for table, key in TABLES.items():
                    shown = set(attacker.rows(f"SELECT {key} FROM dsvault.{table}"))
                    assert shown == keys_of(arena, table, arena.mine.id)
            finally:
                attacker.conn.rollback()
                for table in TABLES:
                    conn.execute(f"DROP POLICY oops ON dsvault.{table}")

    def test_a_grant_of_the_tenant_column_moves_no_row(
        self, arena: Arena, make_login: Callable[..., tuple[str, str]]
    ) -> None:
        login = make_login("dsvault_app")
        with arena.superuser() as conn:
            conn.execute(f"GRANT INSERT, UPDATE ON dsvault.datasets TO {login[0]}")
        with arena.connect(login) as session:
            session.enter(arena.mine)
            told = session.refused(
                REFUSED, "UPDATE dsvault.datasets SET tenant_id = %s", [arena.theirs.id]
            )
            assert "violates row-level security policy" in told
            session.refused(
                REFUSED,
                "INSERT INTO dsvault.datasets (tenant_id, name, owner_id) VALUES (%s, 'x', %s)",
                [arena.theirs.id, arena.theirs.admin_id],
            )


class TestWriting:
    @pytest.mark.parametrize("table", [name for name in TABLES if name != "tenants"])
    def test_a_row_cannot_be_moved_to_another_tenant(
        self, mallory: Attacker, arena: Arena, table: str
    ) -> None:
        move = f"UPDATE dsvault.{table} SET tenant_id = %s"
        mallory.refused(REFUSED, move, [arena.theirs.id])

    @pytest.mark.parametrize("table", TABLES)
    def test_a_row_cannot_be_born_in_another_tenant(
        self, mallory: Attacker, arena: Arena, table: str
    ) -> None:
        column = "id" if table == "tenants" else "tenant_id"
        birth = f"INSERT INTO dsvault.{table} ({column}) VALUES (%s)"
        mallory.refused(REFUSED, birth, [arena.theirs.id])

    @pytest.mark.parametrize(
        ("table", "assignment"),
        [
            ("users", "name = 'mine'"),
            ("roles", "description = 'mine'"),
            ("user_roles", "expires_at = now()"),
            ("schemas", "description = 'mine'"),
            ("encryption_keys", "wrapped_key = 'mine'"),
            ("datasets", "description = 'mine'"),
            ("dataset_versions", "message = 'mine'"),
            ("tokens", "accessed_count = 9"),
        ],
    )
    def test_a_foreign_row_cannot_be_changed(
        self, mallory: Attacker, arena: Arena, table: str, assignment: str
    ) -> None:
        column, attribute = FOREIGN_ROW[table]
        value = [getattr(arena.theirs, attribute)]
        assert (
            mallory.changed(f"UPDATE dsvault.{table} SET {assignment} WHERE {column} = %s", value)
            == 0
        )

    @pytest.mark.parametrize(
        "table",
        [
            "users",
            "roles",
            "user_roles",
            "datasets",
            "dataset_versions",
            "records",
            "lineage_edges",
        ],
    )
    def test_a_foreign_row_cannot_be_deleted(
        self, mallory: Attacker, arena: Arena, table: str
    ) -> None:
        column, attribute = FOREIGN_ROW[table]
        value = [getattr(arena.theirs, attribute)]
        assert mallory.changed(f"DELETE FROM dsvault.{table} WHERE {column} = %s", value) == 0

    def test_updating_everything_updates_mine(self, mallory: Attacker, arena: Arena) -> None:
        assert mallory.changed("UPDATE dsvault.datasets SET description = 'all'") == 1
        assert mallory.changed("UPDATE dsvault.tokens SET accessed_count = 1") == 1
        assert mallory.changed("DELETE FROM dsvault.lineage_edges") == 1
        assert mallory.changed("DELETE FROM dsvault.records") == 1

    def test_merge_neither_matches_nor_makes_foreign_rows(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        merge = """MERGE INTO dsvault.datasets AS d USING (VALUES (%(name)s)) AS v (name)
            ON d.name = v.name
            WHEN MATCHED THEN DELETE
            WHEN NOT MATCHED THEN """
        them = {"name": arena.theirs.dataset_name, "tenant": arena.theirs.id}
        assert mallory.changed(merge + "DO NOTHING", them) == 0
        mallory.refused(
            REFUSED,
            merge
            + "INSERT (tenant_id, name, owner_id) VALUES (%(tenant)s, name, gen_random_uuid())",
            them,
        )
        by_id = """MERGE INTO dsvault.datasets AS d
            USING (VALUES (%s::uuid)) AS v (id) ON d.id = v.id
            WHEN MATCHED THEN UPDATE SET description = 'mine'"""
        assert mallory.changed(by_id, [arena.theirs.dataset_id]) == 0
        assert mallory.changed(by_id, [arena.mine.dataset_id]) == 1

    @pytest.mark.pg(">= 18")
    def test_returning_the_old_row_returns_mine(self, mallory: Attacker, arena: Arena) -> None:
        shown = mallory.rows(
            "UPDATE dsvault.datasets SET description = 'x' RETURNING old.name, new.name"
        )
        assert shown == [("acme merger", "acme merger")]

    @pytest.mark.parametrize(
        "columns",
        [
            "users (email, name)",
            "datasets (name, owner_id)",
            "records (dataset_id, version_id, content_hash, encrypted_data)",
            "tokens (token_hash, encrypted_value, pii_type)",
        ],
    )
    def test_copy_from_the_client_is_refused(self, mallory: Attacker, columns: str) -> None:
        with (
            pytest.raises(psycopg.errors.FeatureNotSupported, match="row-level security"),
            mallory.conn.cursor().copy(f"COPY dsvault.{columns} FROM STDIN".encode()),
        ):
            pass


class TestForeignKeys:
    """A key names the tenant too, so a foreign parent is no parent, like one that is not there."""

    @pytest.mark.parametrize(
        ("statement", "parent"),
        [
            ("INSERT INTO dsvault.datasets (name, owner_id) VALUES ('x', %(id)s)", "admin_id"),
            (
                (
                    "INSERT INTO dsvault.datasets (name, owner_id, schema_id) "
                    "VALUES ('x', %(me)s, %(id)s)"
                ),
                "schema_id",
            ),
            (
                (
                    "INSERT INTO dsvault.datasets (name, owner_id, encryption_key_id) "
                    "VALUES ('x', %(me)s, %(id)s)"
                ),
                "key_id",
            ),
            ("UPDATE dsvault.datasets SET owner_id = %(id)s", "admin_id"),
            ("UPDATE dsvault.datasets SET schema_id = %(id)s", "schema_id"),
            ("UPDATE dsvault.datasets SET encryption_key_id = %(id)s", "key_id"),
            (
                (
                    "INSERT INTO dsvault.dataset_versions (dataset_id, version_number, commit_id, "
                    "tree_hash, message, author_id, storage_path, manifest_hash) "
                    "VALUES (%(id)s, 7, 'c', 't', 'm', %(me)s, 'p', 'm')"
                ),
                "dataset_id",
            ),
            (
                (
                    "INSERT INTO dsvault.dataset_versions (dataset_id, version_number, commit_id, "
                    "tree_hash, message, author_id, storage_path, manifest_hash, "
                    "parent_version_id) "
                    "VALUES (%(dataset)s, 7, 'c', 't', 'm', %(me)s, 'p', 'm', %(id)s)"
                ),
                "version_id",
            ),
            (
                (
                    "INSERT INTO dsvault.records (dataset_id, version_id, content_hash, "
                    f"encrypted_data) VALUES (%(dataset)s, %(id)s, repeat('c', 64), {SEALED})"
                ),
                "version_id",
            ),
            (
                (
                    "INSERT INTO dsvault.records (dataset_id, version_id, content_hash, "
                    f"encrypted_data) VALUES (%(id)s, %(version)s, repeat('c', 64), {SEALED})"
                ),
                "dataset_id",
            ),
            (
                (
                    "INSERT INTO dsvault.schemas (name, definition, created_by, parent_schema_id) "
                    "VALUES ('x', '{}', %(me)s, %(id)s)"
                ),
                "schema_id",
            ),
            ("INSERT INTO dsvault.roles (name, created_by) VALUES ('x', %(id)s)", "admin_id"),
            (
                (
                    "INSERT INTO dsvault.user_roles (user_id, role_id, granted_by) "
                    "VALUES (%(viewer)s, %(id)s, %(me)s)"
                ),
                "admin_role_id",
            ),
            (
                (
                    "INSERT INTO dsvault.user_roles (user_id, role_id, granted_by) "
                    "VALUES (%(id)s, %(role)s, %(me)s)"
                ),
                "viewer_id",
            ),
        ],
    )
    def test_my_row_cannot_refer_to_theirs_nor_tell_whether_it_exists(
        self, mallory: Attacker, arena: Arena, statement: str, parent: str
    ) -> None:
        mine = arena.mine
        known = {
            "me": mine.admin_id,
            "viewer": mine.viewer_id,
            "role": mine.viewer_role_id,
            "dataset": mine.dataset_id,
            "version": mine.version_id,
            "key": mine.key_id,
        }
        there, nowhere = getattr(arena.theirs, parent), uuid4()
        answers = [
            mallory.refused(NO_SUCH_PARENT, statement, known | {"id": value})
            for value in (there, nowhere)
        ]
        # The partition that the id belongs to is arithmetic on what the attacker gave.
        assert len({re.sub(r"records_p\d+", "records_p…", told) for told in answers}) == 1

    def test_their_rows_do_not_follow_mine_even_under_the_same_numbers(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        """Ids are unique within a tenant, so an attacker can take theirs; nothing hangs on that."""
        theirs, mine = arena.theirs, arena.mine
        mallory.rows(
            "INSERT INTO dsvault.users (id, email, name) VALUES (%s, 'double@x.example', 'double')",
            [theirs.viewer_id],
        )
        mallory.rows(
            "INSERT INTO dsvault.datasets (id, name, owner_id) VALUES (%s, 'double', %s)",
            [theirs.dataset_id, theirs.viewer_id],
        )
        mallory.rows(
            """INSERT INTO dsvault.dataset_versions (id, dataset_id, version_number, commit_id,
                   tree_hash, message, author_id, storage_path, manifest_hash)
               VALUES (%s, %s, 1, 'c', 't', 'm', %s, 'p', 'm')""",
            [theirs.version_id, theirs.dataset_id, mine.admin_id],
        )
        # No record of theirs hangs on a version of mine, and deleting mine takes none of theirs.
        their_records = "SELECT id FROM dsvault.records WHERE dataset_id = %s"
        assert mallory.rows(their_records, [theirs.dataset_id]) == []
        assert (
            mallory.changed("DELETE FROM dsvault.datasets WHERE id = %s", [theirs.dataset_id]) == 1
        )
        assert mallory.changed("DELETE FROM dsvault.users WHERE id = %s", [theirs.viewer_id]) == 1
        mallory.conn.commit()
        left = "SELECT count(*) FROM dsvault.records WHERE tenant_id = %s"
        assert truth(arena, left, theirs.id) == [(1,)]
        assert keys_of(arena, "users", theirs.id) == {"admin@bolt.example", "viewer@bolt.example"}
        assert len(keys_of(arena, "user_roles", theirs.id)) == 2


class TestUniqueKeys:
    """A key that another tenant holds is as free as one that nobody holds."""

    @pytest.mark.parametrize(
        ("statement", "attribute"),
        [
            ("users (id, email, name) VALUES (%(v)s, 'new@x.example', 'x')", "admin_id"),
            ("users (email, name) VALUES ('admin@' || %(v)s || '.example', 'x')", "slug"),
            ("roles (id, name) VALUES (%(v)s, 'x')", "admin_role_id"),
            (
                "schemas (id, name, definition, created_by) VALUES (%(v)s, 'x', '{}', %(me)s)",
                "schema_id",
            ),
            (
                (
                    "encryption_keys (id, key_type, kms_provider, kms_key_id, wrapped_key) "
                    f"VALUES (%(v)s, 'field', 'vault', 'x', {WRAPPED_VAULT})"
                ),
                "key_id",
            ),
            ("datasets (name, owner_id) VALUES (%(v)s, %(me)s)", "dataset_name"),
            ("datasets (id, name, owner_id) VALUES (%(v)s, 'x', %(me)s)", "dataset_id"),
            (
                (
                    "records (id, dataset_id, version_id, content_hash, encrypted_data) "
                    f"VALUES (%(v)s, %(dataset)s, %(version)s, repeat('c', 64), {SEALED})"
                ),
                "record_id",
            ),
            (
                f"tokens (token_hash, encrypted_value, pii_type) VALUES (%(v)s, {SEALED}, 'email')",
                "token_hash",
            ),
            (
                (
                    "tokens (id, token_hash, encrypted_value, pii_type) "
                    f"VALUES (%(v)s, repeat('c', 64), {SEALED}, 'email')"
                ),
                "token_id",
            ),
            (
                (
                    "lineage_edges "
                    "(id, source_type, source_id, target_type, target_id, relationship) "
                    "VALUES (%(v)s, 'dataset', %(dataset)s, 'version', %(version)s, 'copied_from')"
                ),
                "edge_id",
            ),
        ],
    )
    def test_on_conflict_does_not_tell_what_they_hold(
        self, mallory: Attacker, arena: Arena, statement: str, attribute: str
    ) -> None:
        mine = arena.mine
        known = {"me": mine.admin_id, "dataset": mine.dataset_id, "version": mine.version_id}
        known |= {"key": mine.key_id}
        known |= {"v": getattr(arena.theirs, attribute)}
        insert = f"INSERT INTO dsvault.{statement} ON CONFLICT DO NOTHING"
        assert mallory.changed(insert, known) == 1
        assert mallory.changed(insert, known) == 0

    def test_an_edge_to_what_they_hold_is_refused_as_one_to_nothing(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        insert = (
            "INSERT INTO dsvault.lineage_edges "
            "(source_type, source_id, target_type, target_id, relationship) "
            "VALUES ('version', %s, 'dataset', %s, 'copied_from')"
        )
        mine, theirs, nothing = arena.mine.version_id, arena.theirs.dataset_id, uuid4()
        told = [
            mallory.refused("DV706", insert, [mine, target]).replace(str(target), "it")
            for target in (theirs, nothing)
        ]
        assert told[0] == told[1]

    def test_the_one_key_across_tenants_cannot_be_tried_by_applications(
        self, mallory: Attacker, arena: Arena
    ) -> None:
        mallory.refused(
            REFUSED,
            "INSERT INTO dsvault.tenants (name, slug) VALUES ('x', %s) ON CONFLICT DO NOTHING",
            [arena.theirs.slug],
        )


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
