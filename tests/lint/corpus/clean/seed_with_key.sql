CREATE TABLE roles (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL UNIQUE);
INSERT INTO roles (name) VALUES ('admin'), ('viewer') ON CONFLICT DO NOTHING;
INSERT INTO roles (name) VALUES ('editor') ON CONFLICT (name) DO UPDATE SET name = excluded.name;
