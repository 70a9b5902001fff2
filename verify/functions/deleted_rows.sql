-- Verify dsvault:functions/deleted_rows on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.deleted_datasets',
    dsvault_facts.function_of('dsvault.deleted_datasets()'), ARRAY[
    'FUNCTION deleted_datasets() RETURNS TABLE(id uuid, name text, owner_id uuid, deleted_at '
    'timestamp with time zone) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL UNSAFE SET '
    'search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Deleted datasets of the current tenant that the current user may restore, the last '
    'one first: all of them with dataset:restore, else his own.',
    'body 205604a3886b0eae',
    'dsvault_app EXECUTE',
    'dsvault_reader EXECUTE']);

CALL dsvault_facts.must_equal('dsvault.deleted_users',
    dsvault_facts.function_of('dsvault.deleted_users()'), ARRAY[
    'FUNCTION deleted_users() RETURNS TABLE(id uuid, email text, name text, deleted_at timestamp '
    'with time zone) LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL UNSAFE SET '
    'search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Deleted users of the current tenant, the last one first; nobody without user:delete.',
    'body 9ad689d1bef19590',
    'dsvault_app EXECUTE',
    'dsvault_reader EXECUTE']);

ROLLBACK;
