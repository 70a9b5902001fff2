-- Revert dsvault:functions/anchor_audit from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.anchor_audit();

SET LOCAL ROLE dsvault_recorder;

DROP FUNCTION IF EXISTS dsvault_private.tg_audit_anchors__refuse();
DROP FUNCTION IF EXISTS dsvault_private.any_audit_entry(timestamptz, timestamptz);

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_private.audit_ranges();

COMMIT;
