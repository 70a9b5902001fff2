-- Verify dsvault:functions/guard_lineage on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.tg_lineage_edges__ends',
    dsvault_facts.function_of('dsvault_private.tg_lineage_edges__ends()'), ARRAY[
    'FUNCTION tg_lineage_edges__ends() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Statement trigger after INSERT and UPDATE: both ends exist in the tenant (DV706).',
    'body 780578c7962fa325',
    'dsvault_owner EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.tg_lineage_edges__acyclic',
    dsvault_facts.function_of('dsvault_private.tg_lineage_edges__acyclic()'), ARRAY[
    'FUNCTION tg_lineage_edges__acyclic() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Statement trigger after INSERT and UPDATE: nothing is derived from itself '
    '(DV707), which repeatable read could not tell (DV708).',
    'body 14882b40868c1a42',
    'dsvault_owner EXECUTE']);

ROLLBACK;
