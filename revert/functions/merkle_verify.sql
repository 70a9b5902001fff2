-- Revert dsvault:functions/merkle_verify from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS
    dsvault.merkle_verify_consistency(bigint, bigint, bytea, bytea, bytea[]);
DROP FUNCTION IF EXISTS dsvault.merkle_verify_inclusion(bytea, bigint, bigint, bytea[], bytea);

COMMIT;
