-- Verify dsvault:functions/merkle_proofs on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.merkle_inclusion_proof',
    dsvault_facts.function_of('dsvault.merkle_inclusion_proof(bytea,bigint)'), ARRAY[
    'FUNCTION merkle_inclusion_proof(leaf_hashes bytea, leaf_index bigint) RETURNS bytea[] '
    'LANGUAGE plpgsql IMMUTABLE SECURITY INVOKER PARALLEL SAFE SET search_path=pg_catalog, '
    'pg_temp OWNER dsvault_owner',
    'comment: Audit path (RFC 9162, section 2.1.3.1) for the leaf of that place, counted from '
    '0; DV811 if there is none.',
    'body 5946071ecbfaaa74',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_operator EXECUTE',
    'dsvault_reader EXECUTE']);

CALL dsvault_facts.must_equal('dsvault.merkle_consistency_proof',
    dsvault_facts.function_of('dsvault.merkle_consistency_proof(bytea,bigint)'), ARRAY[
    'FUNCTION merkle_consistency_proof(leaf_hashes bytea, old_size bigint) RETURNS bytea[] '
    'LANGUAGE plpgsql IMMUTABLE SECURITY INVOKER PARALLEL SAFE SET search_path=pg_catalog, '
    'pg_temp OWNER dsvault_owner',
    'comment: Proof (RFC 9162, section 2.1.4.1) that the tree over the first old_size leaves '
    'only grew; DV811 for a size that it never had.',
    'body d99dc5ab46b3d0b8',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_operator EXECUTE',
    'dsvault_reader EXECUTE']);

ROLLBACK;
