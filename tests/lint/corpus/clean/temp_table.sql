BEGIN;
CREATE TEMP TABLE staged (id bigint, name text) ON COMMIT DROP;
INSERT INTO staged VALUES (1, 'a');
DELETE FROM staged;
TRUNCATE staged;
DROP TABLE staged;
COMMIT;
