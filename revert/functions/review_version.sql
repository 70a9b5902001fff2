-- Revert dsvault:functions/review_version from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.review_version(uuid, text);

COMMIT;
