-- Revert dsvault:functions/anonymize_version from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.anonymize_version(uuid, uuid, uuid, uuid[]);
DROP FUNCTION IF EXISTS dsvault_private.not_anonymizable(uuid, uuid, uuid);

COMMIT;
