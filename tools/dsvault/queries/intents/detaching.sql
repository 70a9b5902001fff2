-- Finds whether a table is a partition still, and whether its detaching was begun and not ended.
-- $1 partition
SELECT n.nspname AS schema, c.relname AS name, NOT i.inhdetachpending AS is_valid
  FROM pg_catalog.pg_inherits AS i
  JOIN pg_catalog.pg_class AS c ON c.oid = i.inhparent
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
 WHERE i.inhrelid = to_regclass($1)
