-- Verify dsvault:facts/security on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_facts.rls_of',
    dsvault_facts.function_of('dsvault_facts.rls_of(regclass)'), ARRAY[
    'FUNCTION rls_of(relation regclass) RETURNS text[] LANGUAGE sql STABLE SECURITY INVOKER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Row security switches of one relation, then one line a policy.',
    'body 8532251a8161ff6a']);

CALL dsvault_facts.must_equal('dsvault_facts.acl_lines',
    dsvault_facts.function_of('dsvault_facts.acl_lines(aclitem[],oid)'), ARRAY[
    'FUNCTION acl_lines(acl aclitem[], owner oid) RETURNS text[] LANGUAGE sql STABLE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: One line a grantee but the owner: name and privileges, sorted.',
    'body f33b5eb1e1ef9599']);

CALL dsvault_facts.must_equal('dsvault_facts.grants_of',
    dsvault_facts.function_of('dsvault_facts.grants_of(regclass)'), ARRAY[
    'FUNCTION grants_of(relation regclass) RETURNS text[] LANGUAGE sql STABLE SECURITY INVOKER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: One line a grantee but the owner; then one a grantee and privilege on columns.',
    'body a9cc2c5722b2dedd']);

CALL dsvault_facts.must_equal('dsvault_facts.function_of',
    dsvault_facts.function_of('dsvault_facts.function_of(regprocedure)'), ARRAY[
    'FUNCTION function_of(routine regprocedure) RETURNS text[] LANGUAGE sql STABLE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Signature, attributes, comment and body digest of one routine, and who may call '
    'it.',
    'body 00a86b087e78b084']);

CALL dsvault_facts.must_equal('dsvault_facts.schema_of',
    dsvault_facts.function_of('dsvault_facts.schema_of(regnamespace)'), ARRAY[
    'FUNCTION schema_of(schema regnamespace) RETURNS text[] LANGUAGE sql STABLE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Owner and comment of one schema, and who may use it.',
    'body 438406ca55998b01']);

CALL dsvault_facts.must_equal('dsvault_facts.role_of',
    dsvault_facts.function_of('dsvault_facts.role_of(regrole)'), ARRAY[
    'FUNCTION role_of(role regrole) RETURNS text[] LANGUAGE sql STABLE SECURITY INVOKER '
    'PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Attributes and comment of one role, and the roles that it is a member of.',
    'body 8a8fe0b98b5c11ec']);

ROLLBACK;
