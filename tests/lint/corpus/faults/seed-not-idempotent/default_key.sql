CREATE TABLE roles (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL);
INSERT INTO roles (name) VALUES ('admin'), ('viewer')
ON CONFLICT DO NOTHING; -- FAULT seed-not-idempotent
