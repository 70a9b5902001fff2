CREATE SCHEMA {registry}
