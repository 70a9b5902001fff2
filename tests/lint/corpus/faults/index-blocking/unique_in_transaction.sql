BEGIN;
SET LOCAL lock_timeout = '2s';
CREATE UNIQUE INDEX users_email_key ON app.users (lower(email)); -- FAULT index-blocking
COMMIT;
