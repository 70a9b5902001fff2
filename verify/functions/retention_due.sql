-- Verify dsvault:functions/retention_due on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.retention_due',
    dsvault_facts.function_of('dsvault.retention_due(uuid)'), ARRAY[
    'FUNCTION retention_due(tenant_id uuid) RETURNS TABLE(dataset_id uuid, dataset_name text, '
    'version_id uuid, version_number bigint, action text, due_at timestamp with time zone, '
    'blocked_by text) LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET '
    'search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Versions of a tenant that its retention policies are due for: what would be done,'
    ' since when, and what keeps it from being done (NULL: nothing). Changes nothing.',
    'body daaf6ee8144acecf',
    'dsvault_operator EXECUTE']);

ROLLBACK;
