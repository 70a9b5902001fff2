"""Attacks with names: objects that shadow those of the vault, and search paths that prefer them.

Applications can create nothing, not even temporary objects. The second half goes further: somebody
has been generous, and the attacker has TEMPORARY on the database and a schema of his own.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.isolation.arena import TABLES, Arena, Attacker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REFUSED = "42501"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TEMPORARY TABLE users (id uuid)",
        "CREATE TEMPORARY VIEW user_roles AS SELECT 1 AS one",
        "CREATE TEMPORARY SEQUENCE s",
        "SELECT 1 AS one INTO TEMPORARY t",
        "CREATE FUNCTION pg_temp.current_tenant_id() RETURNS uuid LANGUAGE sql AS 'SELECT NULL'",
        "CREATE DOMAIN pg_temp.uuid AS pg_catalog.text",
        "CREATE DOMAIN pg_temp.text AS pg_catalog.varchar",
        "CREATE TYPE pg_temp.jsonb AS ENUM ()",
        "CREATE OPERATOR pg_temp.= (FUNCTION = uuid_eq, LEFTARG = uuid, RIGHTARG = uuid)",
        "CREATE AGGREGATE pg_temp.count (*) (SFUNC = int8inc, STYPE = int8)",
        'CREATE COLLATION pg_temp.c FROM "C"',
    ],
)
def test_no_temporary_object_can_be_made(mallory: Attacker, statement: str) -> None:
    mallory.refused(REFUSED, statement)


@pytest.mark.parametrize(
    "path", ["''", "pg_temp", "public", "dsvault_private", "pg_temp, pg_catalog"]
)
def test_no_search_path_changes_what_is_seen(mallory: Attacker, arena: Arena, path: str) -> None:
    mallory.rows(f"SET LOCAL search_path = {path}")
    assert mallory.rows("SELECT name FROM dsvault.datasets") == [arena.mine.dataset_name]
    mallory.rows("SELECT dsvault.leave()")
    mallory.enter(arena.mine, arena.mine.viewer_id)
    assert mallory.rows("SELECT dsvault.my_permissions()") == [
        ["dataset:read", "schema:read", "version:read"]
    ]


class TestArmed:
    """The attacker is a viewer, and may make temporary objects and objects in a schema of his."""

    @pytest.fixture
    def armed(self, arena: Arena, make_login: Callable[..., tuple[str, str]]) -> Iterator[Attacker]:
        login = make_login("dsvault_app")
        with arena.superuser() as conn:
            conn.execute(f"GRANT TEMPORARY ON DATABASE {arena.database.name} TO {login[0]}")
            conn.execute(f"CREATE SCHEMA IF NOT EXISTS his AUTHORIZATION {login[0]}")
        with arena.connect(login) as session:
            yield session
        with arena.superuser() as conn:
            conn.execute("DROP SCHEMA his CASCADE")

    @staticmethod
    @contextmanager
    def in_path(session: Attacker) -> Iterator[None]:
        session.rows("SET LOCAL search_path = his, pg_temp, pg_catalog")
        yield
        session.rows("SET LOCAL search_path = pg_catalog")

    def test_his_tables_do_not_stand_in_for_the_vaults(self, armed: Attacker, arena: Arena) -> None:
        with self.in_path(armed):
            for schema in ("pg_temp", "his"):
                for table in TABLES:
                    armed.rows(f"CREATE TABLE {schema}.{table} AS SELECT * FROM dsvault.{table}")
                armed.rows(
                    f"INSERT INTO {schema}.roles (id, tenant_id, name, permissions) "
                    "VALUES (gen_random_uuid(), %s, 'all', dsvault.permission_catalogue())",
                    [arena.mine.id],
                )
                armed.rows(
                    f"INSERT INTO {schema}.user_roles (tenant_id, user_id, role_id) "
                    f"SELECT tenant_id, %s, id FROM {schema}.roles",
                    [arena.mine.viewer_id],
                )
            armed.enter(arena.mine, arena.mine.viewer_id)
            assert armed.rows(
                "SELECT dsvault.has_permission(%s, 'token:read')", [arena.mine.viewer_id]
            ) == [False]
            assert armed.rows("SELECT * FROM dsvault.tokens") == []
            assert armed.rows("SELECT name FROM dsvault.datasets") == [arena.mine.dataset_name]

    def test_his_functions_do_not_stand_in_for_the_vaults(
        self, armed: Attacker, arena: Arena
    ) -> None:
        theirs = arena.theirs.id
        for schema in ("pg_temp", "his"):
            for function in ("current_tenant_id()", "tenant_for(permission text)"):
                armed.rows(
                    f"CREATE FUNCTION {schema}.{function} RETURNS uuid LANGUAGE sql "
                    f"AS 'SELECT ''{theirs}''::uuid'"
                )
        armed.rows(
            "CREATE FUNCTION his.current_setting(text, boolean) RETURNS text LANGUAGE sql "
            f"AS 'SELECT ''{theirs}''::text'"
        )
        armed.rows(
            "CREATE FUNCTION his.yes(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'"
        )
        armed.rows(
            "CREATE FUNCTION his.yes(uuid, uuid) RETURNS boolean LANGUAGE sql AS 'SELECT true'"
        )
        for operator, kind in (("=", "uuid"), ("=", "text"), ("~~", "text"), ("~", "text")):
            armed.rows(
                f"CREATE OPERATOR his.{operator} "
                f"(FUNCTION = his.yes, LEFTARG = {kind}, RIGHTARG = {kind})"
            )
        with self.in_path(armed):
            assert armed.rows("SELECT name FROM dsvault.datasets") == []
            armed.enter(arena.mine, arena.mine.viewer_id)
            assert armed.rows("SELECT name FROM dsvault.datasets") == [arena.mine.dataset_name]
            assert armed.rows("SELECT dsvault.current_tenant_id()") == [arena.mine.id]

    @pytest.mark.parametrize("schema", ["pg_temp", "his"])
    @pytest.mark.parametrize("name", ["text", "uuid", "jsonb", "timestamptz", "varchar"])
    def test_his_types_run_nothing_as_the_definer(
        self, armed: Attacker, arena: Arena, schema: str, name: str
    ) -> None:
        """A domain's CHECK runs wherever a value of its type is made.

        The accessors are looked at first by the attacker himself, which is when the types of their
        variables would be looked up for the rest of the session.
        """
        armed.rows(
            f"""CREATE FUNCTION {schema}.spy(pg_catalog.text) RETURNS pg_catalog.bool
                LANGUAGE plpgsql AS $$ BEGIN
                    RAISE EXCEPTION 'ran as %', current_user USING ERRCODE = 'ZZ001';
                END $$"""
        )
        base = {"varchar": "text"}.get(name, name)
        armed.rows(
            f"CREATE DOMAIN {schema}.{name} AS pg_catalog.{base} "
            f"CHECK ({schema}.spy(VALUE::pg_catalog.text))"
        )
        with self.in_path(armed):
            armed.refused("ZZ001", f"SELECT NULL::{schema}.{name}")
            mine = arena.mine
            assert armed.rows("SELECT dsvault.current_tenant_id()") == [None]
            assert armed.rows("SELECT dsvault.tenant_for('tenant:member')") == [None]
            armed.enter(mine, mine.viewer_id)
            asked = [mine.viewer_id, "dataset:read"]
            assert armed.rows("SELECT dsvault.has_permission(%s, %s)", asked) == [True]
            assert armed.rows("SELECT holds FROM dsvault.explain_permission(%s, %s)", asked) == [
                True
            ]
            assert armed.rows("SELECT name FROM dsvault.datasets") == [mine.dataset_name]
            armed.rows("SET LOCAL app.current_permissions = ''")
            assert armed.rows("SELECT name FROM dsvault.datasets") == [mine.dataset_name]
            assert len(armed.rows("SELECT dsvault.my_permissions()")[0]) == 3
            armed.rows("SELECT dsvault.leave()")

    def test_his_view_shows_what_he_may_see(self, armed: Attacker, arena: Arena) -> None:
        armed.rows("CREATE VIEW his.all_datasets AS SELECT * FROM dsvault.datasets")
        armed.enter(arena.mine)
        assert armed.rows("SELECT name FROM his.all_datasets") == [arena.mine.dataset_name]

    @pytest.mark.parametrize(
        "where",
        [
            "his.spy(name)",
            "his.spy(name) AND name = name",
            "NOT his.spy(name)",
            "name OPERATOR(his.~) ''",
        ],
    )
    def test_his_cheap_function_is_not_asked_before_the_policy(
        self, armed: Attacker, arena: Arena, where: str
    ) -> None:
        """A function that tells what it gets, and costs nothing, would run first if it could."""
        seen: list[str] = []
        armed.conn.add_notice_handler(lambda notice: seen.append(str(notice.message_primary)))
        armed.rows(
            """CREATE FUNCTION his.spy(text, text DEFAULT '') RETURNS boolean LANGUAGE plpgsql
               COST 0.0000001 AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$"""
        )
        armed.rows("CREATE OPERATOR his.~ (FUNCTION = his.spy, LEFTARG = text, RIGHTARG = text)")
        armed.enter(arena.mine)
        armed.rows("SET LOCAL enable_indexscan = off")
        armed.rows("SET LOCAL enable_bitmapscan = off")
        armed.rows(f"SELECT 1 FROM dsvault.datasets WHERE {where}")
        assert seen == [arena.mine.dataset_name]

    def test_his_function_cannot_be_called_leakproof(self, armed: Attacker) -> None:
        armed.refused(
            REFUSED,
            "CREATE FUNCTION his.f(text) RETURNS boolean LANGUAGE sql LEAKPROOF AS 'SELECT true'",
        )

    @pytest.mark.parametrize(
        "statement",
        [
            (
                "CREATE TABLE his.t (tenant_id uuid, id uuid, "
                "FOREIGN KEY (tenant_id, id) REFERENCES dsvault.datasets (tenant_id, id))"
            ),
            "CREATE TABLE his.t () INHERITS (dsvault.datasets)",
            (
                "CREATE TABLE his.t PARTITION OF dsvault.audit_logs FOR VALUES FROM ('1999-01-01') "
                "TO ('1999-02-01')"
            ),
            "CREATE RULE r AS ON INSERT TO dsvault.datasets DO ALSO NOTIFY stolen",
            "CREATE CAST (uuid AS bigint) WITH FUNCTION his.f(uuid) AS IMPLICIT",
            "CREATE OPERATOR CLASS his.o DEFAULT FOR TYPE uuid USING btree AS OPERATOR 1 <",
            "CREATE TRIGGER t AFTER INSERT ON dsvault.datasets EXECUTE FUNCTION his.tg()",
            "CREATE POLICY p ON dsvault.datasets USING (his.f(id) IS NULL)",
        ],
    )
    def test_his_objects_cannot_take_hold_of_the_vaults(
        self, armed: Attacker, statement: str
    ) -> None:
        armed.rows("CREATE FUNCTION his.f(uuid) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'")
        armed.rows(
            "CREATE FUNCTION his.tg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
        )
        armed.enter(armed.arena.mine)
        armed.refused(REFUSED, statement)

    def test_a_copy_of_a_table_holds_what_he_may_see(self, armed: Attacker, arena: Arena) -> None:
        armed.enter(arena.mine)
        armed.rows("CREATE TABLE his.copied AS SELECT * FROM dsvault.datasets")
        assert armed.rows("SELECT name FROM his.copied") == [arena.mine.dataset_name]
        armed.rows(
            "CREATE MATERIALIZED VIEW his.kept AS SELECT kms_key_id FROM dsvault.encryption_keys"
        )
        assert armed.rows("SELECT * FROM his.kept") == ["acme kms"]
