-- Verify dsvault:functions/anchor_audit on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.audit_ranges',
    dsvault_facts.function_of('dsvault_private.audit_ranges()'), ARRAY[
    'FUNCTION audit_ranges() RETURNS TABLE(name text, from_time timestamp with time zone, '
    'to_time timestamp with time zone) LANGUAGE sql STABLE SECURITY INVOKER PARALLEL UNSAFE '
    'SET search_path=pg_catalog, pg_temp SET TimeZone=UTC SET DateStyle=ISO OWNER '
    'dsvault_owner',
    'comment: Months of the audit trail by name, and without a name what only its DEFAULT '
    'partition covers.',
    'body 9b88d116e2ac1695',
    'dsvault_recorder EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.any_audit_entry',
    dsvault_facts.function_of('dsvault_private.any_audit_entry(timestamptz, timestamptz)'), ARRAY[
    'FUNCTION any_audit_entry(from_time timestamp with time zone, to_time timestamp with time '
    'zone) RETURNS TABLE(tenant_id uuid, created_at timestamp with time zone, id uuid) '
    'LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, '
    'pg_temp OWNER dsvault_recorder',
    'comment: Key of some audit entry of a stretch of time, if there is one.',
    'body dd3b1491ce3a8fa3',
    'dsvault_owner EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.tg_audit_anchors__refuse',
    dsvault_facts.function_of('dsvault_private.tg_audit_anchors__refuse()'), ARRAY[
    'FUNCTION tg_audit_anchors__refuse() RETURNS trigger LANGUAGE plpgsql VOLATILE SECURITY '
    'DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_recorder',
    'comment: Row trigger: refuses to change or remove an anchor (DV801) unless its entry is '
    'gone, lies in the DEFAULT partition, is archived by this transaction, or the glass was '
    'broken.',
    'body 3c4f2273e1c14cad',
    'dsvault_owner EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.anchor_audit',
    dsvault_facts.function_of('dsvault_private.anchor_audit()'), ARRAY[
    'FUNCTION anchor_audit() RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL '
    'UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Gives an anchor to each month of the audit trail that has entries and no anchor.',
    'body 63cc66fc65b546ed',
    'dsvault_recorder EXECUTE']);

ROLLBACK;
