-- Deploy dsvault:triggers/count_removals to pg
-- requires: functions/count_removals
-- requires: tables/records
-- requires: tables/tokens
--
-- Why:    what a key encrypted counts toward its limit after it is removed, too.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.records and tokens, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- Whoever removes: applications, cascades, and the functions of the definer. Emptying a token keeps
-- its row, and with it the count.
CREATE OR REPLACE TRIGGER _500_count_removals
    AFTER DELETE ON dsvault.records
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT
    EXECUTE FUNCTION dsvault_private.tg_records__count_removals();

CREATE OR REPLACE TRIGGER _500_count_removals
    AFTER DELETE ON dsvault.tokens
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT
    EXECUTE FUNCTION dsvault_private.tg_tokens__count_removals();

COMMIT;
