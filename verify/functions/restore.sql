-- Verify dsvault:functions/restore on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.restore_dataset',
    dsvault_facts.function_of('dsvault.restore_dataset(uuid,text)'), ARRAY[
    'FUNCTION restore_dataset(dataset_id uuid, new_name text DEFAULT NULL::text) RETURNS void '
    'LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, '
    'pg_temp OWNER dsvault_definer',
    'comment: Brings a deleted dataset of the current tenant back, under another name if one '
    'is given; takes dataset:restore (DV721 to DV724).',
    'body 06bb2cb5ba0f85ed',
    'dsvault_app EXECUTE']);

CALL dsvault_facts.must_equal('dsvault.restore_user',
    dsvault_facts.function_of('dsvault.restore_user(uuid)'), ARRAY[
    'FUNCTION restore_user(user_id uuid) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_definer',
    'comment: Brings a deleted user of the current tenant back with the roles that he had; '
    'takes user:delete (DV721, DV722, DV201).',
    'body 1b7e1017b7e60a60',
    'dsvault_app EXECUTE']);

ROLLBACK;
