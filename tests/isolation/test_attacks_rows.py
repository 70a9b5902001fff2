"""Attacks on rows: reading, writing, moving and guessing what another tenant has.

The attacker is the administrator of his own tenant, so only isolation stands in his way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.isolation.arena import TABLES, Arena, Attacker, keys_of, truth

if TYPE_CHECKING:
    from collections.abc import Callable

REFUSED = "42501"

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

    @pytest.mark.parametrize(
        "call",
        [
            "query_to_xml('SELECT * FROM dsvault.datasets', true, true, '')",
            "query_to_xml_and_xmlschema('TABLE dsvault.tenants', true, true, '')",
            "table_to_xml('dsvault.datasets', true, true, '')",
            "cursor_to_xml('shown', 100, true, true, '')",
            "schema_to_xml('dsvault', true, true, '')",
            "database_to_xml(true, true, '')",
        ],
    )
    def test_documents_of_whole_tables_hold_my_rows_only(
        self, mallory: Attacker, call: str
    ) -> None:
        mallory.rows("DECLARE shown CURSOR FOR SELECT * FROM dsvault.datasets")
        try:
            with mallory.conn.transaction():
                (document,) = mallory.rows(f"SELECT {call}::text")
        except psycopg.errors.FeatureNotSupported:
            pytest.skip("this server was built without libxml")
        assert "acme" in document

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

    @pytest.mark.pg(">= 17")
    def test_merge_by_source_reaches_my_rows_only(self, mallory: Attacker, arena: Arena) -> None:
        """What is not matched is every row of the table that is seen: mine."""
        merge = """MERGE INTO dsvault.datasets AS d USING (VALUES (%s::uuid)) AS v (id)
            ON d.id = v.id WHEN NOT MATCHED BY SOURCE THEN {}
            RETURNING merge_action(), d.id"""
        mine = arena.mine.dataset_id
        for action in ("UPDATE SET description = 'mine'", "DELETE"):
            found = mallory.rows(merge.format(action), [arena.theirs.dataset_id])
            assert found == [(action.partition(" ")[0], mine)]
        with arena.superuser() as conn:  # which would wait for a row that he had touched
            theirs = "SELECT id FROM dsvault.datasets WHERE tenant_id = %s FOR UPDATE NOWAIT"
            left = {row[0] for row in conn.execute(theirs, [arena.theirs.id])}
        assert left == {arena.theirs.dataset_id}

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
