-- Deploy dsvault:tables/lineage_edges to pg
-- requires: tables/tenants
-- requires: functions/current_tenant_id
--
-- Why:    where data came from is kept as a directed graph over datasets, versions and records.
-- Locks:  SHARE ROW EXCLUSIVE on dsvault.tenants for the foreign key, no scan.
-- Data:   none.
-- Revert: loses every edge of the lineage graph.

BEGIN;

SET LOCAL ROLE dsvault_owner;
SET LOCAL lock_timeout = '2s';

CREATE TABLE IF NOT EXISTS dsvault.lineage_edges (
    id           uuid        NOT NULL DEFAULT gen_random_uuid(),
    tenant_id    uuid        NOT NULL DEFAULT dsvault.current_tenant_id(),
    source_type  varchar(50) NOT NULL,
    source_id    uuid        NOT NULL,
    target_type  varchar(50) NOT NULL,
    target_id    uuid        NOT NULL,
    relationship varchar(50) NOT NULL,
    metadata     jsonb       NOT NULL DEFAULT '{}'::jsonb,
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT lineage_edges_pkey PRIMARY KEY (tenant_id, id),
    CONSTRAINT lineage_unique
        UNIQUE (tenant_id, source_type, source_id, target_type, target_id, relationship),
    CONSTRAINT lineage_tenant_fk FOREIGN KEY (tenant_id)
        REFERENCES dsvault.tenants (id) ON DELETE CASCADE,
    -- What the graph may connect.
    CONSTRAINT lineage_type_check CHECK (
        source_type IN ('dataset', 'version', 'record', 'transformation') AND
        target_type IN ('dataset', 'version', 'record', 'transformation')
    ),
    -- How one may have come from the other.
    CONSTRAINT lineage_relationship_check CHECK (
        relationship IN
            ('derived_from', 'copied_from', 'transformed_by', 'merged_from', 'anonymized_from')
    ),
    -- Nothing comes from itself.
    CONSTRAINT lineage_no_self_edge
        CHECK (source_type <> target_type OR source_id <> target_id),
    -- Metadata is looked up by key.
    CONSTRAINT lineage_metadata_is_object CHECK (jsonb_typeof(metadata) = 'object')
);

CREATE INDEX IF NOT EXISTS idx_lineage_target
    ON dsvault.lineage_edges (tenant_id, target_type, target_id);
CREATE INDEX IF NOT EXISTS idx_lineage_relationship
    ON dsvault.lineage_edges (tenant_id, relationship);
CREATE INDEX IF NOT EXISTS idx_lineage_created_at
    ON dsvault.lineage_edges (tenant_id, created_at DESC);

COMMENT ON TABLE dsvault.lineage_edges IS 'Directed graph of data lineage relationships';
COMMENT ON COLUMN dsvault.lineage_edges.id IS 'Identifies the edge within the tenant.';
COMMENT ON COLUMN dsvault.lineage_edges.tenant_id IS
    'Tenant of the row; the session''s tenant if left out; never changes.';
COMMENT ON COLUMN dsvault.lineage_edges.source_type IS
    'Source entity type: dataset, version, record, transformation';
COMMENT ON COLUMN dsvault.lineage_edges.source_id IS
    'What was made; the edge reads: source was made from target.';
COMMENT ON COLUMN dsvault.lineage_edges.target_type IS
    'Target entity type: dataset, version, record, transformation.';
COMMENT ON COLUMN dsvault.lineage_edges.target_id IS 'What the source was made from.';
COMMENT ON COLUMN dsvault.lineage_edges.relationship IS
    'Edge type: derived_from, copied_from, transformed_by, etc.';
COMMENT ON COLUMN dsvault.lineage_edges.metadata IS
    'Whatever else is known of the step, by key.';
COMMENT ON COLUMN dsvault.lineage_edges.created_at IS 'When the row was made.';

COMMIT;
