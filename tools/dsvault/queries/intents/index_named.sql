-- Finds an index by its name, in the schema of its table or where the search path has it.
-- $1 index: its bare name if $2 is its table as SQL has it, else as SQL has it
SELECT n.nspname AS schema, c.relname AS name, i.indisvalid AS is_valid
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
 WHERE CASE WHEN $2::text IS NULL THEN c.oid = to_regclass($1)
            ELSE c.relnamespace = (SELECT t.relnamespace FROM pg_catalog.pg_class AS t
                                    WHERE t.oid = to_regclass($2))
                 AND c.relname = $1 END
