-- Revert dsvault:functions/count_removals from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault_private.tg_tokens__count_removals();
DROP FUNCTION IF EXISTS dsvault_private.tg_records__count_removals();
DROP FUNCTION IF EXISTS dsvault_private.note_removals(uuid, text[], bigint[]);

COMMIT;
