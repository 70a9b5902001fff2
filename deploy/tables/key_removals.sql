-- Deploy dsvault:tables/key_removals to pg
-- requires: tables/encryption_keys
-- requires: functions/current_tenant_id
--
-- Why:    how much a key encrypted decides when it has to be rotated, and removing what it
--         encrypted does not undo that it did. What is stored is counted where it is; this is the
--         rest. A counter in the key's row would make all who delete wait for each other.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.encryption_keys for the foreign key, no scan.
-- Data:   none.
-- Revert: loses how many messages were removed.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

-- One row for a statement and key, until maintenance adds them up.
CREATE TABLE IF NOT EXISTS dsvault.key_removals (
    tenant_id uuid   NOT NULL DEFAULT dsvault.current_tenant_id(),
    key_id    uuid   NOT NULL,
    id        uuid   NOT NULL DEFAULT gen_random_uuid(),
    messages  bigint NOT NULL,
    CONSTRAINT key_removals_pkey PRIMARY KEY (tenant_id, key_id, id),
    CONSTRAINT key_removals_key_fk FOREIGN KEY (tenant_id, key_id)
        REFERENCES dsvault.encryption_keys (tenant_id, id) ON DELETE CASCADE,
    -- What took nothing away is not noted.
    CONSTRAINT key_removals_messages_positive CHECK (messages > 0)
);

COMMENT ON TABLE dsvault.key_removals IS
    'How many messages that a key encrypted were removed since; the rest is counted where it is.';
COMMENT ON COLUMN dsvault.key_removals.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.key_removals.key_id IS 'Key that had encrypted them.';
COMMENT ON COLUMN dsvault.key_removals.id IS 'Tells removals of the key apart.';
COMMENT ON COLUMN dsvault.key_removals.messages IS
    'How many ciphertexts were removed, at least one: of records, of their fields, or of tokens.';

COMMIT;
