"""States of tables, keys, indexes, partitions, and of the server."""

from __future__ import annotations

from tests.checks.case import Case

_TENANT_TABLE = (
    "CREATE TABLE dsvault.diary (tenant_id uuid NOT NULL, id uuid, PRIMARY KEY (tenant_id, id))"
)
_ROWS = "INSERT INTO public.t SELECT i, repeat('x', 100) FROM generate_series(1, 10000) AS i"
_TABLE = "CREATE TABLE public.t (id integer PRIMARY KEY, x text)"

STRUCTURE = {
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
