-- Verify dsvault:functions/update_updated_at_column on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.update_updated_at_column',
    dsvault_facts.function_of('dsvault.update_updated_at_column()'), ARRAY[
    'FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Row trigger before UPDATE: sets updated_at to the transaction''s time if '
    'anything changed.',
    'body 5f571965e66be68b']);

ROLLBACK;
