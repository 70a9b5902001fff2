-- Verify dsvault:functions/sealed_month on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.sealed_month',
    dsvault_facts.function_of('dsvault_private.sealed_month(timestamptz, timestamptz)'), ARRAY[
    'FUNCTION sealed_month(from_time timestamp with time zone, to_time timestamp with time '
    'zone) RETURNS TABLE(tenant_id uuid, entry_count bigint, places int8multirange, '
    'leaf_hashes bytea, first_wrong uuid) LANGUAGE plpgsql STABLE SECURITY INVOKER PARALLEL '
    'UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_recorder',
    'comment: The entries of a month by tenant: their places in its seals and their leaf '
    'hashes in order; first_wrong is the first one that is in no seal as it is.',
    'body f85eb8fe405744dd']);

CALL dsvault_facts.must_equal('dsvault_private.archives_hash',
    dsvault_facts.function_of('dsvault_private.archives_hash(uuid)'), ARRAY[
    'FUNCTION archives_hash(tenant_id uuid) RETURNS bytea LANGUAGE plpgsql STABLE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_recorder',
    'comment: Hash of everything that is written down of a tenant''s archives.',
    'body b74384b04258d486']);

ROLLBACK;
