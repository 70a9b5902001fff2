-- A job of this name is replaced.
SELECT cron.schedule('dsvault-maintain', $1, 'CALL dsvault.maintain()') AS amount
