-- Lists the server processes that work for others in a database.
-- $1 name of the database
SELECT a.pid FROM pg_catalog.pg_stat_activity AS a
 WHERE a.datname = $1 AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
