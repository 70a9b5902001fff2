-- Finds out whether the table of intents is there, and its schema. One row.
SELECT n.oid IS NOT NULL AS has_schema,
       c.oid IS NOT NULL AS has_table
  FROM (SELECT) AS one
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.nspname = 'dsvault_runner'
  LEFT JOIN pg_catalog.pg_class     AS c ON c.relnamespace = n.oid AND c.relname = 'intents'
