CREATE TABLE measurements (at date NOT NULL, value float8) PARTITION BY RANGE (at);
CREATE TABLE measurements_2025 PARTITION OF measurements
    FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX CONCURRENTLY measurements_at_idx ON measurements (at); -- FAULT concurrently-on-partitioned
