-- Revert dsvault:seal from pg

BEGIN;

-- Nothing was created, so nothing is undone.
SELECT 'dsvault 0.1.0';

COMMIT;
