-- Verify dsvault:functions/may_erase on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.erasure_order',
    dsvault_facts.function_of('dsvault_private.erasure_order()'), ARRAY[
    'FUNCTION erasure_order() RETURNS TABLE(name text, key_1 text, key_2 text) LANGUAGE sql '
    'IMMUTABLE SECURITY INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER '
    'dsvault_definer',
    'comment: Tables of a tenant in the order in which its rows are removed, each with its key,'
    ' a key of one column twice; what a tenant used goes with its own row.',
    'body c7e10a00e4732280']);

CALL dsvault_facts.must_equal('dsvault_private.may_erase',
    dsvault_facts.function_of('dsvault_private.may_erase(dsvault.tenants,text)'), ARRAY[
    'FUNCTION may_erase(tenant dsvault.tenants, slug text) RETURNS void LANGUAGE plpgsql '
    'VOLATILE SECURITY INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER '
    'dsvault_definer',
    'comment: Refuses to erase the system tenant (DV742), by another slug (DV743), a tenant '
    'that is not closed (DV744), is under legal hold or has datasets that are (DV745), or '
    'versions whose min_days are not over (DV746).',
    'body 47e44889d099b862']);

ROLLBACK;
