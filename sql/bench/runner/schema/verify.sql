BEGIN;

SELECT pg_catalog.has_schema_privilege('bench', 'usage');

ROLLBACK;
