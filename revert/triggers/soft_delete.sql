-- Revert dsvault:triggers/soft_delete from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS soft_delete_datasets ON dsvault.datasets;
DROP TRIGGER IF EXISTS soft_delete_users ON dsvault.users;
DROP TRIGGER IF EXISTS soft_delete_tenants ON dsvault.tenants;

COMMIT;
