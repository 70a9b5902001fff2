-- Verify dsvault:facts/comments on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_facts.comments_of',
    dsvault_facts.function_of('dsvault_facts.comments_of(regclass)'), ARRAY[
    'FUNCTION comments_of(relation regclass) RETURNS text[] LANGUAGE sql STABLE SECURITY '
    'INVOKER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp OWNER dsvault_owner',
    'comment: One line a comment on the relation, its columns, constraints, indexes, triggers '
    'and policies.',
    'body 447d11059b17e104']);

ROLLBACK;
