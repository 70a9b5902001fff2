-- Records what is about to be run outside of a transaction.
-- $1 registry, $2 project, $3 change_id, $4 change, $5 action, $6 script, $7 steps, $8 begun,
-- $9 digest of no steps, $10 committer's name, $11 e-mail
INSERT INTO dsvault_runner.intents (
           registry, project, change_id, change, action, script, steps, begun,
           done_digest, committer_name, committer_email)
VALUES ($1, $2, $3, $4, $5, $6, $7::integer, $8::integer, $9, $10, $11)
