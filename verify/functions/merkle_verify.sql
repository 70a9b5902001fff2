-- Verify dsvault:functions/merkle_verify on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.merkle_verify_inclusion',
    dsvault_facts.function_of('dsvault.merkle_verify_inclusion(bytea,bigint,bigint,bytea[],bytea)'),
    ARRAY[
    'FUNCTION merkle_verify_inclusion(leaf_hash bytea, leaf_index bigint, tree_size bigint, path '
    'bytea[], root bytea) RETURNS boolean LANGUAGE plpgsql IMMUTABLE SECURITY INVOKER PARALLEL '
    'SAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: True if the path leads from the leaf hash to the root of a tree of that size (RFC '
    '9162, section 2.1.3.2).',
    'body 8ddce45da763093d',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_operator EXECUTE',
    'dsvault_reader EXECUTE']);

CALL dsvault_facts.must_equal('dsvault.merkle_verify_consistency',
    dsvault_facts.function_of(
        'dsvault.merkle_verify_consistency(bigint,bigint,bytea,bytea,bytea[])'),
    ARRAY[
    'FUNCTION merkle_verify_consistency(old_size bigint, new_size bigint, old_root bytea, '
    'new_root bytea, path bytea[]) RETURNS boolean LANGUAGE plpgsql IMMUTABLE SECURITY INVOKER '
    'PARALLEL SAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: True if the path proves that the new tree begins with the old one (RFC 9162, '
    'section 2.1.4.2).',
    'body 560ab2f3de0f5e26',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_operator EXECUTE',
    'dsvault_reader EXECUTE']);

ROLLBACK;
