-- Revert dsvault:functions/may_erase from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.may_erase(dsvault.tenants,text);
DROP FUNCTION IF EXISTS dsvault_private.erasure_order();

COMMIT;
