"""States of who sees and may do what: row security, functions, privileges, roles."""

from __future__ import annotations

from tests.checks.case import Case

_DEFINER = "CREATE FUNCTION public.open(x integer) RETURNS integer LANGUAGE sql SECURITY DEFINER"
_TENANT_TABLE = (
    "CREATE TABLE dsvault.diary (tenant_id uuid NOT NULL, id uuid, PRIMARY KEY (tenant_id, id))"
)
_RLS = "ALTER TABLE dsvault.diary ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
_OWNED = "ALTER TABLE dsvault.diary OWNER TO dsvault_owner"
_LOGIN = "CREATE ROLE checked LOGIN"
_ON_DATABASE = "DO $$ BEGIN EXECUTE format('{} ON DATABASE %I {}', current_database()); END $$"
_POLICY = "CREATE POLICY p ON dsvault.tokens FOR SELECT TO dsvault_app USING"
_EVENTS = "CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'"

RIGHTS = {
    "C0001": Case(
        bad=(
            "ALTER TABLE dsvault.tokens DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE dsvault.audit_logs_default DISABLE ROW LEVEL SECURITY",
            "CREATE TABLE public.notes (tenant_id uuid)",
        ),
        objects=("dsvault.tokens", "dsvault.audit_logs_default", "public.notes"),
        good=("CREATE TABLE public.notes (id uuid)",),
    ),
    "C0002": Case(
        bad=(
            "ALTER TABLE dsvault.tokens NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE dsvault.audit_logs_default NO FORCE ROW LEVEL SECURITY",
        ),
        objects=("dsvault.tokens", "dsvault.audit_logs_default"),
        good=("CREATE TABLE public.notes (id uuid)",),
    ),
    "C0003": Case(
        bad=("ALTER TABLE dsvault.tokens DISABLE ROW LEVEL SECURITY",),
        objects=("dsvault.tokens",),
        good=("ALTER TABLE dsvault.audit_logs_default DISABLE ROW LEVEL SECURITY",),
    ),
    "C0004": Case(
        bad=(_TENANT_TABLE, _RLS, "GRANT SELECT ON dsvault.diary TO dsvault_app"),
        objects=("dsvault.diary",),
        good=(_TENANT_TABLE, _RLS),
    ),
    "C0005": Case(
        bad=("CREATE POLICY p ON dsvault.tokens FOR SELECT USING (false)",),
        objects=("p on dsvault.tokens",),
        good=("CREATE POLICY p ON dsvault.tokens AS RESTRICTIVE FOR SELECT USING (true)",),
    ),
    "C0006": Case(
        bad=(
            f"{_POLICY} (true)",
            "ALTER POLICY tokens_app_update ON dsvault.tokens WITH CHECK (true)",
        ),
        objects=("p on dsvault.tokens", "tokens_app_update on dsvault.tokens"),
        good=("CREATE POLICY p ON dsvault.tokens FOR SELECT TO dsvault_operator USING (true)",),
    ),
    "C0007": Case(
        bad=("DROP POLICY tenant_isolation_tokens ON dsvault.tokens",),
        objects=("dsvault.tokens",),
        good=(_TENANT_TABLE, _RLS),
    ),
    "C0008": Case(
        bad=(f"{_POLICY} (tenant_id = dsvault.current_tenant_id())",),
        objects=("p on dsvault.tokens",),
        good=(f"{_POLICY} (tenant_id = (SELECT dsvault.tenant_for('token:read'::text)))",),
    ),
    "C0009": Case(
        bad=("CREATE POLICY p ON dsvault.tokens FOR ALL TO dsvault_app USING (false)",),
        objects=("dsvault.tokens",),
        good=("CREATE POLICY p ON dsvault.tokens AS RESTRICTIVE TO dsvault_app USING (true)",),
    ),
    "C0010": Case(
        bad=(
            "GRANT SELECT ON dsvault.audit_logs_default TO dsvault_app",
            "GRANT UPDATE (id) ON dsvault.audit_logs_default TO dsvault_operator",
        ),
        objects=("dsvault.audit_logs_default", "dsvault.audit_logs_default"),
        good=(
            "CREATE TABLE public.p (id integer) PARTITION BY LIST (id)",
            "CREATE TABLE public.p1 PARTITION OF public.p DEFAULT",
            "GRANT SELECT ON public.p1 TO dsvault_app",
        ),
    ),
    "C0011": Case(
        bad=("CREATE VIEW public.v AS SELECT * FROM dsvault.tokens",),
        objects=("public.v",),
        good=(
            "CREATE VIEW public.v WITH (security_invoker = on) AS SELECT * FROM dsvault.tokens",
            "CREATE VIEW public.w AS SELECT 1 AS x",
        ),
    ),
    "C0012": Case(
        bad=(
            "CREATE MATERIALIZED VIEW public.v AS SELECT * FROM dsvault.tokens",
            "GRANT SELECT ON public.v TO dsvault_reader",
        ),
        objects=("public.v",),
        good=("CREATE MATERIALIZED VIEW public.v AS SELECT * FROM dsvault.tokens",),
    ),
    "C0013": Case(
        bad=(f"{_DEFINER} AS 'SELECT 1'",),
        objects=("public.open(x integer)",),
        good=(
            f"{_DEFINER} SET search_path = pg_catalog, pg_temp AS 'SELECT 1'",
            (
                "CREATE FUNCTION public.bound() RETURNS integer LANGUAGE sql SECURITY DEFINER "
                "BEGIN ATOMIC SELECT 1; END"
            ),
        ),
    ),
    "C0014": Case(
        bad=(
            f"{_DEFINER} SET search_path = pg_catalog AS 'SELECT 1'",
            "CREATE SCHEMA anybody",
            "GRANT CREATE ON SCHEMA anybody TO dsvault_app",
            f"{_DEFINER.replace('open', 'via')} SET search_path = anybody, pg_temp AS 'SELECT 1'",
            f"""{_DEFINER.replace("open", "bare")} SET search_path = '' AS 'SELECT 1'""",
        ),
        objects=("public.open(x integer)", "public.via(x integer)", "public.bare(x integer)"),
        good=(
            "CREATE SCHEMA anybody",
            f"{_DEFINER} SET search_path = pg_catalog, anybody, pg_temp AS 'SELECT 1'",
        ),
    ),
    "C0015": Case(
        bad=(f"{_DEFINER} AS 'SELECT 1'",),
        objects=("public.open(x integer)",),
        good=(f"{_DEFINER} AS 'SELECT 1'", "REVOKE ALL ON FUNCTION public.open FROM PUBLIC"),
    ),
    "C0016": Case(
        bad=("ALTER FUNCTION dsvault.enter(uuid, uuid) OWNER TO CURRENT_USER",),
        objects=("dsvault.enter(",),
        good=(f"{_DEFINER} AS 'SELECT 1'", "ALTER FUNCTION public.open OWNER TO dsvault_definer"),
    ),
    "C0017": Case(
        bad=(_TENANT_TABLE, "ALTER FUNCTION dsvault.leave() OWNER TO CURRENT_USER"),
        objects=("dsvault.diary", "dsvault.leave()"),
        good=(_TENANT_TABLE, _OWNED),
    ),
    "C0018": Case(
        bad=("GRANT CREATE ON SCHEMA public TO PUBLIC",),
        objects=("public",),
        good=("GRANT USAGE ON SCHEMA public TO PUBLIC",),
    ),
    "C0019": Case(
        bad=(_ON_DATABASE.format("GRANT TEMPORARY", "TO PUBLIC"),),
        objects=("",),
        good=(_ON_DATABASE.format("GRANT TEMPORARY", "TO dsvault_operator"),),
    ),
    "C0020": Case(
        bad=(
            "GRANT SELECT (id) ON dsvault.tokens TO PUBLIC",
            "CREATE SEQUENCE public.s",
            "GRANT USAGE ON SEQUENCE public.s TO PUBLIC",
        ),
        objects=("dsvault.tokens", "public.s"),
        good=("GRANT SELECT (id) ON dsvault.tokens TO dsvault_auditor",),
    ),
    "C0021": Case(
        bad=("GRANT TRUNCATE, TRIGGER ON dsvault.tokens TO dsvault_app",),
        objects=("dsvault.tokens",),
        good=("GRANT DELETE ON dsvault.tokens TO dsvault_app",),
    ),
    "C0022": Case(
        bad=(
            "GRANT SELECT ON dsvault.tokens TO dsvault_app WITH GRANT OPTION",
            "GRANT EXECUTE ON FUNCTION dsvault.leave() TO dsvault_app WITH GRANT OPTION",
        ),
        objects=("dsvault.tokens", "dsvault.leave()"),
        good=("GRANT SELECT ON dsvault.tokens TO dsvault_app",),
    ),
    "C0023": Case(
        bad=("GRANT EXECUTE ON FUNCTION dsvault.leave() TO PUBLIC",),
        objects=("dsvault.leave()",),
        good=("GRANT EXECUTE ON FUNCTION dsvault.leave() TO dsvault_auditor",),
    ),
    "C0024": Case(
        bad=(f"{_LOGIN} BYPASSRLS", "GRANT dsvault_app TO checked"),
        objects=("checked",),
        good=(f"{_LOGIN} BYPASSRLS",),
    ),
    "C0025": Case(
        bad=(_LOGIN, "GRANT dsvault_app, dsvault_owner TO checked"),
        # Who is a member of the owner is one of the definer, the recorder and the finder too.
        objects=("checked", "checked", "checked", "checked"),
        good=(_LOGIN, "GRANT dsvault_owner TO checked"),
    ),
    "C0026": Case(
        bad=(_LOGIN, "GRANT dsvault_app, dsvault_operator TO checked"),
        objects=("checked",),
        good=(_LOGIN, "GRANT dsvault_app TO checked"),
    ),
    "C0027": Case(
        bad=("ALTER ROLE dsvault_app LOGIN",),
        objects=("dsvault_app",),
        good=(_LOGIN,),
    ),
    "C0028": Case(
        bad=(_LOGIN, "GRANT dsvault_app, pg_read_server_files TO checked"),
        objects=("checked",),
        good=(_LOGIN, "GRANT pg_read_server_files TO checked"),
    ),
    "C0029": Case(
        bad=(f"{_LOGIN} PASSWORD 'md5{'0' * 32}'",),
        objects=("checked",),
        good=(f"{_LOGIN} PASSWORD 'plain'",),
    ),
    "C0030": Case(
        bad=(
            "ALTER ROLE dsvault_app SET session_replication_role = replica",
            "ALTER ROLE dsvault_reader SET row_security = off",
        ),
        objects=("dsvault_app", "dsvault_reader"),
        good=("ALTER ROLE dsvault_app SET search_path = dsvault",),
    ),
    "C0031": Case(
        bad=("ALTER DEFAULT PRIVILEGES IN SCHEMA dsvault GRANT SELECT ON TABLES TO PUBLIC",),
        objects=("in dsvault",),
        good=("ALTER DEFAULT PRIVILEGES IN SCHEMA dsvault GRANT SELECT ON TABLES TO dsvault_app",),
    ),
    "C0032": Case(
        bad=(
            "ALTER DEFAULT PRIVILEGES FOR ROLE dsvault_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
        ),
        objects=("dsvault_owner",),
        good=("ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC",),
    ),
    "C0033": Case(
        bad=(
            _EVENTS,
            "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION public.watch()",
        ),
        objects=("e",),
        good=(
            _EVENTS,
            "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION public.watch()",
            "ALTER EVENT TRIGGER e DISABLE",
        ),
    ),
    "C0034": Case(
        bad=(
            "ALTER TABLE dsvault.users DISABLE TRIGGER _210_keep_admin",
            "ALTER TABLE dsvault.tokens DISABLE TRIGGER ALL",
        ),
        objects=("_210_keep_admin on dsvault.users", "on dsvault.tokens"),
        good=("ALTER TABLE dsvault.users ENABLE ALWAYS TRIGGER _210_keep_admin",),
    ),
    "C0035": Case(
        bad=("CREATE RULE r AS ON DELETE TO dsvault.tokens DO INSTEAD NOTHING",),
        objects=("r on dsvault.tokens",),
        good=("CREATE VIEW public.v AS SELECT 1 AS x",),
    ),
    "C0036": Case(
        bad=("CREATE FUNCTION public.size(text) RETURNS integer LANGUAGE internal AS 'textlen'",),
        objects=("public.size(text)",),
        good=("CREATE FUNCTION public.size(text) RETURNS integer LANGUAGE sql AS 'SELECT 1'",),
    ),
    "C0037": Case(
        bad=("CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql LEAKPROOF AS 'SELECT 1'",),
        objects=("public.f()",),
        good=("CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",),
    ),
    "C0038": Case(
        bad=(
            "CREATE PUBLICATION tokens_only FOR TABLE dsvault.tokens",
            "CREATE PUBLICATION months FOR TABLE dsvault.audit_logs",
        ),
        objects=("dsvault.tokens",),
        good=("CREATE TABLE public.t (id integer)", "CREATE PUBLICATION one FOR TABLE public.t"),
    ),
}
