-- Verify dsvault:functions/record_changes on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.record_changes',
    dsvault_facts.function_of('dsvault_private.record_changes(text,text,text[],jsonb[],jsonb[])'),
    ARRAY[
    'FUNCTION record_changes(resource_type text, operation text, key text[], old_rows jsonb[], '
    'new_rows jsonb[]) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY INVOKER PARALLEL UNSAFE '
    'OWNER dsvault_owner',
    'comment: Writes an audit entry for each row that an operation made, removed or really '
    'changed; rows are given as they were and as they are. Returns whether there was any.',
    'body 9c8079dc82621954',
    'dsvault_recorder EXECUTE']);

ROLLBACK;
