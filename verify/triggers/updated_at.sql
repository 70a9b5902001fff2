-- Verify dsvault:triggers/updated_at on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.tenants triggers',
    dsvault_facts.triggers_of('dsvault.tenants'), ARRAY[
    'CREATE TRIGGER update_tenants_updated_at BEFORE UPDATE ON dsvault.tenants FOR EACH ROW '
    'EXECUTE FUNCTION dsvault.update_updated_at_column()']);

CALL dsvault_facts.must_contain('dsvault.users triggers',
    dsvault_facts.triggers_of('dsvault.users'), ARRAY[
    'CREATE TRIGGER update_users_updated_at BEFORE UPDATE ON dsvault.users FOR EACH ROW '
    'EXECUTE FUNCTION dsvault.update_updated_at_column()']);

CALL dsvault_facts.must_contain('dsvault.roles triggers',
    dsvault_facts.triggers_of('dsvault.roles'), ARRAY[
    'CREATE TRIGGER update_roles_updated_at BEFORE UPDATE ON dsvault.roles FOR EACH ROW '
    'EXECUTE FUNCTION dsvault.update_updated_at_column()']);

CALL dsvault_facts.must_contain('dsvault.datasets triggers',
    dsvault_facts.triggers_of('dsvault.datasets'), ARRAY[
    'CREATE TRIGGER update_datasets_updated_at BEFORE UPDATE ON dsvault.datasets FOR EACH ROW '
    'EXECUTE FUNCTION dsvault.update_updated_at_column()']);

ROLLBACK;
