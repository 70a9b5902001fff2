-- What the triggers of an insert cost: frozen versions, known keys, the audit trail.
DROP TRIGGER _200_frozen_insert ON dsvault.records;
DROP TRIGGER _230_known_key ON dsvault.records;
DROP TRIGGER audit_records ON dsvault.records;
