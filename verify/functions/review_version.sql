-- Verify dsvault:functions/review_version on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.review_version',
    dsvault_facts.function_of('dsvault.review_version(uuid,text)'), ARRAY[
    'FUNCTION review_version(version_id uuid, decision text) RETURNS uuid LANGUAGE plpgsql '
    'VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER '
    'dsvault_definer',
    'comment: Notes in the audit trail what was decided on a version whose retention policy '
    'wants it reviewed; it is due again after duration_days. For dataset:update (DV733), with '
    'words (DV734).',
    'body f712dd7640c0e00b',
    'dsvault_app EXECUTE']);

ROLLBACK;
