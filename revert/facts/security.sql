-- Revert dsvault:facts/security from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_facts.role_of(regrole);
DROP FUNCTION IF EXISTS dsvault_facts.schema_of(regnamespace);
DROP FUNCTION IF EXISTS dsvault_facts.function_of(regprocedure);
DROP FUNCTION IF EXISTS dsvault_facts.grants_of(regclass);
DROP FUNCTION IF EXISTS dsvault_facts.acl_lines(aclitem[], oid);
DROP FUNCTION IF EXISTS dsvault_facts.rls_of(regclass);

COMMIT;
