-- Verify dsvault:schemas/dsvault_private on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('schema dsvault_private',
    dsvault_facts.schema_of('dsvault_private'), ARRAY[
    'OWNER dsvault_owner',
    'comment: Trigger functions and helpers of the dataset vault; applications have no access.',
    'dsvault_definer USAGE',
    'dsvault_recorder USAGE']);

ROLLBACK;
