-- Verify dsvault:triggers/audit_people on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.tenants triggers',
    dsvault_facts.triggers_of('dsvault.tenants'), ARRAY[
    'CREATE TRIGGER audit_tenants AFTER INSERT ON dsvault.tenants REFERENCING NEW TABLE AS '
    'new_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''tenant'', ''id'', '
    '''id'')',
    'CREATE TRIGGER audit_tenants_delete AFTER DELETE ON dsvault.tenants REFERENCING OLD TABLE '
    'AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''tenant'', ''id'','
    ' ''id'')',
    'CREATE TRIGGER audit_tenants_truncate AFTER TRUNCATE ON dsvault.tenants FOR EACH STATEMENT '
    'EXECUTE FUNCTION dsvault.create_audit_log(''tenant'', ''id'', ''id'')',
    'CREATE TRIGGER audit_tenants_update AFTER UPDATE ON dsvault.tenants REFERENCING OLD TABLE '
    'AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault.create_audit_log(''tenant'', ''id'', ''id'')']);

CALL dsvault_facts.must_contain('dsvault.users triggers',
    dsvault_facts.triggers_of('dsvault.users'), ARRAY[
    'CREATE TRIGGER audit_users AFTER INSERT ON dsvault.users REFERENCING NEW TABLE AS new_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''user'', ''tenant_id'', '
    '''id'')',
    'CREATE TRIGGER audit_users_delete AFTER DELETE ON dsvault.users REFERENCING OLD TABLE AS '
    'old_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''user'', '
    '''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_users_truncate AFTER TRUNCATE ON dsvault.users FOR EACH STATEMENT '
    'EXECUTE FUNCTION dsvault.create_audit_log(''user'', ''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_users_update AFTER UPDATE ON dsvault.users REFERENCING OLD TABLE AS '
    'old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault.create_audit_log(''user'', ''tenant_id'', ''id'')']);

CALL dsvault_facts.must_contain('dsvault.roles triggers',
    dsvault_facts.triggers_of('dsvault.roles'), ARRAY[
    'CREATE TRIGGER audit_roles AFTER INSERT ON dsvault.roles REFERENCING NEW TABLE AS new_rows '
    'FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''role'', ''tenant_id'', '
    '''id'')',
    'CREATE TRIGGER audit_roles_delete AFTER DELETE ON dsvault.roles REFERENCING OLD TABLE AS '
    'old_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''role'', '
    '''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_roles_truncate AFTER TRUNCATE ON dsvault.roles FOR EACH STATEMENT '
    'EXECUTE FUNCTION dsvault.create_audit_log(''role'', ''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_roles_update AFTER UPDATE ON dsvault.roles REFERENCING OLD TABLE AS '
    'old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault.create_audit_log(''role'', ''tenant_id'', ''id'')']);

CALL dsvault_facts.must_contain('dsvault.user_roles triggers',
    dsvault_facts.triggers_of('dsvault.user_roles'), ARRAY[
    'CREATE TRIGGER audit_user_roles AFTER INSERT ON dsvault.user_roles REFERENCING NEW TABLE AS '
    'new_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''user_role'', '
    '''tenant_id'', ''user_id'', ''role_id'')',
    'CREATE TRIGGER audit_user_roles_delete AFTER DELETE ON dsvault.user_roles REFERENCING OLD '
    'TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault.create_audit_log(''user_role'', ''tenant_id'', ''user_id'', ''role_id'')',
    'CREATE TRIGGER audit_user_roles_truncate AFTER TRUNCATE ON dsvault.user_roles FOR EACH '
    'STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''user_role'', ''tenant_id'', '
    '''user_id'', ''role_id'')',
    'CREATE TRIGGER audit_user_roles_update AFTER UPDATE ON dsvault.user_roles REFERENCING OLD '
    'TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault.create_audit_log(''user_role'', ''tenant_id'', ''user_id'', ''role_id'')']);

CALL dsvault_facts.must_contain('dsvault.schemas triggers',
    dsvault_facts.triggers_of('dsvault.schemas'), ARRAY[
    'CREATE TRIGGER audit_schemas AFTER INSERT ON dsvault.schemas REFERENCING NEW TABLE AS '
    'new_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''schema'', '
    '''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_schemas_delete AFTER DELETE ON dsvault.schemas REFERENCING OLD TABLE '
    'AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''schema'', '
    '''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_schemas_truncate AFTER TRUNCATE ON dsvault.schemas FOR EACH STATEMENT '
    'EXECUTE FUNCTION dsvault.create_audit_log(''schema'', ''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_schemas_update AFTER UPDATE ON dsvault.schemas REFERENCING OLD TABLE '
    'AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault.create_audit_log(''schema'', ''tenant_id'', ''id'')']);

CALL dsvault_facts.must_contain('dsvault.encryption_keys triggers',
    dsvault_facts.triggers_of('dsvault.encryption_keys'), ARRAY[
    'CREATE TRIGGER audit_keys AFTER INSERT ON dsvault.encryption_keys REFERENCING NEW TABLE AS '
    'new_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''key'', '
    '''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_keys_delete AFTER DELETE ON dsvault.encryption_keys REFERENCING OLD '
    'TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''key'', '
    '''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_keys_truncate AFTER TRUNCATE ON dsvault.encryption_keys FOR EACH '
    'STATEMENT EXECUTE FUNCTION dsvault.create_audit_log(''key'', ''tenant_id'', ''id'')',
    'CREATE TRIGGER audit_keys_update AFTER UPDATE ON dsvault.encryption_keys REFERENCING OLD '
    'TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION '
    'dsvault.create_audit_log(''key'', ''tenant_id'', ''id'')']);

ROLLBACK;
