-- Verify dsvault:functions/audit_origin on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.audit_origin',
    dsvault_facts.function_of('dsvault_private.audit_origin()'), ARRAY[
    'FUNCTION audit_origin(OUT tenant_id uuid, OUT user_id uuid, OUT ip_address inet, OUT '
    'user_agent text, OUT details jsonb) RETURNS record LANGUAGE plpgsql STABLE SECURITY INVOKER '
    'PARALLEL UNSAFE OWNER dsvault_owner',
    'comment: Who is at work, as an audit entry tells it: the user of the context, where the '
    'request came from (app.client_ip, app.user_agent), and details with the database login.',
    'body 19eb201137855f19',
    'dsvault_recorder EXECUTE']);

ROLLBACK;
