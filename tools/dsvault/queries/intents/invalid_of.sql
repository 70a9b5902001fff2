-- Lists indexes that an interrupted build left invalid: of one table, or those that REINDEX
-- CONCURRENTLY was making or replacing anywhere.
-- $1 table as SQL has it, or NULL
SELECT n.nspname AS schema, c.relname AS name, i.indisvalid AS is_valid
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
 WHERE NOT i.indisvalid
   AND c.relkind = 'i'
   AND CASE WHEN $1::text IS NULL THEN c.relname ~ '_cc(new|old)\d*$'
            ELSE i.indrelid = to_regclass($1) END
 ORDER BY 1, 2
