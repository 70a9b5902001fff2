-- Revert dsvault:functions/refuse_retained from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.refuse_early(uuid, bigint, timestamptz);
DROP FUNCTION IF EXISTS dsvault_private.refuse_held(uuid, uuid, text, jsonb);

COMMIT;
