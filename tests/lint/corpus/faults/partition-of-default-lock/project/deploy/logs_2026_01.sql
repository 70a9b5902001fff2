BEGIN;
SET LOCAL lock_timeout = '2s';
CREATE TABLE logs_2026_01 PARTITION OF logs -- FAULT partition-of-default-lock
    FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
COMMIT;
