-- Revert dsvault:functions/guard_roles from pg

BEGIN;

SET LOCAL ROLE dsvault_definer;

DROP FUNCTION IF EXISTS dsvault_private.tg__keep_admin();
DROP FUNCTION IF EXISTS dsvault_private.tg_user_roles__bound();

COMMIT;
