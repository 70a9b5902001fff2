-- Deploy dsvault:functions/permission_catalogue to pg
-- requires: schemas/dsvault
--
-- Why:    a misspelt permission is refused when a role is written, not missed when it is asked for.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- The design's nineteen, then what its tables need and it left undefined. It may grow by rework;
-- taking a permission away needs a look at every role first.
CREATE OR REPLACE FUNCTION dsvault.permission_catalogue()
    RETURNS jsonb
    LANGUAGE sql
    IMMUTABLE
    PARALLEL SAFE
AS $$
    SELECT '[
        "dataset:create", "dataset:read", "dataset:update", "dataset:delete",
        "version:create", "version:read", "version:delete",
        "user:create", "user:read", "user:update", "user:delete",
        "role:create", "role:read", "role:update", "role:delete",
        "audit:read",
        "schema:create", "schema:read", "schema:update",
        "dataset:restore", "version:publish",
        "token:create", "token:read", "token:detokenize",
        "key:read", "key:manage"
    ]'::pg_catalog.jsonb;
$$;

COMMENT ON FUNCTION dsvault.permission_catalogue() IS
    'JSON array of every permission that a role may hold; nothing outside of it exists.';

REVOKE ALL ON FUNCTION dsvault.permission_catalogue() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.permission_catalogue()
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

COMMIT;
