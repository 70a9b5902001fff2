-- Verify dsvault:triggers/soft_delete on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_contain('dsvault.tenants triggers',
    dsvault_facts.triggers_of('dsvault.tenants'), ARRAY[
    'CREATE TRIGGER soft_delete_tenants BEFORE INSERT OR UPDATE ON dsvault.tenants FOR EACH '
    'ROW EXECUTE FUNCTION dsvault.soft_delete(''is_deleted'')']);

CALL dsvault_facts.must_contain('dsvault.users triggers',
    dsvault_facts.triggers_of('dsvault.users'), ARRAY[
    'CREATE TRIGGER soft_delete_users BEFORE INSERT OR UPDATE ON dsvault.users FOR EACH ROW '
    'EXECUTE FUNCTION dsvault.soft_delete(''is_deleted'')']);

CALL dsvault_facts.must_contain('dsvault.datasets triggers',
    dsvault_facts.triggers_of('dsvault.datasets'), ARRAY[
    'CREATE TRIGGER soft_delete_datasets BEFORE INSERT OR UPDATE ON dsvault.datasets FOR EACH '
    'ROW EXECUTE FUNCTION dsvault.soft_delete()']);

ROLLBACK;
