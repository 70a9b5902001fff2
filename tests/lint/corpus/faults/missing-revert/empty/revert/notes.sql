-- Revert notes:notes from pg -- FAULT missing-revert

BEGIN;

COMMIT;
