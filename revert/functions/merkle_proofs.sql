-- Revert dsvault:functions/merkle_proofs from pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

DROP FUNCTION IF EXISTS dsvault.merkle_consistency_proof(bytea, bigint);
DROP FUNCTION IF EXISTS dsvault.merkle_inclusion_proof(bytea, bigint);

COMMIT;
