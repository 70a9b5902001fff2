-- Whether pg_cron runs jobs in this database.
SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'pg_cron') AS is_there
