BEGIN;

ALTER TABLE bench.things_0 ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON bench.things_0 USING (tenant = current_setting('bench.tenant', true));

COMMIT;
