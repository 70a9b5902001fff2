-- Verify dsvault:functions/count_removals on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.note_removals',
    dsvault_facts.function_of('dsvault_private.note_removals(uuid, text[], bigint[])'), ARRAY[
    'FUNCTION note_removals(tenant_id uuid, key_ids text[], messages bigint[]) RETURNS void '
    'LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, '
    'pg_temp OWNER dsvault_definer',
    'comment: Notes how many messages of each key of a tenant a statement removed.',
    'body ef1f1c193e83dac3']);

CALL dsvault_facts.must_equal('dsvault_private.tg_records__count_removals',
    dsvault_facts.function_of('dsvault_private.tg_records__count_removals()'), ARRAY[
    'FUNCTION tg_records__count_removals() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Statement trigger after DELETE: notes how many messages of which keys went with '
    'the records.',
    'body 420dc52a6859f31a',
    'dsvault_owner EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.tg_tokens__count_removals',
    dsvault_facts.function_of('dsvault_private.tg_tokens__count_removals()'), ARRAY[
    'FUNCTION tg_tokens__count_removals() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Statement trigger after DELETE: notes how many messages of which keys went with '
    'the tokens.',
    'body 89f5c91a237ee3fb',
    'dsvault_owner EXECUTE']);

ROLLBACK;
