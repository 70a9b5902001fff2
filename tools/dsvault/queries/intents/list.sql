-- Lists what was begun outside of a transaction and neither finished nor undone.
-- $1 registry
SELECT project, change_id, change, action, script, steps, done, begun, done_digest, started_at,
       committer_name
  FROM dsvault_runner.intents
 WHERE registry = $1
 ORDER BY started_at
