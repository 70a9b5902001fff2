-- Deploy dsvault:triggers/guard_ciphertexts to pg
-- requires: functions/guard_ciphertexts
--
-- Why:    what is stored was encrypted with a key of its tenant.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.records and tokens, no scan.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- By statement: a foreign key would cost a look-up and a lock for each row. Nobody may UPDATE these
-- columns.
CREATE OR REPLACE TRIGGER _230_known_key
    AFTER INSERT ON dsvault.records
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT
    EXECUTE FUNCTION dsvault_private.tg_records__known_key();

CREATE OR REPLACE TRIGGER _230_known_key
    AFTER INSERT ON dsvault.tokens
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT
    EXECUTE FUNCTION dsvault_private.tg_tokens__known_key();

COMMIT;
