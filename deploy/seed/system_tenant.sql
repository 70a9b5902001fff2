-- Deploy dsvault:seed/system_tenant to pg
-- requires: policies/tenants
-- requires: triggers/soft_delete
--
-- Why:    role templates need a home that no tenant can touch.
-- Locks:  ROW EXCLUSIVE on dsvault.tenants.
-- Data:   one row of dsvault.tenants.
-- Revert: lossless; refuses while the tenant has rows in other tables.

BEGIN;

SET LOCAL ROLE dsvault_owner;
-- The owner writes below its own policy here, which opens the system tenant and nothing else.
SET LOCAL row_security = on;

INSERT INTO dsvault.tenants (id, name, slug, settings, is_deleted)
VALUES (
    '00000000-0000-0000-0000-000000000000',
    'System',
    'system',
    '{"is_system": true}'::jsonb,
    false
)
ON CONFLICT (id) DO NOTHING;

COMMIT;
