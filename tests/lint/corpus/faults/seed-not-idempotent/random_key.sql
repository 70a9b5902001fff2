CREATE TABLE roles (id uuid PRIMARY KEY, name text NOT NULL);
INSERT INTO roles (id, name) VALUES (gen_random_uuid(), 'admin')
ON CONFLICT (id) DO NOTHING; -- FAULT seed-not-idempotent
