CREATE VIEW lines AS
SELECT j.sku
FROM JSON_TABLE('[{"sku": "a"}]'::jsonb, '$[*]' COLUMNS (sku text PATH '$.sku')) AS j; -- FAULT newer-postgres-syntax
