-- Records a migration as run. $1 version, $2 description, $3 when, $4 checksum in hex
INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time)
VALUES ($1::bigint, $2, $3::timestamptz, true, decode($4, 'hex'), 0)
