-- Revert dsvault:functions/merkle from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.merkle_root(bytea[]);
DROP FUNCTION IF EXISTS dsvault.merkle_root_of_hashes(bytea);
DROP FUNCTION IF EXISTS dsvault.merkle_leaf_hashes(bytea[]);

COMMIT;
