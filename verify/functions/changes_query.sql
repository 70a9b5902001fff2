-- Verify dsvault:functions/changes_query on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.changed_columns_query',
    dsvault_facts.function_of('dsvault_private.changed_columns_query(oid,text[])'), ARRAY[
    'FUNCTION changed_columns_query(relation oid, key text[]) RETURNS text LANGUAGE sql '
    'STABLE SECURITY INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER '
    'dsvault_owner',
    'comment: Text of a query on the transition tables of a relation: the columns that an '
    'UPDATE changed.',
    'body 0b58f127ab2268c7',
    'dsvault_recorder EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.changes_query',
    dsvault_facts.function_of('dsvault_private.changes_query(oid,text,text[],text[],text[])'),
    ARRAY[
    'FUNCTION changes_query(relation oid, operation text, key text[], redacted text[], '
    'changed text[]) RETURNS text LANGUAGE sql STABLE SECURITY INVOKER PARALLEL UNSAFE SET '
    'search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: Text of a query on the transition tables of a relation: number, tenant, resource, '
    'rest of the key, and what of each row was and is.',
    'body 3ccca72505c4780e',
    'dsvault_recorder EXECUTE']);

ROLLBACK;
