-- Revert dsvault:triggers/guard_status from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

DROP TRIGGER IF EXISTS _203_frozen ON dsvault.encryption_keys;
DROP TRIGGER IF EXISTS _203_frozen ON dsvault.schemas;
DROP TRIGGER IF EXISTS _202_frozen_draft ON dsvault.schemas;
DROP TRIGGER IF EXISTS _203_frozen ON dsvault.dataset_versions;
DROP TRIGGER IF EXISTS _202_frozen_draft ON dsvault.dataset_versions;
DROP TRIGGER IF EXISTS _201_transition ON dsvault.encryption_keys;
DROP TRIGGER IF EXISTS _201_transition ON dsvault.schemas;
DROP TRIGGER IF EXISTS _201_transition ON dsvault.dataset_versions;
DROP TRIGGER IF EXISTS _200_begin ON dsvault.encryption_keys;
DROP TRIGGER IF EXISTS _200_begin ON dsvault.schemas;
DROP TRIGGER IF EXISTS _200_begin ON dsvault.dataset_versions;

COMMIT;
