-- Deploy dsvault:functions/status_transitions to pg
-- requires: schemas/dsvault
--
-- Why:    which status may follow which is one table, which people read and triggers ask.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- What is not listed is refused. NULL is the status before the row is there. Nothing leaves
-- corrupted or revoked.
CREATE OR REPLACE FUNCTION dsvault.status_transitions()
    RETURNS TABLE (kind text, from_status text, to_status text, meaning text)
    LANGUAGE sql
    IMMUTABLE
    PARALLEL SAFE
AS $$
    VALUES
        ('version', NULL, 'draft', 'is begun'),
        ('version', NULL, 'published', 'is published at once; its content lies in object storage'),
        ('version', 'draft', 'published', 'is fixed for ever and counts against the quota'),
        ('version', 'published', 'archived', 'is put away'),
        ('version', 'archived', 'published', 'is taken out again'),
        ('version', 'published', 'corrupted', 'was found not to be what was published'),
        ('version', 'archived', 'corrupted', 'was found not to be what was published'),
        ('schema', NULL, 'draft', 'is begun'),
        ('schema', NULL, 'active', 'is in use at once'),
        ('schema', 'draft', 'active', 'comes into use; its definition is fixed for ever'),
        ('schema', 'draft', 'archived', 'is given up'),
        ('schema', 'active', 'deprecated', 'is phased out'),
        ('schema', 'deprecated', 'active', 'is in use again'),
        ('schema', 'active', 'archived', 'is out of use'),
        ('schema', 'deprecated', 'archived', 'is out of use'),
        ('key', NULL, 'active', 'begins to encrypt'),
        ('key', NULL, 'rotated', 'is imported to decrypt only'),
        ('key', NULL, 'expired', 'is imported to decrypt only'),
        ('key', 'active', 'rotated', 'hands over to a newer key and still decrypts'),
        ('key', 'active', 'expired', 'has reached its time and still decrypts'),
        ('key', 'rotated', 'expired', 'has reached its time and still decrypts'),
        ('key', 'active', 'revoked', 'neither encrypts nor decrypts any more'),
        ('key', 'rotated', 'revoked', 'neither encrypts nor decrypts any more'),
        ('key', 'expired', 'revoked', 'neither encrypts nor decrypts any more');
$$;

COMMENT ON FUNCTION dsvault.status_transitions() IS
    'Every change of status that versions, schemas and keys may make, and what it means; '
    'from_status is NULL for a new row. All others are refused (DV701).';

REVOKE ALL ON FUNCTION dsvault.status_transitions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.status_transitions()
    TO dsvault_app, dsvault_reader, dsvault_auditor, dsvault_operator, dsvault_definer;

COMMIT;
