-- Deploy dsvault:views/storage_warnings to pg
-- requires: functions/storage_quota
--
-- Why:    what is about to run full is seen before a publication is refused.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- As its caller: applications see their own tenant here, operators all.
CREATE OR REPLACE VIEW dsvault.storage_warnings WITH (security_invoker = true) AS
SELECT s.tenant_id, s.slug, s.used_bytes, s.storage_quota_bytes, s.used_percent, s.state
FROM dsvault.storage_usage() AS s
WHERE s.state IN ('warning', 'exceeded');

COMMENT ON VIEW dsvault.storage_warnings IS
    'Tenants that use 80 % of their storage quota or more, of those that the session may see.';
COMMENT ON COLUMN dsvault.storage_warnings.tenant_id IS 'The tenant.';
COMMENT ON COLUMN dsvault.storage_warnings.slug IS 'Its short name.';
COMMENT ON COLUMN dsvault.storage_warnings.used_bytes IS 'What its published versions hold.';
COMMENT ON COLUMN dsvault.storage_warnings.storage_quota_bytes IS 'What they may hold.';
COMMENT ON COLUMN dsvault.storage_warnings.used_percent IS
    'The share of the quota that is used; NULL with a quota of 0.';
COMMENT ON COLUMN dsvault.storage_warnings.state IS 'warning from 80 %, exceeded above the quota.';

REVOKE ALL ON dsvault.storage_warnings FROM PUBLIC;
GRANT SELECT ON dsvault.storage_warnings
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator;

COMMIT;
