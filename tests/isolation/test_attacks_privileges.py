"""Attacks on what a role may do at all: each is refused with insufficient privilege.

The attacker is a login of dsvault_app and the administrator of his own tenant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from tests.isolation.arena import TABLES, Arena, Attacker

if TYPE_CHECKING:
    from collections.abc import Callable

REFUSED = "42501"


def test_attackers_login_proves_itself_by_scram(arena: Arena) -> None:
    with arena.superuser() as conn:
        row = conn.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = %s", [arena.login]
        ).fetchone()
    assert row[0].startswith("SCRAM-SHA-256$")
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        psycopg.connect(arena.database.url_as(arena.login, f"{arena.password}x"))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE POLICY open ON dsvault.datasets FOR ALL TO PUBLIC USING (true)",
        "ALTER POLICY tenant_isolation_datasets ON dsvault.datasets USING (true)",
        "ALTER POLICY dataset_read_policy ON dsvault.datasets TO PUBLIC",
        "DROP POLICY tenant_isolation_datasets ON dsvault.datasets",
        "ALTER TABLE dsvault.datasets DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE dsvault.datasets NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE dsvault.datasets OWNER TO CURRENT_USER",
        "ALTER TABLE dsvault.user_roles DISABLE TRIGGER ALL",
        "ALTER TABLE dsvault.tokens ALTER COLUMN tenant_id DROP DEFAULT",
        "DROP TABLE dsvault.audit_logs",
        "CREATE INDEX ON dsvault.datasets (name)",
        "CREATE STATISTICS dsvault.s ON name, owner_id FROM dsvault.datasets",
        "CREATE RULE open AS ON SELECT TO dsvault.datasets DO INSTEAD NOTHING",
        "COMMENT ON TABLE dsvault.datasets IS 'mine'",
        "COMMENT ON POLICY tenant_isolation_datasets ON dsvault.datasets IS 'mine'",
        "REINDEX TABLE dsvault.datasets",
        "CLUSTER dsvault.datasets",
    ],
)
def test_app_cannot_change_a_table_or_its_policies(mallory: Attacker, statement: str) -> None:
    mallory.refused(REFUSED, statement)


@pytest.mark.parametrize("table", TABLES)
def test_app_cannot_truncate(mallory: Attacker, table: str) -> None:
    mallory.refused(REFUSED, f"TRUNCATE dsvault.{table} CASCADE")


@pytest.mark.parametrize(
    "statement",
    [
        "GRANT dsvault_owner TO CURRENT_USER",
        "GRANT dsvault_definer TO CURRENT_USER",
        "GRANT dsvault_operator TO CURRENT_USER",
        "GRANT dsvault_auditor TO CURRENT_USER",
        "GRANT pg_read_all_data TO CURRENT_USER",
        "GRANT pg_monitor TO CURRENT_USER",
        "GRANT SELECT ON dsvault.records_p0 TO CURRENT_USER",
        "GRANT USAGE ON SCHEMA dsvault_private TO CURRENT_USER",
        "GRANT EXECUTE ON FUNCTION dsvault.create_tenant TO CURRENT_USER",
        "ALTER DEFAULT PRIVILEGES FOR ROLE dsvault_owner GRANT SELECT ON TABLES TO PUBLIC",
        "ALTER DEFAULT PRIVILEGES FOR ROLE dsvault_definer GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
        "ALTER ROLE CURRENT_USER BYPASSRLS",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "ALTER ROLE CURRENT_USER CREATEROLE",
        "ALTER ROLE dsvault_app BYPASSRLS",
        "ALTER ROLE CURRENT_USER SET app.current_tenant_id = 'theirs'",
        "ALTER DATABASE {database} SET row_security = off",
        "CREATE ROLE accomplice LOGIN IN ROLE dsvault_app",
        "DROP ROLE dsvault_auditor",
        "DROP OWNED BY dsvault_owner",
        "REASSIGN OWNED BY dsvault_owner TO CURRENT_USER",
    ],
)
def test_app_cannot_give_itself_more(mallory: Attacker, arena: Arena, statement: str) -> None:
    mallory.refused(REFUSED, statement.format(database=arena.database.name))


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        (
            "GRANT TRUNCATE ON dsvault.datasets TO CURRENT_USER",
            "has_table_privilege('dsvault.datasets', 'TRUNCATE')",
        ),
        (
            "GRANT UPDATE (tenant_id) ON dsvault.datasets TO CURRENT_USER",
            "has_column_privilege('dsvault.datasets', 'tenant_id', 'UPDATE')",
        ),
        (
            "GRANT CREATE ON SCHEMA dsvault TO CURRENT_USER",
            "has_schema_privilege('dsvault', 'CREATE')",
        ),
        (
            "GRANT TEMPORARY ON DATABASE {database} TO CURRENT_USER",
            "has_database_privilege(current_database(), 'TEMPORARY')",
        ),
    ],
)
def test_granting_from_what_one_only_uses_gives_nothing(
    mallory: Attacker, arena: Arena, statement: str, question: str
) -> None:
    """Where he holds another privilege of the object, PostgreSQL warns instead of refusing."""
    warnings: list[str | None] = []
    mallory.conn.add_notice_handler(lambda diagnostic: warnings.append(diagnostic.sqlstate))
    mallory.rows(statement.format(database=arena.database.name))
    assert warnings == ["01007"]
    assert mallory.rows(f"SELECT {question}") == [False]


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE dsvault_owner",
        "SET ROLE dsvault_definer",
        "SET LOCAL ROLE dsvault_operator",
        "SET ROLE dsvault_auditor",
        "SET SESSION AUTHORIZATION dsvault_owner",
        "SELECT set_config('role', 'dsvault_owner', true)",
        "SELECT set_config('session_authorization', 'dsvault_owner', true)",
        "SET session_replication_role = replica",
        "SET log_min_error_statement = panic",
        "SET log_statement = 'none'",
    ],
)
def test_app_cannot_become_somebody_else(mallory: Attacker, statement: str) -> None:
    mallory.refused(REFUSED, statement)


def test_setting_its_own_group_as_role_changes_nothing(mallory: Attacker, arena: Arena) -> None:
    mallory.rows("SET LOCAL ROLE dsvault_app")
    assert mallory.rows("SELECT name FROM dsvault.datasets") == [arena.mine.dataset_name]


def test_switching_row_security_off_reads_nothing(mallory: Attacker) -> None:
    mallory.rows("SET LOCAL row_security = off")
    for table in TABLES:
        told = mallory.refused(REFUSED, f"SELECT * FROM dsvault.{table}")
        assert "would be affected by row-level security" in told


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE FUNCTION dsvault.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        (
            "CREATE OR REPLACE FUNCTION dsvault.current_tenant_id() RETURNS uuid LANGUAGE sql "
            "AS 'SELECT NULL::uuid'"
        ),
        "ALTER FUNCTION dsvault.current_tenant_id() OWNER TO CURRENT_USER",
        "ALTER FUNCTION dsvault.has_permission(uuid, text, uuid) RESET search_path",
        "ALTER FUNCTION dsvault.enter(uuid, uuid) SECURITY INVOKER",
        "DROP FUNCTION dsvault.leave()",
        (
            "CREATE TRIGGER t BEFORE INSERT ON dsvault.datasets FOR EACH ROW "
            "EXECUTE FUNCTION suppress_redundant_updates_trigger()"
        ),
        "CREATE TABLE dsvault.t ()",
        "CREATE TABLE public.t (id uuid)",
        "CREATE VIEW public.v AS SELECT * FROM dsvault.datasets",
        "CREATE MATERIALIZED VIEW public.v AS SELECT 1 AS one",
        "CREATE SCHEMA mine",
        "CREATE TYPE public.uuid AS ENUM ()",
        "CREATE DOMAIN public.text AS varchar",
        "CREATE OPERATOR public.= (FUNCTION = pg_catalog.uuid_eq, LEFTARG = uuid, RIGHTARG = uuid)",
        "CREATE SEQUENCE public.s",
        "CREATE PUBLICATION p FOR TABLE dsvault.datasets",
        "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION lo_manage()",
        "CREATE SERVER s FOREIGN DATA WRAPPER w",
        "CREATE CAST (text AS uuid) WITH INOUT AS IMPLICIT",
        "CREATE LANGUAGE l HANDLER plpgsql_call_handler",
    ],
)
def test_app_cannot_create_anything(mallory: Attacker, statement: str) -> None:
    state = "42704" if "WRAPPER w" in statement else REFUSED
    mallory.refused(state, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM pg_authid",
        "SELECT * FROM pg_shadow",
        "SELECT * FROM pg_statistic",
        "SELECT * FROM pg_statistic_ext_data",
        "SELECT * FROM pg_largeobject",
        "SELECT * FROM pg_user_mapping",
        "SELECT * FROM pg_hba_file_rules",
        "SELECT * FROM pg_file_settings",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT pg_ls_dir('.')",
        "SELECT lo_import('/etc/hostname')",
        "SELECT pg_create_logical_replication_slot('s', 'test_decoding')",
        "SELECT pg_switch_wal()",
        "SELECT pg_reload_conf()",
        "SELECT pg_current_logfile()",
        "COPY dsvault.datasets TO '/tmp/stolen'",
        "COPY dsvault.datasets TO PROGRAM 'cat'",
        "COPY dsvault.datasets FROM PROGRAM 'echo'",
        "LOAD '/lib/x86_64-linux-gnu/libc.so.6'",
        "CHECKPOINT",
    ],
)
def test_app_cannot_leave_the_database(mallory: Attacker, statement: str) -> None:
    mallory.refused(REFUSED, statement)


@pytest.mark.parametrize(
    "statement",
    ["CREATE DATABASE stolen TEMPLATE {database}", "ALTER SYSTEM SET row_security = off"],
)
def test_app_cannot_change_the_server(arena: Arena, statement: str) -> None:
    with arena.connect(autocommit=True) as session:
        session.refused(REFUSED, statement.format(database=arena.database.name))


@pytest.mark.parametrize(
    "call",
    [
        "dsvault_private.effective_permissions(%(tenant)s, %(user)s)",
        "dsvault_private.copy_role_templates(%(tenant)s)",
        "dsvault_private.tg_user_roles__bound()",
        "dsvault_private.tg__keep_admin()",
        "dsvault_facts.everything()",
        "dsvault_facts.rls_of('dsvault.datasets')",
        "dsvault.create_tenant('x', 'x', 'x@x.example', 'x')",
        "dsvault.upgrade_system_roles(%(tenant)s)",
        "dsvault.ensure_audit_partitions(3)",
        "dsvault.create_next_audit_partition()",
        "dsvault.soft_delete()",
        "dsvault.update_updated_at_column()",
    ],
)
def test_app_cannot_call_what_is_not_for_it(mallory: Attacker, arena: Arena, call: str) -> None:
    them = {"tenant": arena.theirs.id, "user": arena.theirs.admin_id}
    mallory.refused(REFUSED, f"SELECT {call}", them if "%" in call else None)


def test_private_functions_cannot_be_executed_even_by_their_numbers(mallory: Attacker) -> None:
    """The protocol can call a function by its OID, which needs no look-up of its name."""
    numbers = mallory.rows(
        """SELECT p.oid FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
            WHERE n.nspname IN ('dsvault_private', 'dsvault_facts')"""
    )
    assert len(numbers) > 10
    executable = "SELECT f FROM unnest(%s::oid[]) AS f WHERE has_function_privilege(f, 'EXECUTE')"
    assert mallory.rows(executable, [numbers]) == []


@pytest.mark.parametrize(
    "table",
    [
        "dsvault_private.audit_anchors",
        "dsvault_private.public_privileges_before",
        "sqitch.changes",
    ],
)
def test_app_cannot_read_tables_that_have_no_row_security(mallory: Attacker, table: str) -> None:
    mallory.refused(REFUSED, f"SELECT * FROM {table}")


def test_whatever_app_may_touch_is_under_forced_row_security(mallory: Attacker) -> None:
    """A view that reads as its caller is under that of what it reads."""
    exposed = mallory.rows(
        """SELECT c.oid::regclass::text
             FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_'
                  AND n.nspname <> 'information_schema'
                  AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
                  AND (c.relkind <> 'v'
                       OR 'security_invoker=true' <> ALL (coalesce(c.reloptions, '{}')))
                  AND has_schema_privilege(n.oid, 'USAGE')
                  AND (has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
                       OR has_table_privilege(c.oid, 'DELETE, TRUNCATE, TRIGGER'))"""
    )
    assert exposed == []


def test_no_partition_can_be_named(mallory: Attacker) -> None:
    partitions = mallory.rows(
        "SELECT inhrelid::regclass::text FROM pg_inherits "
        "WHERE inhparent IN ('dsvault.records'::regclass, 'dsvault.audit_logs'::regclass)"
    )
    assert len(partitions) >= 16 + 5
    for partition in partitions:
        for attempt in (
            f"SELECT * FROM {partition}",
            f"SELECT count(*) FROM ONLY {partition}",
            f"INSERT INTO {partition} SELECT * FROM {partition}",
            f"UPDATE {partition} SET id = id",
            f"DELETE FROM {partition}",
            f"TRUNCATE {partition}",
            f"COPY {partition} TO STDOUT",
            f"LOCK TABLE {partition} IN ACCESS SHARE MODE",
        ):
            mallory.refused(REFUSED, attempt)


def test_a_partition_made_by_maintenance_is_as_closed_as_the_others(
    mallory: Attacker, arena: Arena, make_login: Callable[..., tuple[str, str]]
) -> None:
    with arena.connect(make_login("dsvault_operator")) as operator:
        assert operator.rows("SELECT dsvault.ensure_audit_partitions(9)")[0] >= 0
        operator.conn.commit()
    with arena.superuser() as conn:
        month, name = conn.execute(
            """SELECT m, to_char(m, '"dsvault.audit_logs_"YYYY_MM') FROM (
                   SELECT date_trunc('month', now() AT TIME ZONE 'UTC') + interval '8 months' AS m
               ) AS later"""
        ).fetchone()
        for tenant in (arena.mine, arena.theirs):
            conn.execute(
                "INSERT INTO dsvault.audit_logs (tenant_id, action, resource_type, created_at) "
                "VALUES (%s, %s, 'x', %s::timestamp AT TIME ZONE 'UTC' + interval '1 day')",
                [tenant.id, f"{tenant.slug}.later", month],
            )
        try:
            mallory.refused(REFUSED, f"SELECT * FROM {name}")
            later = "SELECT action FROM dsvault.audit_logs WHERE action LIKE '%later'"
            assert mallory.rows(later) == ["acme.later"]
        finally:
            # Past the trigger that keeps the trail; other attacks count its entries.
            conn.execute("SET session_replication_role = replica")
            conn.execute("DELETE FROM dsvault.audit_logs WHERE action LIKE '%later'")
            conn.execute("RESET session_replication_role")


@pytest.mark.parametrize("table", TABLES)
def test_app_cannot_write_where_it_has_no_business(mallory: Attacker, table: str) -> None:
    """What no application may do at all, whatever its user's permissions."""
    forbidden = {
        "tenants": ["INSERT", "UPDATE", "DELETE"],
        "audit_logs": ["INSERT", "UPDATE", "DELETE"],
        "records": ["UPDATE"],
        "lineage_edges": ["UPDATE"],
        "schemas": ["DELETE"],
        "encryption_keys": ["DELETE"],
        "tokens": ["DELETE"],
    }
    for command in forbidden.get(table, []):
        statement = {
            "INSERT": f"INSERT INTO dsvault.{table} DEFAULT VALUES",
            "UPDATE": f"UPDATE dsvault.{table} SET id = id",
            "DELETE": f"DELETE FROM dsvault.{table}",
        }[command]
        mallory.refused(REFUSED, statement)
    mallory.refused(
        REFUSED, f"UPDATE dsvault.{table} SET {'id' if table == 'tenants' else 'tenant_id'} = NULL"
    )


@pytest.mark.parametrize("role", ["dsvault_reader", "dsvault_auditor", "dsvault_operator"])
def test_the_other_roles_write_nothing(
    arena: Arena, make_login: Callable[..., tuple[str, str]], role: str
) -> None:
    with arena.connect(make_login(role)) as session:
        for table in TABLES:
            session.refused(REFUSED, f"INSERT INTO dsvault.{table} DEFAULT VALUES")
            session.refused(REFUSED, f"DELETE FROM dsvault.{table}")


def test_a_later_table_of_the_owner_is_closed_until_it_is_opened(
    arena: Arena, attacker: Attacker
) -> None:
    with arena.superuser() as conn:
        conn.execute("SET ROLE dsvault_owner")
        conn.execute("CREATE TABLE dsvault.later (secret text)")
        conn.execute("CREATE FUNCTION dsvault.later() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        conn.execute("CREATE TYPE dsvault.later_type AS ENUM ('one')")
        try:
            attacker.refused(REFUSED, "SELECT * FROM dsvault.later")
            attacker.refused(REFUSED, "SELECT dsvault.later()")
            has = "SELECT has_type_privilege('dsvault.later_type', 'USAGE')"
            assert attacker.rows(has) == [False]
        finally:
            conn.execute("DROP TABLE dsvault.later")
            conn.execute("DROP FUNCTION dsvault.later()")
            conn.execute("DROP TYPE dsvault.later_type")


def test_locks_that_only_the_owner_needs_are_refused(mallory: Attacker) -> None:
    for table in ("tenants", "schemas", "encryption_keys", "tokens", "audit_logs"):
        for mode in ("ROW SHARE", "ROW EXCLUSIVE", "SHARE", "EXCLUSIVE", "ACCESS EXCLUSIVE"):
            mallory.refused(REFUSED, f"LOCK TABLE dsvault.{table} IN {mode} MODE")


def test_sessions_of_other_roles_cannot_be_ended(mallory: Attacker, arena: Arena) -> None:
    with arena.database.connect() as deployer:
        pid = deployer.info.backend_pid
        for function in ("pg_cancel_backend", "pg_terminate_backend"):
            mallory.refused(REFUSED, f"SELECT {function}({pid})")
        assert deployer.execute("SELECT 1").fetchone() == (1,)


def test_the_public_schema_is_closed_even_where_it_is_named(arena: Arena) -> None:
    with arena.superuser() as conn:
        granted = conn.execute(
            sql.SQL(
                "SELECT has_schema_privilege({login}, 'public', 'CREATE'),"
                " has_database_privilege({login}, current_database(), 'CREATE'),"
                " has_database_privilege({login}, current_database(), 'TEMPORARY')"
            ).format(login=sql.Literal(arena.login))
        ).fetchone()
    assert granted == (False, False, False)
