-- Verify dsvault:schemas/dsvault on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('schema dsvault',
    dsvault_facts.schema_of('dsvault'), ARRAY[
    'OWNER dsvault_owner',
    'comment: Tables, views and functions of the dataset vault that applications use.',
    'dsvault_app USAGE',
    'dsvault_auditor USAGE',
    'dsvault_definer USAGE',
    'dsvault_finder USAGE',
    'dsvault_operator USAGE',
    'dsvault_reader USAGE',
    'dsvault_recorder USAGE']);

ROLLBACK;
