CREATE TABLE prices (id bigint PRIMARY KEY, price numeric NOT NULL);
GRANT SELECT ON prices TO PUBLIC; -- FAULT grant-public
