-- Keeps application logins from taking the policies of their group away. For a superuser.
--
-- DROP OWNED BY dsvault_app may be said by whoever uses that role. It owns nothing, but the
-- statement also takes the role off every policy, the floors included: nothing is opened, and for
-- every tenant everything is closed. No privilege stands against that; an event trigger does, and
-- only a superuser may make one, so it is no change of the plan.
--
-- Run it in the vault's database; twice does no harm:
--     psql -X -v ON_ERROR_STOP=1 -f sql/hardening/refuse_drop_owned.sql
-- Undo it: DROP SCHEMA dsvault_hardening CASCADE;
-- Where it was not run and the policies are gone, each file of deploy/policies/ makes its own anew.

BEGIN;

CREATE SCHEMA IF NOT EXISTS dsvault_hardening;
COMMENT ON SCHEMA dsvault_hardening IS
    'What a superuser added around the vault; no change of its plan.';
REVOKE ALL ON SCHEMA dsvault_hardening FROM PUBLIC;

CREATE OR REPLACE FUNCTION dsvault_hardening.refuse_drop_owned()
    RETURNS event_trigger
    LANGUAGE plpgsql
    VOLATILE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF pg_has_role(session_user, 'dsvault_owner', 'MEMBER') THEN -- superusers are members of all
        RETURN;
    END IF;
    RAISE EXCEPTION '% would take the policies of the vault away', tg_tag
        USING ERRCODE = 'insufficient_privilege',
            HINT = 'Ask a superuser, or the login that deployed the vault.';
END;
$$;

COMMENT ON FUNCTION dsvault_hardening.refuse_drop_owned() IS
    'Event trigger: refuses DROP OWNED to logins that may not act as dsvault_owner (42501).';
REVOKE ALL ON FUNCTION dsvault_hardening.refuse_drop_owned() FROM PUBLIC;

DROP EVENT TRIGGER IF EXISTS dsvault_refuse_drop_owned;
CREATE EVENT TRIGGER dsvault_refuse_drop_owned ON ddl_command_start
    WHEN TAG IN ('DROP OWNED')
    EXECUTE FUNCTION dsvault_hardening.refuse_drop_owned();
COMMENT ON EVENT TRIGGER dsvault_refuse_drop_owned IS
    'Whoever uses a group role does not take its policies away.';

COMMIT;
