-- Verify dsvault:functions/refuse_retained on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.refuse_held',
    dsvault_facts.function_of('dsvault_private.refuse_held(uuid,uuid,text,jsonb)'), ARRAY[
    'FUNCTION refuse_held(tenant_id uuid, dataset_id uuid, name text, policy jsonb) RETURNS void '
    'LANGUAGE plpgsql VOLATILE SECURITY INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, '
    'pg_temp OWNER dsvault_definer',
    'comment: Refuses if a dataset, whose retention_policy is given, or its tenant is under legal '
    'hold (DV731).',
    'body 90613bcb3565ba20']);

CALL dsvault_facts.must_equal('dsvault_private.refuse_early',
    dsvault_facts.function_of('dsvault_private.refuse_early(uuid,bigint,timestamptz)'), ARRAY[
    'FUNCTION refuse_early(dataset_id uuid, version_number bigint, kept_until timestamp with '
    'time zone) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY INVOKER PARALLEL UNSAFE SET '
    'search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Refuses on account of min_days that are not over (DV732).',
    'body b1c58dc526a18c9c']);

ROLLBACK;
