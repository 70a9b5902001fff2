-- Verify dsvault:functions/seal_range on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.entry_text',
    dsvault_facts.function_of('dsvault_private.entry_text(dsvault.audit_logs)'), ARRAY[
    'FUNCTION entry_text(entry dsvault.audit_logs) RETURNS text LANGUAGE sql STABLE SECURITY '
    'INVOKER PARALLEL SAFE OWNER dsvault_recorder',
    'comment: What is hashed of an audit entry: a JSON array of all its columns.',
    'body 8926cc273ab20693']);

CALL dsvault_facts.must_equal('dsvault_private.seal_hash',
    dsvault_facts.function_of('dsvault_private.seal_hash(dsvault.audit_seals)'), ARRAY[
    'FUNCTION seal_hash(seal dsvault.audit_seals) RETURNS bytea LANGUAGE sql STABLE SECURITY '
    'INVOKER PARALLEL SAFE OWNER dsvault_recorder',
    'comment: Hash of a seal: SHA-256 of a JSON array of what it vouches for.',
    'body 5625f0e9294733ae']);

CALL dsvault_facts.must_equal('dsvault_private.seal_range',
    dsvault_facts.function_of('dsvault_private.seal_range(xid8,xid8)'), ARRAY[
    'FUNCTION seal_range(from_transaction xid8, to_transaction xid8) RETURNS SETOF '
    'dsvault.audit_seals LANGUAGE plpgsql VOLATILE SECURITY INVOKER PARALLEL UNSAFE SET '
    'search_path=pg_catalog, pg_temp OWNER dsvault_recorder',
    'comment: Seals the entries of a range of transactions that have all ended.',
    'body cb5c9277fe50e935']);

ROLLBACK;
