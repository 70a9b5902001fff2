CREATE TABLE prices (id bigint PRIMARY KEY, price numeric NOT NULL);
GRANT SELECT ON prices TO partner WITH GRANT OPTION; -- FAULT grant-with-grant-option
