-- Deploy dsvault:functions/restore to pg
-- requires: policies/datasets
-- requires: policies/users
-- requires: policies/encryption_keys
-- requires: functions/has_permission
-- requires: functions/my_permissions
-- requires: triggers/soft_delete
--
-- Why:    the message of a refused undelete promises a procedure, and here it is.
-- Locks:  none. When called: the row that is restored.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;
GRANT CREATE ON SCHEMA dsvault TO dsvault_definer;
SET LOCAL ROLE dsvault_definer;

-- SECURITY DEFINER: only functions of the definer may undelete. The permission is asked of whoever
-- the transaction is; a dataset's owner holds it.
CREATE OR REPLACE FUNCTION dsvault.restore_dataset(dataset_id uuid, new_name text DEFAULT NULL)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_dataset record;
BEGIN
    IF NOT dsvault.has_permission(dsvault.current_user_id(), 'dataset:restore',
        restore_dataset.dataset_id)
    THEN
        RAISE EXCEPTION 'restoring dataset % takes the permission dataset:restore',
            restore_dataset.dataset_id
            USING ERRCODE = 'DV721',
                HINT = 'Ask somebody who holds it; the dataset''s owner does.';
    END IF;
    SELECT d.name, d.deleted_at, k.id AS key_id, k.status INTO v_dataset
    FROM dsvault.datasets AS d
        LEFT JOIN dsvault.encryption_keys AS k
            ON k.tenant_id = d.tenant_id AND k.id = d.encryption_key_id
    WHERE d.tenant_id = dsvault.current_tenant_id() AND d.id = restore_dataset.dataset_id
    FOR UPDATE OF d;
    IF v_dataset.deleted_at IS NULL THEN
        RAISE EXCEPTION 'there is no deleted dataset %', restore_dataset.dataset_id
            USING ERRCODE = 'DV722',
                HINT = 'Restoring takes a dataset of this tenant that is marked deleted.';
    END IF;
    IF v_dataset.status = 'revoked' THEN
        RAISE EXCEPTION 'the key of dataset % is revoked', restore_dataset.dataset_id
            USING ERRCODE = 'DV724',
                DETAIL = format('Nobody can decrypt what is under key %s.', v_dataset.key_id),
                HINT = 'It stays deleted; retention and erasure remove it.';
    END IF;
    UPDATE dsvault.datasets AS d
    SET deleted_at = NULL, name = coalesce(new_name, d.name)
    WHERE d.tenant_id = dsvault.current_tenant_id() AND d.id = restore_dataset.dataset_id;
EXCEPTION
    WHEN unique_violation THEN
        RAISE EXCEPTION 'the name % is taken by a living dataset',
            coalesce(new_name, v_dataset.name)
            USING ERRCODE = 'DV723',
                HINT = 'Restore it under another: restore_dataset(id, new_name).';
END;
$$;

-- SECURITY DEFINER: for the same reason. Nobody brings back more than he holds himself.
CREATE OR REPLACE FUNCTION dsvault.restore_user(user_id uuid)
    RETURNS void
    LANGUAGE plpgsql
    VOLATILE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_role text;
BEGIN
    IF NOT dsvault.has_permission(dsvault.current_user_id(), 'user:delete') THEN
        RAISE EXCEPTION 'restoring user % takes the permission user:delete', restore_user.user_id
            USING ERRCODE = 'DV721', HINT = 'Ask somebody who holds it.';
    END IF;
    SELECT r.name INTO v_role
    FROM dsvault.user_roles AS g
        JOIN dsvault.roles AS r ON r.tenant_id = g.tenant_id AND r.id = g.role_id
    WHERE g.tenant_id = dsvault.current_tenant_id() AND g.user_id = restore_user.user_id
        AND NOT r.permissions <@ dsvault.my_permissions()
    LIMIT 1;
    IF v_role IS NOT NULL THEN
        RAISE EXCEPTION 'role % of the user exceeds the permissions of the current user', v_role
            USING ERRCODE = 'DV201',
                HINT = 'Ask somebody who holds every permission of the role.';
    END IF;
    UPDATE dsvault.users AS u
    SET is_deleted = false
    WHERE u.tenant_id = dsvault.current_tenant_id() AND u.id = restore_user.user_id
        AND u.is_deleted;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no deleted user %', restore_user.user_id
            USING ERRCODE = 'DV722',
                HINT = 'Restoring takes a user of this tenant who is marked deleted.';
    END IF;
END;
$$;

COMMENT ON FUNCTION dsvault.restore_dataset(uuid, text) IS
    'Brings a deleted dataset of the current tenant back, under another name if one is given; '
    'takes dataset:restore (DV721 to DV724).';
COMMENT ON FUNCTION dsvault.restore_user(uuid) IS
    'Brings a deleted user of the current tenant back with the roles that he had; takes '
    'user:delete (DV721, DV722, DV201).';

REVOKE ALL ON FUNCTION dsvault.restore_dataset(uuid, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION dsvault.restore_user(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dsvault.restore_dataset(uuid, text) TO dsvault_app;
GRANT EXECUTE ON FUNCTION dsvault.restore_user(uuid) TO dsvault_app;

SET LOCAL ROLE dsvault_owner;
REVOKE CREATE ON SCHEMA dsvault FROM dsvault_definer;

COMMIT;
