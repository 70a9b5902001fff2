-- Lists the relations that a change could touch, with the number of each one's file.
-- $1 schema of the registry, which is left out
SELECT c.oid::bigint AS oid,
       format('%I.%I', n.nspname, c.relname) AS name,
       pg_relation_filenode(c.oid)::bigint AS file
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'dsvault_runner', $1)
   AND n.nspname !~ '^pg_(toast_)?temp_'
