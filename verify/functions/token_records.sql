-- Verify dsvault:functions/token_records on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.token_records',
    dsvault_facts.function_of('dsvault.token_records(text)'), ARRAY[
    'FUNCTION token_records(token text) RETURNS TABLE(dataset_id uuid, version_id uuid, '
    'record_id uuid, pointer text) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL UNSAFE SET '
    'search_path=pg_catalog, pg_temp OWNER dsvault_finder',
    'comment: Records of the current tenant whose annotations name a token, each with the JSON '
    'pointer to it; none without version:read. Answered by idx_records_pii.',
    'body b79ff446a2dcc893',
    'dsvault_app EXECUTE',
    'dsvault_reader EXECUTE']);

ROLLBACK;
