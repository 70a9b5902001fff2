-- Deploy dsvault:functions/audit_origin to pg
-- requires: schemas/dsvault_private
--
-- Why:    every audit entry tells in the same words who was at work, and from where.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

-- What a session claims and what does not read as a user or an address is neither an error, which
-- would let a client switch his own work off, nor lost: it stands among the details as it came.
-- The login is the server's own knowledge; no setting changes it. No SET clause, which costs as
-- much as the rest: whoever calls it has pinned its own search_path. It reads tenant and user as
-- the accessors do, without calling them: a function that is called below two search paths in turn
-- is analysed anew each time, the next statement's policies included, which takes longer than
-- writing an entry.
CREATE OR REPLACE FUNCTION dsvault_private.audit_origin(
    OUT tenant_id  uuid,
    OUT user_id    uuid,
    OUT ip_address inet,
    OUT user_agent text,
    OUT details    jsonb
)
    RETURNS record
    LANGUAGE plpgsql
    STABLE
AS $$
DECLARE
    v_tenant text := nullif(current_setting('app.current_tenant_id', true), '');
    v_user   text := nullif(current_setting('app.current_user_id', true), '');
    v_ip     text := nullif(current_setting('app.client_ip', true), '');
    v_role   text := current_setting('role');
BEGIN
    tenant_id := CASE
        WHEN v_tenant LIKE '________-____-____-____-____________'
            AND v_tenant NOT LIKE '%-%-%-%-%-%' AND v_tenant ~ '^[-0-9A-Fa-f]*$'
        THEN v_tenant::uuid
    END;
    user_id := CASE
        WHEN tenant_id IS NOT NULL AND v_user LIKE '________-____-____-____-____________'
            AND v_user NOT LIKE '%-%-%-%-%-%' AND v_user ~ '^[-0-9A-Fa-f]*$'
        THEN v_user::uuid
    END;
    user_agent := nullif(current_setting('app.user_agent', true), '');
    details := jsonb_build_object('login', session_user);
    IF v_role <> 'none' THEN
        details := details || jsonb_build_object('role', v_role);
    END IF;
    IF tenant_id IS NULL AND v_tenant IS NOT NULL THEN
        details := details || jsonb_build_object('claimed_tenant', v_tenant);
    END IF;
    IF user_id IS NULL AND v_user IS NOT NULL THEN
        details := details || jsonb_build_object('claimed_user', v_user);
    END IF;
    IF v_ip IS NOT NULL THEN
        BEGIN
            ip_address := v_ip::inet;
        EXCEPTION
            WHEN invalid_text_representation THEN
                details := details || jsonb_build_object('claimed_ip', v_ip);
        END;
    END IF;
END;
$$;

COMMENT ON FUNCTION dsvault_private.audit_origin() IS
    'Who is at work, as an audit entry tells it: the user of the context, where the request came '
    'from (app.client_ip, app.user_agent), and details with the database login.';

REVOKE ALL ON FUNCTION dsvault_private.audit_origin() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault_private.audit_origin() TO dsvault_recorder;

COMMIT;
