-- Deploy dsvault:privileges/database to pg
-- requires: schemas/dsvault_private
-- requires: facts/database
-- requires: facts/relations
-- requires: facts/comments
--
-- Why:    a session that may create objects, even temporary ones, can shadow names and types.
-- Locks:  none on tables.
-- Data:   notes what PUBLIC held before, so that the revert can restore exactly that.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

CREATE TABLE IF NOT EXISTS dsvault_private.public_privileges_before (
    object    text NOT NULL,
    privilege text NOT NULL,
    CONSTRAINT public_privileges_before_pkey PRIMARY KEY (object, privilege),
    -- Only these are ever revoked, so only these are ever restored.
    CONSTRAINT public_privileges_before_object_check CHECK (object IN ('database', 'schema public'))
);

COMMENT ON TABLE dsvault_private.public_privileges_before IS
    'What PUBLIC held on this database and on schema public before dsvault was deployed.';
COMMENT ON COLUMN dsvault_private.public_privileges_before.object IS
    'What the privilege was held on: database, or schema public.';
COMMENT ON COLUMN dsvault_private.public_privileges_before.privilege IS
    'Name of the privilege as GRANT writes it.';

-- The second run finds nothing left to note, so the first run's notes stay.
INSERT INTO dsvault_private.public_privileges_before (object, privilege)
SELECT 'database', a.privilege_type
FROM pg_catalog.pg_database AS d,
    pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) AS a
WHERE d.datname = pg_catalog.current_database()
    AND a.grantee = 0
    AND a.privilege_type IN ('CREATE', 'TEMPORARY')
UNION ALL
SELECT 'schema public', a.privilege_type
FROM pg_catalog.pg_namespace AS n,
    pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) AS a
WHERE n.nspname = 'public'
    AND a.grantee = 0
    AND a.privilege_type = 'CREATE'
ON CONFLICT DO NOTHING;

RESET ROLE;

DO $$
BEGIN
    EXECUTE pg_catalog.format(
        'REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', pg_catalog.current_database());
    IF EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'public') THEN
        REVOKE CREATE ON SCHEMA public FROM PUBLIC;
    END IF;
END;
$$;

COMMIT;
