-- Verify dsvault:functions/maintain on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.maintain',
    dsvault_facts.function_of('dsvault.maintain(integer)'), ARRAY[
    'PROCEDURE maintain(IN months_ahead integer DEFAULT 3) LANGUAGE plpgsql VOLATILE SECURITY '
    'INVOKER PARALLEL UNSAFE OWNER dsvault_owner',
    'comment: Makes audit partitions, seals the trail, and for every tenant expires, recounts '
    'and applies retention; commits after each step. It can be called at any time, by several '
    'at once.',
    'body 26347ce115e37704',
    'dsvault_operator EXECUTE']);

ROLLBACK;
