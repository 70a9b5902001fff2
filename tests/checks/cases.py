"""For each check a state that it must report, and one close to it about which it must be silent.

Both are made by statements in a vault, in a transaction that is rolled back. Where a state cannot
be made, a threshold is set so that the state there is counts as bad (`SET LOCAL doctor.…`).
"""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """What to do, which objects are then reported (parts of their names), and what is fine."""

    bad: tuple[str, ...]
    objects: tuple[str, ...]
    good: tuple[str, ...] = ()


_DEFINER = "CREATE FUNCTION public.open(x integer) RETURNS integer LANGUAGE sql SECURITY DEFINER"
_TENANT_TABLE = (
    "CREATE TABLE dsvault.diary (tenant_id uuid NOT NULL, id uuid, PRIMARY KEY (tenant_id, id))"
)
_RLS = "ALTER TABLE dsvault.diary ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"
_OWNED = "ALTER TABLE dsvault.diary OWNER TO dsvault_owner"
_LOGIN = "CREATE ROLE checked LOGIN"
_ON_DATABASE = "DO $$ BEGIN EXECUTE format('{} ON DATABASE %I {}', current_database()); END $$"
_ROWS = "INSERT INTO public.t SELECT i, repeat('x', 100) FROM generate_series(1, 10000) AS i"
_POLICY = "CREATE POLICY p ON dsvault.tokens FOR SELECT TO dsvault_app USING"
_TABLE = "CREATE TABLE public.t (id integer PRIMARY KEY, x text)"
_EVENTS = "CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'"

CASES = {
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
        # Who is a member of the owner is one of the definer and the recorder too.
        objects=("checked", "checked", "checked"),
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
    "C0040": Case(
        bad=(
            "CREATE TABLE public.t (id integer)",
            "CREATE TABLE public.p (id integer) PARTITION BY LIST (id)",
            "CREATE TABLE public.p1 PARTITION OF public.p DEFAULT",
        ),
        objects=("public.t", "public.p"),
        good=(_TABLE, "CREATE TEMPORARY TABLE t (id integer)"),
    ),
    "C0041": Case(
        bad=(
            _TABLE,
            "CREATE TABLE public.c (id integer PRIMARY KEY, t integer REFERENCES public.t)",
            "CREATE TABLE public.p (k integer, t integer REFERENCES public.t) PARTITION BY LIST(k)",
            "CREATE TABLE public.p1 PARTITION OF public.p DEFAULT",
            "CREATE INDEX ON public.c (t) WHERE id > 7",
            "CREATE INDEX ON public.p (k, t)",
        ),
        objects=("c_t_fkey on public.c", "p_t_fkey on public.p"),
        good=(
            _TABLE,
            "CREATE TABLE public.c (id integer PRIMARY KEY, t integer REFERENCES public.t)",
            "CREATE INDEX ON public.c (t, id) WHERE t IS NOT NULL",
            "ALTER TABLE public.c ADD UNIQUE (id, t)",
            (
                "CREATE TABLE public.d (a integer, b integer, "
                "FOREIGN KEY (a, b) REFERENCES public.c (id, t))"
            ),
            "CREATE INDEX ON public.d (b, a)",
        ),
    ),
    "C0042": Case(
        bad=(
            "ALTER TABLE dsvault.tokens ADD UNIQUE (id)",
            "CREATE TABLE public.c (tenant_id uuid, t uuid REFERENCES dsvault.tokens (id))",
        ),
        objects=("c_t_fkey on public.c",),
        good=(
            (
                "CREATE TABLE public.c (tenant_id uuid, t uuid, "
                "FOREIGN KEY (tenant_id, t) REFERENCES dsvault.tokens (tenant_id, id))"
            ),
        ),
    ),
    "C0043": Case(
        bad=("ALTER TABLE dsvault.tokens ADD UNIQUE (token_hash)",),
        objects=("tokens_token_hash_key on dsvault.tokens",),
        good=("ALTER TABLE dsvault.tokens ADD UNIQUE (pii_type, tenant_id, token_hash)",),
    ),
    "C0044": Case(
        bad=(
            "CREATE TABLE public.a (id integer PRIMARY KEY, tenant_id uuid NOT NULL)",
            "CREATE TABLE public.b (tenant_id uuid)",
        ),
        objects=("public.a", "public.b"),
        good=(_TENANT_TABLE,),
    ),
    "C0045": Case(
        bad=(
            "CREATE INDEX parts ON ONLY dsvault.audit_logs (resource_type)",
            (
                "UPDATE pg_index SET indisvalid = false "
                "WHERE indexrelid = 'dsvault.tokens_pkey'::regclass"
            ),
        ),
        objects=("dsvault.parts", "dsvault.tokens_pkey"),
        good=("CREATE INDEX parts ON dsvault.audit_logs (resource_type)",),
    ),
    "C0046": Case(
        bad=(
            "CREATE INDEX a ON dsvault.tokens (tenant_id, last_accessed_at)",
            "CREATE INDEX b ON dsvault.tokens (tenant_id, last_accessed_at)",
            "CREATE INDEX c ON dsvault.audit_logs (tenant_id, created_at, id)",
        ),
        objects=("b on dsvault.tokens", "c on dsvault.audit_logs"),
        good=(
            "CREATE INDEX a ON dsvault.tokens (tenant_id, last_accessed_at)",
            "CREATE INDEX b ON dsvault.tokens (tenant_id, last_accessed_at DESC)",
            "CREATE INDEX c ON dsvault.tokens (tenant_id, last_accessed_at) WHERE pii_type = 'ssn'",
        ),
    ),
    "C0047": Case(
        bad=(
            "CREATE INDEX a ON dsvault.tokens (tenant_id, last_accessed_at)",
            "CREATE INDEX b ON dsvault.tokens (tenant_id, last_accessed_at, pii_type)",
        ),
        objects=("a on dsvault.tokens",),
        good=(
            "CREATE INDEX a ON dsvault.tokens (tenant_id, last_accessed_at)",
            "CREATE INDEX b ON dsvault.tokens (tenant_id, last_accessed_at DESC, pii_type)",
        ),
    ),
    "C0048": Case(
        bad=(
            "SET LOCAL doctor.unused_index_days = 0",
            "SET LOCAL doctor.unused_index_bytes = 0",
            "CREATE INDEX a ON dsvault.audit_logs (resource_type)",
        ),
        objects=("dsvault.a",),
        good=("CREATE INDEX a ON dsvault.audit_logs (resource_type)",),
    ),
    "C0049": Case(
        bad=(
            "SET LOCAL doctor.bloat_bytes = 0",
            _TABLE,
            _ROWS,
            "DELETE FROM public.t WHERE id % 20 <> 0",
            "ANALYZE public.t",
        ),
        objects=("public.t_pkey",),
        good=("SET LOCAL doctor.bloat_bytes = 0", _TABLE, _ROWS, "ANALYZE public.t"),
    ),
    "C0050": Case(
        bad=(
            "SET LOCAL doctor.bloat_bytes = 0",
            _TABLE,
            _ROWS,
            "DELETE FROM public.t WHERE id % 20 <> 0",
            "ANALYZE public.t",
        ),
        objects=("public.t",),
        good=("SET LOCAL doctor.bloat_bytes = 8192000", _TABLE, _ROWS, "ANALYZE public.t"),
    ),
    "C0051": Case(
        bad=("ALTER TABLE dsvault.tokens ADD CONSTRAINT late CHECK (id IS NOT NULL) NOT VALID",),
        objects=("late on dsvault.tokens",),
        good=("ALTER TABLE dsvault.tokens ADD CONSTRAINT late CHECK (id IS NOT NULL)",),
    ),
    "C0052": Case(
        bad=(
            "CREATE SEQUENCE public.s MAXVALUE 100",
            "SELECT setval('public.s', 90)",
            "CREATE TABLE public.t (id integer)",
            "CREATE SEQUENCE public.big OWNED BY public.t.id",
            "SELECT setval('public.big', 2000000000)",
        ),
        objects=("public.s", "public.big"),
        good=("CREATE SEQUENCE public.s MAXVALUE 100 CYCLE", "SELECT setval('public.s', 90)"),
    ),
    "C0053": Case(
        bad=("CREATE UNLOGGED TABLE public.t (id integer)",),
        objects=("public.t",),
        good=("CREATE TEMPORARY TABLE t (id integer)",),
    ),
    "C0054": Case(
        bad=(_TENANT_TABLE, "COMMENT ON FUNCTION dsvault.leave() IS NULL"),
        objects=("dsvault.diary", "dsvault.leave()"),
        good=(_TENANT_TABLE, "COMMENT ON TABLE dsvault.diary IS 'What happened.'"),
    ),
    "C0055": Case(
        bad=("COMMENT ON COLUMN dsvault.tokens.id IS NULL",),
        objects=("dsvault.tokens.id",),
        good=("CREATE TABLE public.t (id integer)",),
    ),
    "C0056": Case(
        bad=(
            "SET LOCAL doctor.partition_days = 400",
            "CREATE TABLE public.p (d date) PARTITION BY RANGE (d)",
            (
                "CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES FROM (MINVALUE) "
                "TO ('2026-01-01')"
            ),
        ),
        objects=("dsvault.audit_logs", "public.p"),
        good=(
            "CREATE TABLE public.p (d date) PARTITION BY RANGE (d)",
            (
                "CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES FROM ('2026-01-01') "
                "TO (MAXVALUE)"
            ),
        ),
    ),
    "C0058": Case(
        bad=(
            "CREATE TABLE public.h (id integer) PARTITION BY HASH (id)",
            "CREATE TABLE public.h0 PARTITION OF public.h FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
            "CREATE TABLE public.h1 PARTITION OF public.h FOR VALUES WITH (MODULUS 4, REMAINDER 1)",
        ),
        objects=("public.h",),
        good=(
            "CREATE TABLE public.h (id integer) PARTITION BY HASH (id)",
            "CREATE TABLE public.h0 PARTITION OF public.h FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
        ),
    ),
    "C0059": Case(
        bad=(
            "SET LOCAL doctor.analyze_bytes = 0",
            "CREATE TABLE public.p (id integer) PARTITION BY LIST (id)",
            "CREATE TABLE public.p1 PARTITION OF public.p DEFAULT",
            "INSERT INTO public.p VALUES (1)",
            "ANALYZE public.p1",
        ),
        objects=("public.p",),
        good=(_TABLE, _ROWS, "ANALYZE public.t"),
    ),
    "C0060": Case(
        bad=("ALTER TABLE dsvault.tokens SET (autovacuum_enabled = off)",),
        objects=("dsvault.tokens",),
        good=("ALTER TABLE dsvault.tokens SET (autovacuum_vacuum_scale_factor = 0.01)",),
    ),
    "C0070": Case(
        bad=("SET LOCAL doctor.wraparound_percent = 0",),
        objects=("template1",),
        good=("SET LOCAL doctor.wraparound_percent = 1",),
    ),
    "C0071": Case(
        bad=("SET LOCAL doctor.wraparound_percent = 0",),
        objects=("template1",),
        good=("SET LOCAL doctor.wraparound_percent = 1",),
    ),
    "C0080": Case(
        bad=("SET LOCAL doctor.server_version_num = 160004",),
        objects=("PostgreSQL 16.4",),
        good=("SET LOCAL doctor.server_version_num = 160010",),
    ),
    "C0081": Case(
        bad=("UPDATE pg_database SET datcollversion = '0.1' WHERE datname = current_database()",),
        objects=("",),
        good=("UPDATE pg_database SET datcollversion = '0.1' WHERE datname = 'template1'",),
    ),
    "C0097": Case(
        bad=("GRANT SELECT ON dsvault.audit_logs_default TO dsvault_owner",),
        objects=("dsvault.audit_logs_default",),
        good=("GRANT INSERT ON dsvault.audit_logs_default TO dsvault_owner",),
    ),
}
