BEGIN;
SELECT EXISTS ( -- FAULT verify-cannot-fail
    SELECT FROM information_schema.tables WHERE table_name = 'notes');
ROLLBACK;
