-- Verify dsvault:functions/close_audit_partition on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.close_audit_partition',
    dsvault_facts.function_of('dsvault_private.close_audit_partition(text,text)'), ARRAY[
    'FUNCTION close_audit_partition(name text, remark text) RETURNS void LANGUAGE plpgsql '
    'VOLATILE SECURITY INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER '
    'dsvault_owner',
    'comment: Gives an audit partition forced row security without a policy, a comment, and '
    'the trigger that refuses to truncate it; its owner reads it through the parent only, and '
    'cannot detach it.',
    'body 73c020d135cb798a']);

CALL dsvault_facts.must_equal('dsvault_private.drain_audit_default',
    dsvault_facts.function_of('dsvault_private.drain_audit_default()'), ARRAY[
    'FUNCTION drain_audit_default() RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY INVOKER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp SET TimeZone=UTC OWNER dsvault_owner',
    'comment: Makes partitions of the months whose rows lie in the DEFAULT partition, and '
    'moves them there; returns how many.',
    'body a8745dd210c81305']);

ROLLBACK;
