BEGIN;
CREATE TABLE codes (id bigint PRIMARY KEY, code varchar(10) NOT NULL, amount numeric(10, 2) NOT NULL);
COMMIT;
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE codes ALTER COLUMN code TYPE varchar(20);
ALTER TABLE codes ALTER COLUMN code TYPE text;
ALTER TABLE codes ALTER COLUMN amount TYPE numeric(12, 2);
COMMIT;
