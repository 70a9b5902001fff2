CREATE TABLE events (tenant_id uuid NOT NULL, at date NOT NULL, id bigint NOT NULL,
    PRIMARY KEY (tenant_id, at, id)) PARTITION BY RANGE (at);
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
CREATE POLICY events_all ON events TO app_user
    USING (tenant_id = (SELECT nullif(current_setting('app.tenant', true), '')::uuid));
GRANT SELECT ON events TO app_user;
GRANT SELECT ON events_2026 TO app_user; -- FAULT partition-bypasses-rls
