BEGIN;

CREATE TABLE bench.things_0 (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant     text        NOT NULL,
    name       text        NOT NULL CONSTRAINT things_0_name_check CHECK (name <> ''),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX things_0_tenant_created_at_idx ON bench.things_0 (tenant, created_at);

COMMENT ON TABLE bench.things_0 IS 'One of the tables of a made plan.';

COMMIT;
