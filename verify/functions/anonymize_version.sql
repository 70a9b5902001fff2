-- Verify dsvault:functions/anonymize_version on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.not_anonymizable',
    dsvault_facts.function_of('dsvault_private.not_anonymizable(uuid,uuid,uuid)'), ARRAY[
    'FUNCTION not_anonymizable(tenant_id uuid, dataset_id uuid, version_id uuid) RETURNS text '
    'LANGUAGE plpgsql STABLE SECURITY INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, '
    'pg_temp OWNER dsvault_definer',
    'comment: Why a version cannot be anonymized by the server; NULL if it can.',
    'body 1ac7cb6b03648d7a']);

CALL dsvault_facts.must_equal('dsvault_private.anonymize_version',
    dsvault_facts.function_of('dsvault_private.anonymize_version(uuid,uuid,uuid,uuid[])'), ARRAY[
    'FUNCTION anonymize_version(tenant_id uuid, dataset_id uuid, version_id uuid, going uuid[])'
    ' RETURNS bigint LANGUAGE plpgsql VOLATILE SECURITY INVOKER PARALLEL UNSAFE SET '
    'search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Empties the tokens that a version''s records name and no version that stays does,'
    ' and notes it; going are the versions that do not stay either. Returns how many tokens.',
    'body c6f30695ee26676d']);

ROLLBACK;
