CREATE TABLE assets (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE images (width integer NOT NULL, PRIMARY KEY (id)) INHERITS (assets); -- FAULT table-inheritance
