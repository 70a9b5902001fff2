-- Finds out whether there is a registry. Without the schema: one row that says no four times.
-- Before version 1.0 a registry did not note its releases.
-- $1 name of the schema
SELECT n.oid IS NOT NULL                                     AS has_schema,
       coalesce(pg_has_role(n.nspowner, 'USAGE'), false)     AS owns_schema,
       c.oid IS NOT NULL                                     AS is_initialized,
       r.oid IS NOT NULL                                     AS has_releases
  FROM (SELECT) AS one
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = $1
  LEFT JOIN pg_catalog.pg_class     AS c ON c.relnamespace = n.oid AND c.relname = 'changes'
  LEFT JOIN pg_catalog.pg_class     AS r ON r.relnamespace = n.oid AND r.relname = 'releases'
