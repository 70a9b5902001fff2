-- $1 registry, $2 change_id
DELETE FROM dsvault_runner.intents WHERE registry = $1 AND change_id = $2
