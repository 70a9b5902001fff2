"""Indexes: what covers what, which references they serve, and that none is there twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.actors import as_role, as_tenant
from tests.support.database import new_database

from dsvault.coverage import RULINGS, Status, read_rulings
from dsvault.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from psycopg import Connection
    from tests.support.cluster import Cluster
    from tests.support.database import Deployer

    from dsvault.coverage import Reading

COVERED = {
    key: reading
    for key, reading in read_rulings((project_root() / RULINGS).read_text()).items()
    if reading.status is Status.COVERED
}

# Enough rows that the planner finds one index cheaper than another; two tenants share each table.
ROWS = """
SET LOCAL search_path = dsvault;
SET LOCAL synchronous_commit = on;  -- VACUUM marks as visible to all only what is written
INSERT INTO tenants (name, slug)
SELECT 'Tenant ' || n, 'tenant-' || n FROM generate_series(1, 100) AS n;
CREATE TEMP TABLE two ON COMMIT DROP AS
SELECT id AS tenant_id FROM tenants WHERE slug IN ('tenant-1', 'tenant-2');
INSERT INTO users (tenant_id, external_id, email, name)
SELECT tenant_id, 'sso|' || n, 'user' || n || '@example.org', 'User ' || n
FROM two, generate_series(1, 50) AS n;
INSERT INTO roles (tenant_id, name, permissions)
SELECT tenant_id, 'role ' || n, '["dataset:read"]' FROM two, generate_series(1, 50) AS n;
INSERT INTO user_roles (tenant_id, user_id, role_id)
SELECT tenant_id, u.id, r.id FROM users AS u JOIN roles AS r USING (tenant_id)
WHERE r.name LIKE '% 1%';
CREATE TEMP TABLE makers ON COMMIT DROP AS
SELECT tenant_id, id FROM users WHERE email = 'user1@example.org';
INSERT INTO schemas (tenant_id, name, version, definition, created_by)
SELECT tenant_id, 'schema ' || n % 10, n, '{}', id FROM makers, generate_series(1, 200) AS n;
INSERT INTO encryption_keys
    (tenant_id, key_type, kms_provider, kms_key_id, wrapped_key, status)
SELECT tenant_id, 'dataset', 'local', 'key ' || n,
    decode('445357010101' || repeat('00', 72), 'hex'), 'rotated'
FROM two, generate_series(1, 200) AS n;
CREATE TEMP TABLE keys ON COMMIT DROP AS
SELECT DISTINCT ON (tenant_id) tenant_id, id FROM encryption_keys;
INSERT INTO datasets (tenant_id, name, owner_id, created_at, deleted_at)
SELECT tenant_id, 'dataset ' || n, id, now() - n * interval '1 hour',
    CASE WHEN n % 3 = 0 THEN now() END
FROM makers, generate_series(1, 1000) AS n;
INSERT INTO dataset_versions (tenant_id, dataset_id, version_number, commit_id, tree_hash, message,
    author_id, storage_path, manifest_hash)
SELECT tenant_id, id, n, n, '', '', owner_id, '', '' FROM datasets, generate_series(1, 2) AS n;
INSERT INTO tokens (tenant_id, token_hash, encrypted_value, pii_type, expires_at)
SELECT tenant_id, encode(sha256(n::text::bytea), 'hex'),
    decode('4453560101' || replace(k.id::text, '-', '') || repeat('00', 28), 'hex'), 'email',
    CASE WHEN n % 5 = 0 THEN now() + n * interval '1 day' END
FROM two JOIN keys AS k USING (tenant_id), generate_series(1, 500) AS n;
INSERT INTO audit_logs (tenant_id, action, resource_type)
SELECT tenant_id, 'dataset.create', 'dataset' FROM two, generate_series(1, 500);
INSERT INTO lineage_edges
    (tenant_id, source_type, source_id, target_type, target_id, relationship)
SELECT tenant_id, 'version', id, 'dataset', dataset_id, 'derived_from' FROM dataset_versions;
ANALYZE;
"""


@pytest.fixture(scope="module")
def filled_vault(server: Cluster, deployer: Deployer, vault_template: str) -> Iterator[Connection]:
    """A vault with some thousand rows, for all tests here."""
    with (
        new_database(server, deployer, vault_template) as database,
        database.connect(superuser=True) as conn,
    ):
        conn.execute(ROWS)
        conn.commit()
        conn.autocommit = True
        conn.execute("VACUUM dsvault.datasets")  # else nothing is read from an index alone
        conn.autocommit = False
        yield conn


@pytest.fixture
def filled(filled_vault: Connection) -> Iterator[Connection]:
    """That vault in a transaction that looks at indexes only, and is undone."""
    filled_vault.execute("SET LOCAL search_path = dsvault")
    filled_vault.execute("SET LOCAL enable_seqscan = off")
    filled_vault.execute("SET LOCAL enable_bitmapscan = off")
    yield filled_vault
    filled_vault.rollback()


def scans(conn: Connection, query: str) -> set[str]:
    """Return how a query's plan reads its tables; a partition's index goes by its parent's name."""
    parents = dict(
        conn.execute(
            """SELECT c.relname, p.relname FROM pg_inherits AS i
               JOIN pg_class AS c ON c.oid = i.inhrelid JOIN pg_class AS p ON p.oid = i.inhparent"""
        ).fetchall()
    )
    row = conn.execute(f"EXPLAIN (FORMAT JSON) {query}").fetchone()
    assert row is not None
    return {
        " ".join([node["Node Type"], *backward(node), "using", parents.get(index, index)])
        for node in nodes(row[0][0]["Plan"])
        if (index := node.get("Index Name"))
    }


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def backward(node: dict[str, Any]) -> list[str]:
    return ["Backward"] if node.get("Scan Direction") == "Backward" else []


@pytest.mark.parametrize("reading", COVERED.values(), ids=COVERED)
def test_a_query_of_a_covered_index_uses_the_covering_one(
    filled: Connection, reading: Reading
) -> None:
    tenant, user = filled.execute(
        """SELECT u.tenant_id, u.id FROM users AS u JOIN tenants AS t ON t.id = u.tenant_id
           WHERE t.slug = 'tenant-1' AND u.email = 'user1@example.org'"""
    ).fetchone()
    # Tenants are looked up by slug by those who provision them; a user's tenant is known already.
    is_listing = " FROM tenants " in reading.query
    acting = as_role(filled, "dsvault_operator") if is_listing else as_tenant(filled, tenant, user)
    with acting:
        found = scans(filled, reading.query)
    assert found == {reading.plan}
    assert reading.plan.endswith(f" using {reading.lives.rpartition('.')[2].split()[-1]}")


def test_without_the_covering_index_the_query_would_show_another_plan(filled: Connection) -> None:
    reading = COVERED["index idx_users_tenant_email"]
    filled.execute("ALTER TABLE users DROP CONSTRAINT users_email_unique")
    assert reading.plan not in scans(filled, reading.query)


# A predicate that the reference's own columns fulfil does not keep the index from serving it:
# what is looked up is equal to something, so it is not NULL.
UNINDEXED = """
SELECT c.conrelid::regclass::text, c.conname
FROM pg_constraint AS c
WHERE c.contype = 'f' AND c.conparentid = 0 AND c.connamespace = 'dsvault'::regnamespace
    AND NOT EXISTS (
        SELECT FROM pg_index AS i
        WHERE i.indrelid = c.conrelid AND i.indisvalid
            AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
            AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) IN (
                SELECT format('(%I IS NOT NULL)', a.attname) FROM pg_attribute AS a
                WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey))))
ORDER BY 1, 2
"""


def test_every_reference_has_an_index_that_begins_with_its_columns(conn: Connection) -> None:
    number = conn.execute(
        """SELECT count(*) FROM pg_constraint
           WHERE contype = 'f' AND conparentid = 0 AND connamespace = 'dsvault'::regnamespace"""
    ).fetchone()
    assert number >= (20,)
    assert conn.execute(UNINDEXED).fetchall() == []


@pytest.mark.parametrize(
    ("dropped", "instead"),
    [
        ("idx_roles_created_by", None),
        ("idx_records_version", None),
        ("idx_roles_created_by", "roles (tenant_id, name, created_by)"),
        ("idx_roles_created_by", "roles (tenant_id, created_by) WHERE name IS NOT NULL"),
    ],
)
def test_a_reference_without_an_index_is_found(
    conn: Connection, dropped: str, instead: str | None
) -> None:
    conn.execute(f"DROP INDEX dsvault.{dropped}")
    if instead:
        conn.execute(f"CREATE INDEX ON dsvault.{instead}")
    assert len(conn.execute(UNINDEXED).fetchall()) == 1


@pytest.mark.parametrize(
    ("table", "condition"),
    [
        ("roles", "created_by"),
        ("user_roles", "granted_by"),
        ("datasets", "encryption_key_id"),
        ("dataset_versions", "parent_version_id"),
    ],
)
def test_a_partial_index_serves_the_deletion_of_what_is_referred_to(
    filled: Connection, table: str, condition: str
) -> None:
    # The query that a reference's trigger asks when the row that it refers to is deleted.
    filled.execute(
        f"PREPARE referring (uuid, uuid) AS SELECT FROM ONLY {table} AS x"
        f" WHERE tenant_id = $1 AND {condition} = $2 FOR KEY SHARE OF x"
    )
    filled.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    used = scans(filled, "EXECUTE referring (gen_random_uuid(), gen_random_uuid())")
    filled.execute("DEALLOCATE referring")
    index = filled.execute(
        f"""SELECT c.relname FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
            WHERE indrelid = '{table}'::regclass
                AND pg_get_expr(indpred, indrelid) = '({condition} IS NOT NULL)'"""
    ).fetchone()
    assert used == {f"Index Scan using {index[0]}"}


DUPLICATES = """
SELECT array_agg(i.indexrelid::regclass::text ORDER BY c.relname) FROM pg_index AS i
    JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_class AS t ON t.oid = i.indrelid
WHERE t.relnamespace = 'dsvault'::regnamespace
GROUP BY i.indrelid, c.relam, i.indkey::text, i.indclass::text, i.indcollation::text,
    i.indoption::text, pg_get_expr(i.indpred, i.indrelid), pg_get_expr(i.indexprs, i.indrelid)
HAVING count(*) > 1
"""


def test_no_two_indexes_are_the_same(conn: Connection) -> None:
    assert conn.execute(DUPLICATES).fetchall() == []


def test_indexes_that_are_the_same_are_found(conn: Connection) -> None:
    conn.execute("CREATE INDEX idx_tokens_hash ON dsvault.tokens (tenant_id, token_hash)")
    conn.execute("CREATE INDEX idx_datasets_active ON dsvault.datasets (tenant_id, name)")
    assert conn.execute(DUPLICATES).fetchall() == [
        (["dsvault.idx_tokens_hash", "dsvault.tokens_hash_unique"],)
    ], "the second has no predicate, so it is another index"
