"""Every constraint of every table, both ways.

Rows are written past row security by a superuser, so that nothing but the constraint decides.
"""

# ruff: noqa: E501, PLR0917 - cases read best as a table
from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import (
    CheckViolation,
    ForeignKeyViolation,
    RestrictViolation,
    UniqueViolation,
)
from psycopg.types.json import Jsonb
from tests.schema.builders import HASH, new_dataset, new_key, new_user, new_version, role_id
from tests.support.sealed import sealed, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.schema.builders import Tenant

OTHER = "0" * 63 + "a"
# Since PostgreSQL 18 a deletion that RESTRICT stops has a code of its own.
STILL_NAMED = (ForeignKeyViolation, RestrictViolation)


@dataclass(frozen=True)
class Ground:
    """What rows of the other tables can refer to, in one tenant."""

    tenant: Tenant
    user: uuid.UUID
    role: uuid.UUID
    schema: uuid.UUID
    key: uuid.UUID
    dataset: uuid.UUID
    version: uuid.UUID

    def rows(self) -> dict[str, dict[str, object]]:
        """Return a good row for every table, tenant_id left out."""
        return {
            "tenants": {"name": "New", "slug": "new"},
            "users": {"name": "New", "email": "new@users.example"},
            "roles": {"name": "new"},
            "user_roles": {"user_id": self.user, "role_id": self.role},
            "schemas": {"name": "s", "version": 2, "definition": Jsonb({}), "created_by": self.user},
            "encryption_keys": {
                "key_type": "field", "kms_provider": "vault", "kms_key_id": "k",
                "wrapped_key": wrapped("vault"),
            },
            "datasets": {"name": "new", "owner_id": self.user},
            "dataset_versions": {
                "dataset_id": self.dataset, "version_number": 7, "commit_id": HASH,
                "tree_hash": HASH, "message": "m", "author_id": self.user, "storage_path": "p",
                "manifest_hash": HASH,
            },
            "records": {
                "dataset_id": self.dataset, "version_id": self.version, "content_hash": HASH,
                "encrypted_data": sealed(self.key),
            },
            "tokens": {"token_hash": HASH, "encrypted_value": sealed(self.key), "pii_type": "ssn"},
            "audit_logs": {"action": "record.read", "resource_type": "record"},
            "tenant_usage": {"measure": "published_bytes"},
            "token_accesses": {"token_ids": [self.version]},
            "key_removals": {"key_id": self.key, "messages": 1},
            "audit_seals": {
                "seal_number": 1, "from_transaction": "0", "to_transaction": "9", "entry_count": 0,
                "root_hash": bytes(32), "previous_hash": bytes(32), "seal_hash": bytes(32),
                "sealed_at": "2026-01-01", "entry_ids": [], "leaf_hashes": b"",
            },
            "audit_archives": {
                "entry_id": self.version, "partition_name": "p", "from_time": "2026-01-01",
                "to_time": "2026-02-01", "entry_count": 0, "places": "{}", "root_hash": bytes(32),
                "file_name": "f", "file_hash": bytes(32), "archived_at": "2026-03-01",
            },
            "tenant_erasures": {"slug": "gone"},
            "lineage_edges": {
                "source_type": "version", "source_id": self.version, "target_type": "dataset",
                "target_id": self.dataset, "relationship": "derived_from",
            },
        }  # fmt: skip


@pytest.fixture
def ground(conn: psycopg.Connection, alpha: Tenant) -> Ground:
    return ground_of(conn, alpha)


def ground_of(conn: psycopg.Connection, tenant: Tenant) -> Ground:
    """Make one of each thing that rows refer to."""
    user = new_user(conn, tenant, "grace")
    schema = write(
        conn, "schemas",
        {"tenant_id": tenant.id, "name": "s", "definition": Jsonb({}), "created_by": user},
    )  # fmt: skip
    dataset = new_dataset(conn, tenant)
    return Ground(
        tenant, user, role_id(conn, tenant, "viewer"), schema, new_key(conn, tenant), dataset,
        new_version(conn, tenant, dataset),
    )  # fmt: skip


def write(conn: psycopg.Connection, table: str, row: dict[str, object]) -> uuid.UUID:
    """Insert a row in a savepoint, so that a refusal leaves the transaction usable."""
    columns = sql.SQL(", ").join(map(sql.Identifier, row))
    values = sql.SQL(", ").join(sql.Placeholder() * len(row))
    returned = sql.Identifier(
        {
            "user_roles": "user_id",
            "tenant_usage": "tenant_id",
            "audit_seals": "tenant_id",
            "audit_archives": "entry_id",
        }.get(table, "id")
    )
    with conn.transaction():
        found = conn.execute(
            sql.SQL("INSERT INTO dsvault.{} ({}) VALUES ({}) RETURNING {}").format(
                sql.Identifier(table), columns, values, returned
            ),
            list(row.values()),
        ).fetchone()
    assert found is not None
    return found[0]


def good_row(ground: Ground, table: str, **columns: object) -> dict[str, object]:
    row = ground.rows()[table] | columns
    return row if table == "tenants" else {"tenant_id": ground.tenant.id} | row


def each(table: str, constraint: str, column: str, good: Iterable, bad: Iterable) -> list[object]:
    """Return one case a value."""
    return [
        *(pytest.param(table, {column: value}, None, id=f"{constraint}-good-{value}") for value in good),
        *(pytest.param(table, {column: value}, constraint, id=f"{constraint}-bad-{value}") for value in bad),
    ]  # fmt: skip


NOW = "2026-01-01T00:00:00Z"
CHECKS = [
    *each("tenants", "tenants_name_not_empty", "name", ["A", "x" * 255], [""]),
    *each("tenants", "tenants_slug_format", "slug", ["a-1", "z"], ["A", "a b", "a_b", "é", ""]),
    *each("tenants", "tenants_settings_is_object", "settings", [Jsonb({"a": 1})], [Jsonb([]), Jsonb(1)]),
    *each("tenants", "tenants_storage_quota_positive", "storage_quota_bytes", [None, 0, 2**62], [-1]),
    *each("users", "users_status_check", "status",
          ["active", "suspended", "pending_verification", "locked"], ["Active", "gone", ""]),
    *each("users", "users_email_format", "email",
          ["a.b+c@d-e.example", "A@B.CO"], ["a", "a@b", "@b.example", "a b@c.example", "a@b.c"]),
    *each("roles", "roles_permissions_is_array", "permissions", [Jsonb([])], [Jsonb({})]),
    *each("roles", "roles_permissions_known", "permissions",
          [Jsonb(["dataset:read", "key:manage"])], [Jsonb(["dataset:write"]), Jsonb([1]), Jsonb(["*"])]),
    *each("schemas", "schemas_compatibility_check", "compatibility_mode",
          ["none", "backward", "forward", "full"], ["both", ""]),
    *each("schemas", "schemas_status_check", "status",
          ["draft", "active", "deprecated", "archived"], ["published"]),
    *each("schemas", "schemas_definition_is_object", "definition", [Jsonb({"type": "object"})], [Jsonb([])]),
    *each("encryption_keys", "keys_type_check", "key_type", ["dataset", "field", "backup"], ["master"]),
    *each("encryption_keys", "keys_algorithm_check", "algorithm", ["AES-256-GCM"], ["AES-128-GCM", "DES"]),
    *each("encryption_keys", "keys_provider_check", "kms_provider", ["vault"], ["hsm"]),
    *each("encryption_keys", "keys_status_check", "status",
          ["active", "rotated", "expired", "revoked"], ["lost"]),
    *each("encryption_keys", "keys_cbc_not_active", "algorithm", [], ["AES-256-CBC"]),
    *each("datasets", "datasets_name_not_empty", "name", ["A"], [""]),
    *each("datasets", "datasets_metadata_is_object", "metadata", [Jsonb({})], [Jsonb([]), Jsonb("a")]),
    *each("datasets", "datasets_retention_policy_is_object", "retention_policy",
          [None, Jsonb({"duration_days": 90})], [Jsonb([90]), Jsonb(90)]),
    *each("dataset_versions", "versions_status_check", "status",
          ["draft", "published", "archived", "corrupted"], ["final"]),
    *each("dataset_versions", "versions_record_count_positive", "record_count", [0, 2**62], [-1]),
    *each("dataset_versions", "versions_size_positive", "size_bytes", [0, 2**62], [-1]),
    *each("dataset_versions", "versions_metadata_is_object", "metadata", [Jsonb({})], [Jsonb([])]),
    *each("records", "records_content_hash_format", "content_hash",
          [HASH], ["", HASH.upper(), HASH[:63], "g" * 64]),
    *each("records", "records_pii_annotations_is_object", "pii_annotations",
          [None, Jsonb({})], [Jsonb([]), Jsonb(None)]),
    *each("tokens", "tokens_hash_format", "token_hash", [HASH], ["", HASH.upper(), HASH[:63]]),
    *each("tokens", "tokens_pii_type_check", "pii_type",
          ["email", "phone", "ssn", "name", "address", "credit_card", "ip_address", "custom"], ["dna"]),
    *each("tokens", "tokens_accessed_count_positive", "accessed_count", [0, 5], [-1]),
    *each("audit_logs", "audit_created_at_is_finite", "created_at",
          ["1999-12-31", "9999-12-31"], ["infinity", "-infinity"]),
    *each("audit_logs", "audit_details_is_object", "details", [Jsonb({})], [Jsonb([])]),
    *each("audit_seals", "audit_seals_number_positive", "seal_number", [1], [0]),
    *each("audit_seals", "audit_seals_range_check", "to_transaction", ["1"], ["0"]),
    *each("audit_seals", "audit_seals_lists_check", "entry_count", [0], [1]),
    *each("audit_seals", "audit_seals_hashes_check", "root_hash", [bytes(32)], [bytes(31)]),
    *each("audit_archives", "audit_archives_times_check", "to_time", ["2026-01-02"], ["2026-01-01"]),
    *each("audit_archives", "audit_archives_count_check", "places", ["{}"], ["{[1,3)}"]),
    *each("audit_archives", "audit_archives_count_check", "entry_count", [0], [-1, 2]),
    *each("audit_archives", "audit_archives_hashes_check", "file_hash", [bytes(32)], [bytes(31)]),
    *each("lineage_edges", "lineage_type_check", "source_type",
          ["dataset", "version", "record", "transformation"], ["file"]),
    *each("lineage_edges", "lineage_relationship_check", "relationship",
          ["derived_from", "copied_from", "transformed_by", "merged_from", "anonymized_from"],
          ["stolen_from"]),
    *each("lineage_edges", "lineage_metadata_is_object", "metadata", [Jsonb({})], [Jsonb([])]),
    *each("datasets", "datasets_retention_policy_shape", "retention_policy",
          [Jsonb({"legal_hold": False})], [Jsonb({"legal_hold": "no"}), Jsonb({"days": 9})]),
    *each("datasets", "datasets_retention_action_has_duration", "retention_policy",
          [Jsonb({"duration_days": 9, "action": "delete"})], [Jsonb({"action": "delete"})]),
    *each("tenant_erasures", "tenant_erasures_removed_is_object", "removed", [Jsonb({})], [Jsonb([])]),
    *each("tenant_usage", "tenant_usage_measure_check", "measure",
          ["published_bytes", "published_versions"], ["bytes"]),
    *each("tenant_usage", "tenant_usage_amount_positive", "amount", [0, 2**62], [-1]),
    *each("token_accesses", "token_accesses_token_ids_check", "token_ids", [f"{{{uuid.UUID(int=1)}}}"], ["{}"]),
    *each("key_removals", "key_removals_messages_positive", "messages", [1, 2**62], [0, -1]),
]  # fmt: skip
# Two columns decide together, or a trigger sets them right first: tested by name further below.
APART = {
    "tenants_deletion_check",
    "tenants_suspension_check",
    "users_deletion_check",
    "lineage_no_self_edge",
} | {
    "keys_hash_algorithm", "keys_wrapped_key_header",  # test_ciphertexts.py
    "records_encrypted_data_header", "tokens_encrypted_value_header",
}  # fmt: skip


@pytest.mark.parametrize(("table", "columns", "refused_by"), CHECKS)
def test_a_check_lets_in_what_is_right_and_refuses_what_is_wrong(
    conn: psycopg.Connection,
    ground: Ground,
    table: str,
    columns: dict[str, object],
    refused_by: str | None,
) -> None:
    # What triggers refuse beyond that is asked in tests/lifecycle.
    conn.execute(
        sql.SQL("ALTER TABLE dsvault.{} DISABLE TRIGGER USER").format(sql.Identifier(table))
    )
    row = good_row(ground, table, **columns)
    if refused_by is None:
        write(conn, table, row)
    else:
        with pytest.raises(CheckViolation) as refusal:
            write(conn, table, row)
        assert refusal.value.diag.constraint_name == refused_by


def test_every_check_is_tested(conn: psycopg.Connection) -> None:
    there = {
        name
        for (name,) in conn.execute(
            "SELECT conname FROM pg_constraint"
            " WHERE connamespace = 'dsvault'::regnamespace AND contype = 'c'"
        )
    }
    tested = {case.values[2] for case in CHECKS} - {None}
    assert there == tested | APART


def test_a_key_for_cbc_is_read_and_never_active(conn: psycopg.Connection, ground: Ground) -> None:
    write(conn, "encryption_keys",
          good_row(ground, "encryption_keys", algorithm="AES-256-CBC", status="rotated"))  # fmt: skip


def test_an_edge_has_two_ends(conn: psycopg.Connection, ground: Ground) -> None:
    same = {"target_type": "version", "target_id": ground.version}
    with pytest.raises(CheckViolation, match="lineage_no_self_edge"):
        write(conn, "lineage_edges", good_row(ground, "lineage_edges", **same))
    other = {"source_type": "dataset", "source_id": ground.dataset}
    write(conn, "lineage_edges", good_row(ground, "lineage_edges", **other, **same))


UNIQUE = [
    ("tenants", "tenants_slug_unique", {"slug": "twice"}),
    ("users", "users_email_unique", {"email": "twice@users.example"}),
    ("users", "users_external_id_unique", {"external_id": "twice"}),
    ("roles", "roles_name_unique", {"name": "twice"}),
    ("user_roles", "user_roles_pkey", {}),
    ("schemas", "schemas_name_version_unique", {"name": "twice", "version": 2}),
    ("encryption_keys", "keys_active_unique", {}),
    ("datasets", "datasets_name_unique", {"name": "twice"}),
    ("dataset_versions", "versions_dataset_number_unique", {"version_number": 9}),
    ("tokens", "tokens_hash_unique", {"token_hash": OTHER}),
    ("lineage_edges", "lineage_unique", {}),
]
# What varies, so that nothing but the key in question is the same twice.
VARIED = {
    "tenants": {"name": "Other"},
    "users": {"email": "second@users.example"},
    "dataset_versions": {"message": "other"},
}


@pytest.mark.parametrize(("table", "key", "columns"), UNIQUE, ids=[case[1] for case in UNIQUE])
def test_a_key_is_unique_within_its_tenant_and_free_in_another(
    conn: psycopg.Connection, ground: Ground, beta: Tenant, table: str, key: str,
    columns: dict[str, object],
) -> None:  # fmt: skip
    write(conn, table, good_row(ground, table, **columns))
    again = good_row(ground, table, **(VARIED.get(table, {}) | columns))
    with pytest.raises(UniqueViolation) as refusal:
        write(conn, table, again)
    assert refusal.value.diag.constraint_name == key
    if table != "tenants":
        write(conn, table, good_row(ground_of(conn, beta), table, **columns))


# table, column, foreign key: each accepts what is there, and refuses what is nowhere or elsewhere.
REFERENCES = [
    ("users", "tenant_id", "users_tenant_fk"),
    ("roles", "tenant_id", "roles_tenant_fk"),
    ("roles", "created_by", "roles_created_by_fk"),
    ("user_roles", "user_id", "user_roles_user_fk"),
    ("user_roles", "role_id", "user_roles_role_fk"),
    ("user_roles", "granted_by", "user_roles_granted_by_fk"),
    ("schemas", "parent_schema_id", "schemas_parent_fk"),
    ("schemas", "created_by", "schemas_created_by_fk"),
    ("encryption_keys", "tenant_id", "keys_tenant_fk"),
    ("datasets", "owner_id", "datasets_owner_fk"),
    ("datasets", "schema_id", "datasets_schema_fk"),
    ("datasets", "encryption_key_id", "datasets_encryption_key_fk"),
    ("dataset_versions", "dataset_id", "versions_dataset_fk"),
    ("dataset_versions", "parent_version_id", "versions_parent_fk"),
    ("dataset_versions", "author_id", "versions_author_fk"),
    ("records", "version_id", "records_version_fk"),
    ("records", "dataset_id", "records_version_fk"),
    ("tokens", "tenant_id", "tokens_tenant_fk"),
    ("lineage_edges", "tenant_id", "lineage_tenant_fk"),
    ("tenant_usage", "tenant_id", "tenant_usage_tenant_fk"),
    ("token_accesses", "tenant_id", "token_accesses_tenant_fk"),
    ("key_removals", "key_id", "key_removals_key_fk"),
]
PARENT = {
    "created_by": "user", "user_id": "user", "granted_by": "user", "owner_id": "user",
    "author_id": "user", "role_id": "role", "parent_schema_id": "schema", "schema_id": "schema",
    "encryption_key_id": "key", "key_id": "key", "dataset_id": "dataset",
    "parent_version_id": "version", "version_id": "version",
}  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column", "key"), REFERENCES, ids=[f"{t}.{c}" for t, c, _ in REFERENCES]
)
def test_a_reference_leads_to_a_row_of_the_same_tenant_or_nowhere(
    conn: psycopg.Connection, ground: Ground, beta: Tenant, table: str, column: str, key: str
) -> None:
    elsewhere: list[object] = [uuid.uuid4()]
    if column in PARENT:
        elsewhere.append(getattr(ground_of(conn, beta), PARENT[column]))
        write(conn, table, good_row(ground, table, **{column: getattr(ground, PARENT[column])}))
    for wrong in elsewhere:
        row = good_row(ground, table, **{column: wrong})
        row |= {name: f"second{name}@x.example" for name in ("name", "email") if name in row}
        if table in {"dataset_versions", "encryption_keys"}:
            row |= {"version_number": 8} if table == "dataset_versions" else {"status": "rotated"}
        if column == "granted_by":
            row["role_id"] = role_id(conn, ground.tenant, "auditor")
        with pytest.raises(ForeignKeyViolation) as refusal:
            write(conn, table, row)
        assert refusal.value.diag.constraint_name == key


def test_every_reference_is_tested(conn: psycopg.Connection) -> None:
    there = {
        name
        for (name,) in conn.execute(
            "SELECT conname FROM pg_constraint WHERE connamespace = 'dsvault'::regnamespace"
            " AND contype = 'f' AND conparentid = 0"
        )
    }
    # Both lead to tenants by a column that the rest of the row's references need too.
    assert there == {key for _, _, key in REFERENCES} | {"schemas_tenant_fk", "datasets_tenant_fk"}


def one(conn: psycopg.Connection, query: str, *values: object) -> object:
    row = conn.execute(query.encode(), values).fetchone()
    assert row is not None
    return row[0]


def test_a_deleted_user_leaves_what_he_made_and_granted_to_the_tenant(
    conn: psycopg.Connection, ground: Ground
) -> None:
    maker = new_user(conn, ground.tenant, "maker")
    role = write(conn, "roles", good_row(ground, "roles", created_by=maker))
    write(conn, "user_roles", good_row(ground, "user_roles", granted_by=maker))

    conn.execute("DELETE FROM dsvault.users WHERE id = %s", [maker])

    kept = "SELECT tenant_id FROM dsvault.{} WHERE {} AND tenant_id = %s AND {} IS NULL"
    assert one(conn, kept.format("roles", "id = %s", "created_by"), role, ground.tenant.id)
    assert one(conn, kept.format("user_roles", "user_id = %s", "granted_by"), ground.user, ground.tenant.id)  # fmt: skip


def test_a_deleted_parent_leaves_its_children(conn: psycopg.Connection, ground: Ground) -> None:
    schema = write(conn, "schemas", good_row(ground, "schemas", parent_schema_id=ground.schema))
    version = write(
        conn,
        "dataset_versions",
        good_row(ground, "dataset_versions", parent_version_id=ground.version),
    )
    conn.execute("DELETE FROM dsvault.schemas WHERE id = %s", [ground.schema])
    conn.execute("DELETE FROM dsvault.dataset_versions WHERE id = %s", [ground.version])
    for table, column, child in (
        ("schemas", "parent_schema_id", schema),
        ("dataset_versions", "parent_version_id", version),
    ):
        found = f"SELECT {column} IS NULL AND tenant_id = %s FROM dsvault.{table} WHERE id = %s"
        assert one(conn, found, ground.tenant.id, child) is True


@pytest.mark.parametrize("held_by", ["datasets", "dataset_versions", "schemas"])
def test_a_user_whom_something_names_cannot_be_deleted(
    conn: psycopg.Connection, ground: Ground, held_by: str
) -> None:
    holder = new_user(conn, ground.tenant, "holder")
    column = {"datasets": "owner_id", "dataset_versions": "author_id", "schemas": "created_by"}
    write(conn, held_by, good_row(ground, held_by, **{column[held_by]: holder}))
    with pytest.raises(STILL_NAMED, match=held_by):
        conn.execute("DELETE FROM dsvault.users WHERE id = %s", [holder])


def test_a_deleted_dataset_takes_its_versions_and_records_along(
    conn: psycopg.Connection, ground: Ground
) -> None:
    write(conn, "records", good_row(ground, "records"))
    conn.execute("DELETE FROM dsvault.datasets WHERE id = %s", [ground.dataset])
    assert one(conn, "SELECT count(*) FROM dsvault.dataset_versions") == 0
    assert one(conn, "SELECT count(*) FROM dsvault.records") == 0


def test_a_schema_or_key_in_use_cannot_be_deleted(conn: psycopg.Connection, ground: Ground) -> None:
    uses = {"schema_id": ground.schema, "encryption_key_id": ground.key}
    write(conn, "datasets", good_row(ground, "datasets", **uses))
    for table, row in (("schemas", ground.schema), ("encryption_keys", ground.key)):
        with pytest.raises(STILL_NAMED), conn.transaction():
            conn.execute(
                sql.SQL("DELETE FROM dsvault.{} WHERE id = %s").format(sql.Identifier(table)), [row]
            )


def test_records_of_a_dataset_lie_in_one_partition(
    conn: psycopg.Connection, ground: Ground
) -> None:
    for number in range(8):
        write(conn, "records", good_row(ground, "records", content_hash=f"{number:064x}"))
    assert one(conn, "SELECT count(DISTINCT tableoid) FROM dsvault.records") == 1
    assert one(conn, "SELECT count(*) FROM dsvault.records") == 8
