-- Finds a database, tablespace or subscription by name; dropping a database may have been cut.
-- $1 kind, $2 name
SELECT '' AS schema, d.datname AS name, d.datconnlimit <> -2 AS is_valid
  FROM pg_catalog.pg_database AS d WHERE $1 = 'database' AND d.datname = $2
UNION ALL
SELECT '', t.spcname, true FROM pg_catalog.pg_tablespace AS t WHERE $1 = 'tablespace' AND t.spcname = $2
UNION ALL
SELECT '', s.subname, true FROM pg_catalog.pg_subscription AS s
 WHERE $1 = 'subscription' AND s.subname = $2
   AND s.subdbid = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database())
