ALTER TABLE measurements ATTACH PARTITION measurements_2025 -- FAULT attach-partition-scan
    FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
