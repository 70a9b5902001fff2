-- Brings a registry of version 1.0 to 1.1: equal scripts are refused within a project only.
ALTER TABLE {registry}.changes DROP CONSTRAINT changes_script_hash_key;
ALTER TABLE {registry}.changes ADD UNIQUE (project, script_hash);
COMMENT ON SCHEMA {registry} IS 'Sqitch database deployment metadata v1.1.';
