-- Verify dsvault:functions/merkle on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.merkle_leaf_hashes',
    dsvault_facts.function_of('dsvault.merkle_leaf_hashes(bytea[])'), ARRAY[
    'FUNCTION merkle_leaf_hashes(entries bytea[]) RETURNS bytea LANGUAGE sql IMMUTABLE SECURITY '
    'INVOKER PARALLEL SAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Leaf hashes of entries (RFC 9162: SHA-256 of 0x00 and the entry), one after the '
    'other, 32 bytes each.',
    'body 627151f08f93df2b',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_definer EXECUTE',
    'dsvault_operator EXECUTE',
    'dsvault_reader EXECUTE',
    'dsvault_recorder EXECUTE']);

CALL dsvault_facts.must_equal('dsvault.merkle_root_of_hashes',
    dsvault_facts.function_of('dsvault.merkle_root_of_hashes(bytea)'), ARRAY[
    'FUNCTION merkle_root_of_hashes(leaf_hashes bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE '
    'SECURITY INVOKER PARALLEL SAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Merkle tree hash (RFC 9162, section 2.1.1) over leaf hashes, 32 bytes each.',
    'body 7497217af2899eff',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_definer EXECUTE',
    'dsvault_operator EXECUTE',
    'dsvault_reader EXECUTE',
    'dsvault_recorder EXECUTE']);

CALL dsvault_facts.must_equal('dsvault.merkle_root',
    dsvault_facts.function_of('dsvault.merkle_root(bytea[])'), ARRAY[
    'FUNCTION merkle_root(entries bytea[]) RETURNS bytea LANGUAGE sql IMMUTABLE SECURITY INVOKER '
    'PARALLEL SAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Merkle tree hash (RFC 9162, section 2.1.1) of a list of entries.',
    'body f732d56b3098a537',
    'dsvault_app EXECUTE',
    'dsvault_auditor EXECUTE',
    'dsvault_definer EXECUTE',
    'dsvault_operator EXECUTE',
    'dsvault_reader EXECUTE',
    'dsvault_recorder EXECUTE']);

ROLLBACK;
