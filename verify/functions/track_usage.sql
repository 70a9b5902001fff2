-- Verify dsvault:functions/track_usage on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.add_usage',
    dsvault_facts.function_of('dsvault_private.add_usage(uuid,text,numeric)'), ARRAY[
    'FUNCTION add_usage(tenant_id uuid, measure text, amount numeric) RETURNS void LANGUAGE '
    'plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp '
    'OWNER dsvault_definer',
    'comment: Adds to a sum of what a tenant uses; refuses bytes beyond the storage quota '
    '(DV711).',
    'body d5c4634c0ce4111f']);

CALL dsvault_facts.must_equal('dsvault_private.tg_dataset_versions__usage',
    dsvault_facts.function_of('dsvault_private.tg_dataset_versions__usage()'), ARRAY[
    'FUNCTION tg_dataset_versions__usage() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Statement trigger after INSERT, UPDATE and DELETE: keeps what a tenant uses.',
    'body 6f7c70f2f80e560a',
    'dsvault_owner EXECUTE']);

ROLLBACK;
