BEGIN;
CREATE TYPE mood AS ENUM ('sad');
ALTER TYPE mood ADD VALUE 'glad';
CREATE TABLE people (id bigint PRIMARY KEY, mood mood NOT NULL DEFAULT 'glad');
COMMIT;
