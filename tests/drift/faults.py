"""Faults of every kind: what is planted, which thing differs, and what is to be done about it."""

from __future__ import annotations

from typing import NamedTuple

BACK = "take it back, or plan it: nobody did"
PUT = "put it back as planned"


class Fault(NamedTuple):
    """What is planted, the thing that differs and how, what to do, and the statements."""

    planted: str
    thing: str
    state: str
    advice: str
    statements: str = ""


def again(path: str, how: str = "replaces what is there") -> str:
    return f"run deploy/{path}.sql again: it {how}"


def whole(path: str) -> str:
    return f"run deploy/{path}.sql again, then drift: it tells what else is missing"


def cleared(path: str) -> str:
    return f"make way for it, then run deploy/{path}.sql again"


_WHOLES = (
    Fault(
        "CREATE TABLE dsvault.diary (id integer)",
        "dsvault.diary", "extra", BACK, "DROP TABLE dsvault.diary;",
    ),
    Fault(
        "CREATE VIEW dsvault.glance AS SELECT 1 AS one",
        "dsvault.glance", "extra", BACK, "DROP VIEW dsvault.glance;",
    ),
    Fault(
        "CREATE MATERIALIZED VIEW dsvault.photo AS SELECT 1 AS one",
        "dsvault.photo", "extra", BACK, "DROP MATERIALIZED VIEW dsvault.photo;",
    ),
    Fault(
        "CREATE SEQUENCE dsvault.counter",
        "dsvault.counter", "extra", BACK, "DROP SEQUENCE dsvault.counter;",
    ),
    Fault(
        "CREATE DOMAIN dsvault.slug AS text",
        "dsvault.slug", "extra", BACK, "DROP DOMAIN dsvault.slug;",
    ),
    Fault(
        "CREATE TYPE dsvault.colour AS ENUM ('red')",
        "dsvault.colour", "extra", BACK, "DROP TYPE dsvault.colour;",
    ),
    Fault(
        "CREATE PROCEDURE dsvault.act(INOUT what text) LANGUAGE sql AS 'SELECT what'",
        "dsvault.act(text)", "extra", BACK, "DROP ROUTINE dsvault.act(text);",
    ),
    Fault(
        'CREATE COLLATION dsvault.order_of_bytes FROM "C"',
        "schema dsvault: collation dsvault.order_of_bytes", "extra",
        "take it back by hand, or plan it: nobody did",
    ),
    Fault(
        "DROP TABLE dsvault_private.public_privileges_before",
        "dsvault_private.public_privileges_before", "missing", whole("privileges/database"),
    ),
    Fault(
        "DROP VIEW dsvault.storage_warnings",
        "dsvault.storage_warnings", "missing", whole("views/storage_warnings"),
    ),
    Fault("DROP FUNCTION dsvault.leave()", "dsvault.leave()", "missing", whole("functions/leave")),
)  # fmt: skip

_COLUMNS = (
    Fault(
        'ALTER TABLE dsvault.users ADD COLUMN "odd one" text',
        'dsvault.users: column "odd one"', "extra", BACK,
        'ALTER TABLE dsvault.users DROP COLUMN "odd one";',
    ),
    Fault(
        "ALTER TABLE dsvault.users DROP COLUMN avatar_url",
        "dsvault.users: column avatar_url", "missing", PUT,
        "ALTER TABLE dsvault.users ADD COLUMN avatar_url text;",
    ),
    Fault(
        "ALTER TABLE dsvault.users ALTER COLUMN status SET DEFAULT 'locked'",
        "dsvault.users: column status", "different", PUT,
        "ALTER TABLE dsvault.users ALTER COLUMN status"
        " SET DEFAULT 'active'::character varying;",
    ),
    Fault(
        "ALTER TABLE dsvault.users ALTER COLUMN name DROP NOT NULL",
        "dsvault.users: column name", "different", PUT,
        "ALTER TABLE dsvault.users ALTER COLUMN name SET NOT NULL;",
    ),
    Fault(
        "ALTER TABLE dsvault.users ALTER COLUMN email TYPE varchar(300)",
        "dsvault.users: column email", "different", PUT,
        "ALTER TABLE dsvault.users ALTER COLUMN email TYPE character varying(255);",
    ),
    Fault(
        "ALTER TABLE dsvault.users ALTER COLUMN id SET DEFAULT NULL",
        "dsvault.users: column id", "different", PUT,
        "ALTER TABLE dsvault.users ALTER COLUMN id SET DEFAULT gen_random_uuid();",
    ),
)  # fmt: skip

_CONSTRAINTS_AND_INDEXES = (
    Fault(
        "ALTER TABLE dsvault.schemas ADD CONSTRAINT more_check CHECK (true)",
        "dsvault.schemas: constraint more_check", "extra", BACK,
        "ALTER TABLE dsvault.schemas DROP CONSTRAINT more_check;",
    ),
    Fault(
        "ALTER TABLE dsvault.schemas ADD CONSTRAINT more_key UNIQUE (tenant_id, id, name)",
        "dsvault.schemas: constraint more_key", "extra", BACK,
        "ALTER TABLE dsvault.schemas DROP CONSTRAINT more_key;",
    ),
    Fault(
        "ALTER TABLE dsvault.users DROP CONSTRAINT users_status_check",
        "dsvault.users: constraint users_status_check", "missing", PUT,
        "ALTER TABLE dsvault.users ADD CONSTRAINT users_status_check"
        " CHECK (status IN ('active', 'suspended', 'pending_verification', 'locked'));",
    ),
    Fault(
        "UPDATE pg_constraint SET convalidated = false WHERE conname = 'roles_tenant_fk'",
        "dsvault.roles: constraint roles_tenant_fk", "different", PUT,
        "ALTER TABLE dsvault.roles VALIDATE CONSTRAINT roles_tenant_fk;",
    ),
    Fault(
        "ALTER TABLE dsvault.lineage_edges DISABLE TRIGGER ALL",
        "dsvault.lineage_edges: constraint lineage_tenant_fk", "different", PUT,
        "ALTER TABLE dsvault.lineage_edges ENABLE TRIGGER ALL; -- as a superuser",
    ),
    Fault(
        "CREATE INDEX more ON dsvault.roles (tenant_id, description)",
        "dsvault.roles: index more", "extra", BACK, "DROP INDEX dsvault.more;",
    ),
    Fault(
        "DROP INDEX dsvault.idx_users_status",
        "dsvault.users: index idx_users_status", "missing",
        again("tables/users", "makes what is missing"),
    ),
    Fault(
        "UPDATE pg_index SET indisvalid = false"
        " WHERE indexrelid = 'dsvault.idx_datasets_owner'::regclass",
        "dsvault.datasets: index idx_datasets_owner", "different", PUT,
        "REINDEX INDEX dsvault.idx_datasets_owner;",
    ),
    Fault(
        "DROP INDEX dsvault.idx_tokens_pii_type;"
        " CREATE INDEX idx_tokens_pii_type ON dsvault.tokens (pii_type)",
        "dsvault.tokens: index idx_tokens_pii_type", "different", cleared("tables/tokens"),
        "DROP INDEX dsvault.idx_tokens_pii_type;",
    ),
    Fault(
        "CREATE STATISTICS dsvault.more_of_it ON tenant_id, status FROM dsvault.users",
        "dsvault.users: statistics dsvault.more_of_it", "extra", BACK,
        "DROP STATISTICS dsvault.more_of_it;",
    ),
)  # fmt: skip

_BEHAVIOUR = (
    Fault(
        "CREATE TRIGGER more BEFORE UPDATE ON dsvault.roles"
        " FOR EACH ROW EXECUTE FUNCTION dsvault.update_updated_at_column()",
        "dsvault.roles: trigger more", "extra", BACK, "DROP TRIGGER more ON dsvault.roles;",
    ),
    Fault(
        "DROP TRIGGER update_roles_updated_at ON dsvault.roles",
        "dsvault.roles: trigger update_roles_updated_at", "missing",
        again("triggers/updated_at", "makes what is missing"),
    ),
    Fault(
        "ALTER TABLE dsvault.users DISABLE TRIGGER update_users_updated_at",
        "dsvault.users: trigger update_users_updated_at", "different",
        again("triggers/updated_at"),
    ),
    Fault(
        "CREATE RULE silence AS ON DELETE TO dsvault.roles DO INSTEAD NOTHING",
        "dsvault.roles: rule silence", "extra", BACK, "DROP RULE silence ON dsvault.roles;",
    ),
    Fault(
        'CREATE POLICY "odd one" ON dsvault.users TO dsvault_app USING (true)',
        'dsvault.users: policy "odd one"', "extra", BACK,
        'DROP POLICY "odd one" ON dsvault.users;',
    ),
    Fault(
        "DROP POLICY tokens_app_select ON dsvault.tokens",
        "dsvault.tokens: policy tokens_app_select", "missing",
        again("policies/tokens", "makes what is missing"),
    ),
    Fault(
        "ALTER POLICY users_app_insert ON dsvault.users WITH CHECK (true)",
        "dsvault.users: policy users_app_insert", "different", again("policies/users"),
    ),
    Fault(
        "ALTER TABLE dsvault.roles NO FORCE ROW LEVEL SECURITY",
        "dsvault.roles: row security", "different", PUT,
        "ALTER TABLE dsvault.roles FORCE ROW LEVEL SECURITY;",
    ),
    Fault(
        "ALTER TABLE dsvault.schemas DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY",
        "dsvault.schemas: row security", "different", PUT,
        "ALTER TABLE dsvault.schemas ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;",
    ),
    Fault(
        "ALTER FUNCTION dsvault.my_permissions() PARALLEL UNSAFE",
        "dsvault.my_permissions(): signature", "different", again("functions/my_permissions"),
    ),
    Fault(
        "DROP FUNCTION dsvault.version();"
        " CREATE FUNCTION dsvault.version() RETURNS name LANGUAGE sql AS 'SELECT current_user'",
        "dsvault.version(): signature", "different", cleared("seal"),
        "ALTER ROUTINE dsvault.version() OWNER TO dsvault_owner;\n"
        "DROP ROUTINE dsvault.version();",
    ),
)  # fmt: skip

# Only who granted it may revoke it since PostgreSQL 16, and that was the deployer.
_REVOKED = (
    "DELETE FROM pg_auth_members WHERE member = 'dsvault_owner'::regrole AND roleid = '{}'::regrole"
)
_RIGHTS = (
    Fault(
        "GRANT SELECT ON dsvault.tokens TO dsvault_operator",
        "dsvault.tokens: grants for dsvault_operator", "extra", BACK,
        "REVOKE SELECT ON dsvault.tokens FROM dsvault_operator;",
    ),
    Fault(
        "GRANT DELETE, TRUNCATE ON dsvault.tenants TO dsvault_reader",
        "dsvault.tenants: grants for dsvault_reader", "different", PUT,
        "REVOKE DELETE, TRUNCATE ON dsvault.tenants FROM dsvault_reader;",
    ),
    Fault(
        "GRANT SELECT ON dsvault.schemas TO dsvault_app WITH GRANT OPTION",
        "dsvault.schemas: grants for dsvault_app", "different", PUT,
        "REVOKE GRANT OPTION FOR SELECT ON dsvault.schemas FROM dsvault_app;",
    ),
    Fault(
        "REVOKE SELECT ON dsvault.lineage_edges FROM dsvault_reader",
        "dsvault.lineage_edges: grants for dsvault_reader", "missing", PUT,
        "GRANT SELECT ON dsvault.lineage_edges TO dsvault_reader;",
    ),
    Fault(
        "GRANT UPDATE ON dsvault.tokens TO dsvault_app",
        "dsvault.tokens: grants for dsvault_app", "different", PUT,
        "REVOKE UPDATE ON dsvault.tokens FROM dsvault_app;\n"
        "GRANT UPDATE (accessed_count, expires_at, last_accessed_at)"
        " ON dsvault.tokens TO dsvault_app;",
    ),
    Fault(
        "GRANT UPDATE (token_hash) ON dsvault.tokens TO dsvault_reader",
        "dsvault.tokens: grants on columns for dsvault_reader", "extra", BACK,
        "REVOKE UPDATE (token_hash) ON dsvault.tokens FROM dsvault_reader;",
    ),
    Fault(
        "GRANT EXECUTE ON FUNCTION dsvault.enter(uuid, uuid) TO PUBLIC",
        "dsvault.enter(uuid,uuid): grants for PUBLIC", "extra", BACK,
        "REVOKE EXECUTE ON ROUTINE dsvault.enter(uuid,uuid) FROM PUBLIC;",
    ),
    Fault(
        "GRANT USAGE ON SCHEMA dsvault_private TO dsvault_app",
        "schema dsvault_private: grants for dsvault_app", "extra", BACK,
        "REVOKE USAGE ON SCHEMA dsvault_private FROM dsvault_app;",
    ),
    Fault(
        "GRANT CREATE ON SCHEMA public TO PUBLIC",
        "schema public: leave to create for PUBLIC", "extra", BACK,
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC;",
    ),
    Fault(
        "ALTER DEFAULT PRIVILEGES FOR ROLE dsvault_owner GRANT SELECT ON TABLES TO dsvault_reader",
        "default privileges of dsvault_owner on tables", "extra", BACK,
        "ALTER DEFAULT PRIVILEGES FOR ROLE dsvault_owner"
        " REVOKE SELECT ON TABLES FROM dsvault_reader;",
    ),
    Fault(
        "ALTER DEFAULT PRIVILEGES FOR ROLE dsvault_owner IN SCHEMA dsvault"
        " GRANT EXECUTE ON FUNCTIONS TO dsvault_app",
        "default privileges of dsvault_owner in schema dsvault on functions", "extra", BACK,
        "ALTER DEFAULT PRIVILEGES FOR ROLE dsvault_owner IN SCHEMA dsvault"
        " REVOKE EXECUTE ON FUNCTIONS FROM dsvault_app;",
    ),
    Fault(
        "ALTER DEFAULT PRIVILEGES FOR ROLE dsvault_owner GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
        "default privileges of dsvault_owner on functions", "missing", PUT,
        "ALTER DEFAULT PRIVILEGES FOR ROLE dsvault_owner"
        " REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;",
    ),
    Fault(
        "ALTER ROLE dsvault_app CREATEDB BYPASSRLS",
        "role dsvault_app: attributes", "different", PUT,
        "ALTER ROLE dsvault_app NOBYPASSRLS NOCREATEDB;",
    ),
    Fault(
        "GRANT dsvault_auditor TO dsvault_reader",
        "role dsvault_reader: membership in dsvault_auditor", "extra", BACK,
        "REVOKE dsvault_auditor FROM dsvault_reader;",
    ),
    Fault(
        _REVOKED.format("dsvault_finder"),
        "role dsvault_owner: membership in dsvault_finder", "missing", PUT,
        "GRANT dsvault_finder TO dsvault_owner;",
    ),
    Fault(
        _REVOKED.format("dsvault_recorder")
        + "; GRANT dsvault_recorder TO dsvault_owner WITH ADMIN OPTION",
        "role dsvault_owner: membership in dsvault_recorder", "different", PUT,
        "REVOKE ADMIN OPTION FOR dsvault_recorder FROM dsvault_owner;",
    ),
)  # fmt: skip

_OWNERS_AND_SETTINGS = (
    Fault(
        "ALTER TABLE dsvault.encryption_keys OWNER TO CURRENT_USER",
        "dsvault.encryption_keys: kind and owner", "different", PUT,
        "ALTER TABLE dsvault.encryption_keys OWNER TO dsvault_owner;",
    ),
    Fault(
        "ALTER FUNCTION dsvault.merkle_root(bytea[]) OWNER TO CURRENT_USER",
        "dsvault.merkle_root(bytea[]): signature", "different", PUT,
        "ALTER ROUTINE dsvault.merkle_root(bytea[]) OWNER TO dsvault_owner;",
    ),
    Fault(
        "ALTER SCHEMA dsvault_facts OWNER TO CURRENT_USER",
        "schema dsvault_facts: owner", "different", PUT,
        "ALTER SCHEMA dsvault_facts OWNER TO dsvault_owner;",
    ),
    Fault(
        "ALTER TABLE dsvault.tenants SET (fillfactor = 70, autovacuum_enabled = off)",
        "dsvault.tenants: kind and owner", "different", PUT,
        "ALTER TABLE dsvault.tenants RESET (autovacuum_enabled, fillfactor);",
    ),
    Fault(
        "ALTER FUNCTION dsvault.current_tenant_id() SET search_path = public",
        "dsvault.current_tenant_id(): signature", "different",
        again("functions/current_tenant_id"),
    ),
)  # fmt: skip

_COMMENTS = (
    Fault(
        "COMMENT ON TABLE dsvault.roles IS 'other'",
        "dsvault.roles: comment on table", "different", again("tables/roles"),
    ),
    Fault(
        "COMMENT ON COLUMN dsvault.tokens.id IS NULL",
        "dsvault.tokens: comment on column id", "missing",
        again("tables/tokens", "makes what is missing"),
    ),
    Fault(
        "COMMENT ON INDEX dsvault.tokens_pkey IS 'more'",
        "dsvault.tokens: comment on index dsvault.tokens_pkey", "extra", BACK,
        "COMMENT ON INDEX dsvault.tokens_pkey IS NULL;",
    ),
    Fault(
        "COMMENT ON TRIGGER update_users_updated_at ON dsvault.users IS 'more'",
        "dsvault.users: comment on trigger update_users_updated_at", "extra", BACK,
        "COMMENT ON TRIGGER update_users_updated_at ON dsvault.users IS NULL;",
    ),
    Fault(
        "COMMENT ON CONSTRAINT tokens_pkey ON dsvault.tokens IS 'more'",
        "dsvault.tokens: comment on constraint tokens_pkey", "extra", BACK,
        "COMMENT ON CONSTRAINT tokens_pkey ON dsvault.tokens IS NULL;",
    ),
    Fault(
        "COMMENT ON FUNCTION dsvault.enter(uuid, uuid) IS NULL",
        "dsvault.enter(uuid,uuid): comment", "different", again("functions/enter"),
    ),
    Fault(
        "COMMENT ON ROLE dsvault_finder IS 'other'",
        "role dsvault_finder: comment", "different", PUT,
        "COMMENT ON ROLE dsvault_finder IS 'Owns the function that finds records by their tokens;"
        " sees ids and annotations of records and nothing else of dsvault.';",
    ),
)  # fmt: skip

_PARTITIONS = (
    Fault(
        "ALTER TABLE dsvault.records_p0 DISABLE ROW LEVEL SECURITY;"
        " ALTER TABLE dsvault.records_p1 DISABLE ROW LEVEL SECURITY",
        "partition of dsvault.records: row security", "different", PUT,
        "ALTER TABLE dsvault.records_p0 ENABLE ROW LEVEL SECURITY;\n"
        "ALTER TABLE dsvault.records_p1 ENABLE ROW LEVEL SECURITY;",
    ),
    Fault(
        "GRANT SELECT ON dsvault.records_p2 TO dsvault_app",
        "partition of dsvault.records: grants for dsvault_app", "extra", BACK,
        "REVOKE SELECT ON dsvault.records_p2 FROM dsvault_app;",
    ),
    Fault(
        "CREATE POLICY more ON dsvault.records_p3 TO dsvault_app USING (true)",
        "partition of dsvault.records: policy more", "extra", BACK,
        "DROP POLICY more ON dsvault.records_p3;",
    ),
    Fault(
        "ALTER TABLE dsvault.records_p4 OWNER TO CURRENT_USER",
        "partition of dsvault.records: kind and owner", "different", PUT,
        "ALTER TABLE dsvault.records_p4 OWNER TO dsvault_owner;",
    ),
    Fault(
        "COMMENT ON TABLE dsvault.records_p5 IS NULL",
        "partition of dsvault.records: comment", "different", PUT,
        "COMMENT ON TABLE dsvault.records_p5 IS"
        " 'Records of datasets with hash remainder 5 of 16; reached through records.';",
    ),
    Fault(
        "DROP STATISTICS dsvault.records_p6_dependencies",
        "partition of dsvault.records: statistics", "different", again("tables/records"),
    ),
    Fault(
        "DROP TRIGGER _200_refuse_by_name ON dsvault.records_p7",
        "partition of dsvault.records: triggers", "different", again("triggers/guard_records"),
    ),
    Fault(
        "ALTER TABLE dsvault.audit_logs_default DISABLE TRIGGER _200_refuse_truncate",
        "partition of dsvault.audit_logs: triggers", "different", again("triggers/guard_audit"),
    ),
)  # fmt: skip

FAULTS = (
    *_WHOLES, *_COLUMNS, *_CONSTRAINTS_AND_INDEXES, *_BEHAVIOUR, *_RIGHTS,
    *_OWNERS_AND_SETTINGS, *_COMMENTS, *_PARTITIONS,
)  # fmt: skip
