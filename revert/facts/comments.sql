-- Revert dsvault:facts/comments from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault_facts.comments_of(regclass);

COMMIT;
