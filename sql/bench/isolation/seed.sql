-- Fills an empty vault for the benchmark of isolation.
--
-- Reads bench.tenants, bench.datasets and bench.records: how many of each there shall be in all. Every
-- tenant gets as many datasets and records as the others. Its first dataset holds a tenth of its
-- records, all in one version; the others share the rest. Ids are digests: spread like random ones,
-- and the same in every run.

-- No triggers and no look at foreign keys: the rows are right, and there are millions.
SET session_replication_role = replica;
SET synchronous_commit = off;
SET work_mem = '256MB';

SELECT count(*)
FROM generate_series(1, current_setting('bench.tenants')::int) AS t,
    LATERAL dsvault.create_tenant('tenant-' || t, 'Tenant ' || t, 'admin@tenant.example', 'Admin',
        tenant_id => md5('tenant ' || t)::uuid, admin_id => md5('admin ' || t)::uuid);

-- Who reads holds what he needs by a role, and owns nothing.
INSERT INTO dsvault.users (tenant_id, id, email, name)
SELECT md5('tenant ' || t)::uuid, md5('viewer ' || t)::uuid, 'viewer@tenant.example', 'Viewer'
FROM generate_series(1, current_setting('bench.tenants')::int) AS t;

INSERT INTO dsvault.user_roles (tenant_id, user_id, role_id)
SELECT u.tenant_id, u.id, r.id
FROM dsvault.users AS u
    JOIN dsvault.roles AS r ON r.tenant_id = u.tenant_id AND r.name = 'viewer'
WHERE u.name = 'Viewer';

INSERT INTO dsvault.datasets (tenant_id, id, name, owner_id, created_at)
SELECT md5('tenant ' || t)::uuid, md5(concat('dataset ', t, ' ', d))::uuid, 'dataset ' || d,
    md5('admin ' || t)::uuid, timestamptz '2026-01-01' + d * interval '1 minute'
FROM generate_series(1, current_setting('bench.datasets')::int
        / current_setting('bench.tenants')::int) AS d,
    generate_series(1, current_setting('bench.tenants')::int) AS t;

INSERT INTO dsvault.dataset_versions (tenant_id, id, dataset_id, version_number, commit_id,
    tree_hash, message, author_id, storage_path, manifest_hash)
SELECT s.tenant_id, md5('version of ' || s.id)::uuid, s.id, 1, 'commit', 'tree', 'First', s.owner_id,
    'path', 'manifest'
FROM dsvault.datasets AS s;

-- The last commit waits for all before it: VACUUM marks as visible to all only what is written.
SET synchronous_commit = on;
INSERT INTO dsvault.records (tenant_id, id, dataset_id, version_id, content_hash, encrypted_data)
SELECT md5('tenant ' || p.t)::uuid, md5(concat('record ', p.t, ' ', p.r))::uuid, k.dataset_id,
    md5('version of ' || k.dataset_id)::uuid, md5(p.r::text) || md5(p.t::text),
    decode('4453560101' || repeat(md5(concat(p.t, ' ', p.r)), 12), 'hex')
FROM (
    SELECT t, r, CASE WHEN r <= n.records / 10 THEN 1 ELSE 2 + r % (n.datasets - 1) END AS d
    FROM (
        SELECT current_setting('bench.records')::int / current_setting('bench.tenants')::int
                AS records,
            current_setting('bench.datasets')::int / current_setting('bench.tenants')::int
                AS datasets
    ) AS n,
    generate_series(1, current_setting('bench.tenants')::int) AS t,
    generate_series(1, n.records) AS r
) AS p,
LATERAL (SELECT md5(concat('dataset ', p.t, ' ', p.d))::uuid AS dataset_id) AS k;

RESET session_replication_role;
VACUUM (ANALYZE);
