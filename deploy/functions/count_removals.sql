-- Deploy dsvault:functions/count_removals to pg
-- requires: policies/key_removals
-- requires: policies/encryption_keys
-- requires: schemas/dsvault_private
--
-- Why:    what a key encrypted counts toward its limit after it is removed, too.
-- Locks:  none. When called: ROW EXCLUSIVE on dsvault.key_removals.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault_private TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: whoever deletes need not be allowed to see keys. It works in the rows' tenant,
-- hence the setting, which is put back at the end. Keys that are gone have nothing to count.
CREATE OR REPLACE FUNCTION dsvault_private.note_removals(
    tenant_id uuid, key_ids text[], messages bigint[])
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := coalesce(current_setting('app.current_tenant_id', true), '');
BEGIN
    PERFORM set_config('app.current_tenant_id', note_removals.tenant_id::text, true);
    INSERT INTO dsvault.key_removals (tenant_id, key_id, messages)
    SELECT k.tenant_id, k.id, sum(g.messages)
    FROM unnest(note_removals.key_ids, note_removals.messages) AS g (key_id, messages)
        JOIN dsvault.encryption_keys AS k ON k.id::text = g.key_id
    WHERE k.tenant_id = note_removals.tenant_id
    GROUP BY k.tenant_id, k.id;
    PERFORM set_config('app.current_tenant_id', v_before, true);
END;
$$;

-- SECURITY DEFINER, to call the one above. A record is one message of its own key, and one of each
-- key that encrypted a field of it, as key_use() counts.
CREATE OR REPLACE FUNCTION dsvault_private.tg_records__count_removals()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM dsvault_private.note_removals(
        g.tenant_id, array_agg(g.key_id), array_agg(g.messages))
    FROM (
        SELECT r.tenant_id, encode(r.key_id, 'hex')::uuid::text AS key_id, r.messages
        FROM (
            SELECT o.tenant_id, substring(o.encrypted_data FROM 6 FOR 16) AS key_id,
                count(*) AS messages
            FROM old_rows AS o GROUP BY 1, 2) AS r
        UNION ALL
        SELECT o.tenant_id, e.value ->> 'key', count(*)
        FROM old_rows AS o, LATERAL jsonb_each(o.pii_annotations) AS e
        GROUP BY 1, 2) AS g
    GROUP BY g.tenant_id;
    RETURN NULL;
END;
$$;

-- SECURITY DEFINER, as above.
CREATE OR REPLACE FUNCTION dsvault_private.tg_tokens__count_removals()
    RETURNS trigger
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM dsvault_private.note_removals(g.tenant_id,
        array_agg(encode(g.key_id, 'hex')::uuid::text), array_agg(g.messages))
    FROM (
        SELECT o.tenant_id, substring(o.encrypted_value FROM 6 FOR 16) AS key_id,
            count(*) AS messages
        FROM old_rows AS o GROUP BY 1, 2) AS g
    GROUP BY g.tenant_id;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION dsvault_private.note_removals(uuid, text[], bigint[]) IS
    'Notes how many messages of each key of a tenant a statement removed.';
COMMENT ON FUNCTION dsvault_private.tg_records__count_removals() IS
    'Statement trigger after DELETE: notes how many messages of which keys went with the records.';
COMMENT ON FUNCTION dsvault_private.tg_tokens__count_removals() IS
    'Statement trigger after DELETE: notes how many messages of which keys went with the tokens.';

REVOKE ALL ON FUNCTION dsvault_private.note_removals(uuid, text[], bigint[]),
    dsvault_private.tg_records__count_removals(), dsvault_private.tg_tokens__count_removals()
    FROM PUBLIC;
-- Making a trigger takes the right to execute its function; the owner makes them.
GRANT EXECUTE ON FUNCTION dsvault_private.tg_records__count_removals(),
    dsvault_private.tg_tokens__count_removals() TO dsvault_owner;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault_private FROM dsvault_definer;

COMMIT;
