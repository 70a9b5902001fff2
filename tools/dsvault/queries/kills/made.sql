-- Lists the tables and indexes that the changes have made; what is half made counts too.
SELECT c.relname AS name FROM pg_catalog.pg_class AS c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'i')
