-- Revert dsvault:triggers/count_removals from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS _500_count_removals ON dsvault.tokens;
DROP TRIGGER IF EXISTS _500_count_removals ON dsvault.records;

COMMIT;
