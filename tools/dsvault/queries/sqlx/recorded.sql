-- Lists the migrations that are recorded.
SELECT version, checksum FROM _sqlx_migrations
