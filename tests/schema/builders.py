"""Tenants and rows for tests of behaviour, made past row security by a superuser's connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from psycopg import sql
from tests.support.sealed import sealed, wrapped

if TYPE_CHECKING:
    from psycopg import Connection

SYSTEM_TENANT = UUID(int=0)
HASH = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"


@dataclass(frozen=True)
class Tenant:
    """A tenant with its administrator."""

    id: UUID
    admin: UUID


def new_tenant(conn: Connection, slug: str) -> Tenant:
    """Make a tenant as an operator makes one."""
    row = conn.execute(
        "SELECT tenant_id, admin_id FROM dsvault.create_tenant(%s, %s, %s, 'Admin')",
        [slug, slug.title(), f"admin@{slug}.example"],
    ).fetchone()
    assert row is not None
    return Tenant(*row)


def insert(conn: Connection, table: str, **columns: object) -> UUID:
    """Insert a row and return its id."""
    row = conn.execute(
        sql.SQL("INSERT INTO dsvault.{} ({}) VALUES ({}) RETURNING id").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(sql.Placeholder() * len(columns)),
        ),
        list(columns.values()),
    ).fetchone()
    assert row is not None
    return row[0]


def new_user(conn: Connection, tenant: Tenant, name: str, *roles: str, **columns: object) -> UUID:
    """Make a user of a tenant who holds the roles of these names."""
    values = {"tenant_id": tenant.id, "name": name, "email": f"{name}@users.example"} | columns
    user = insert(conn, "users", **values)
    for role in roles:
        grant(conn, tenant, user, role)
    return user


def grant(conn: Connection, tenant: Tenant, user: UUID, role: str) -> None:
    """Grant a role by its name, in nobody's name."""
    done = conn.execute(
        """INSERT INTO dsvault.user_roles (tenant_id, user_id, role_id)
           SELECT tenant_id, %s, id FROM dsvault.roles WHERE tenant_id = %s AND name = %s""",
        [user, tenant.id, role],
    )
    assert done.rowcount == 1, f"there is no role {role}"


def role_id(conn: Connection, tenant: Tenant, name: str) -> UUID:
    """Return the id of a tenant's role."""
    row = conn.execute(
        "SELECT id FROM dsvault.roles WHERE tenant_id = %s AND name = %s", [tenant.id, name]
    ).fetchone()
    assert row is not None
    return row[0]


def new_dataset(conn: Connection, tenant: Tenant, name: str = "events", **columns: object) -> UUID:
    """Make a dataset, the administrator's by default."""
    values = {"tenant_id": tenant.id, "name": name, "owner_id": tenant.admin}
    return insert(conn, "datasets", **values | columns)


def new_version(conn: Connection, tenant: Tenant, dataset: UUID, number: int = 1) -> UUID:
    """Make a version of a dataset by the administrator."""
    return insert(
        conn,
        "dataset_versions",
        tenant_id=tenant.id,
        dataset_id=dataset,
        version_number=number,
        commit_id=HASH,
        tree_hash=HASH,
        message="First",
        author_id=tenant.admin,
        storage_path="s3://bucket",
        manifest_hash=HASH,
    )


def new_key(conn: Connection, tenant: Tenant, **columns: object) -> UUID:
    """Make a wrapped key of a tenant."""
    values = {
        "tenant_id": tenant.id,
        "key_type": "dataset",
        "kms_provider": "local",
        "kms_key_id": "local/1",
    } | columns
    values = {"wrapped_key": wrapped(str(values["kms_provider"]))} | values
    return insert(conn, "encryption_keys", **values)


def key_of(conn: Connection, tenant: Tenant) -> UUID:
    """Return a key that the tenant may encrypt with, made if there is none."""
    row = conn.execute(
        """SELECT id FROM dsvault.encryption_keys
           WHERE tenant_id = %s AND key_type IN ('dataset', 'field') AND status <> 'revoked'""",
        [tenant.id],
    ).fetchone()
    return row[0] if row else new_key(conn, tenant, key_type="field")


def new_record(
    conn: Connection, tenant: Tenant, dataset: UUID, version: UUID, **columns: object
) -> UUID:
    """Make a record of a version."""
    values = {
        "tenant_id": tenant.id,
        "dataset_id": dataset,
        "version_id": version,
        "content_hash": HASH,
    } | columns
    if "encrypted_data" not in values:
        values["encrypted_data"] = sealed(key_of(conn, tenant))
    return insert(conn, "records", **values)


def new_token(conn: Connection, tenant: Tenant, **columns: object) -> UUID:
    """Make a token of a tenant."""
    values = {"tenant_id": tenant.id, "token_hash": HASH, "pii_type": "ssn"}
    if "encrypted_value" not in columns:
        values["encrypted_value"] = sealed(key_of(conn, tenant))
    return insert(conn, "tokens", **values | columns)


def fill(conn: Connection, tenant: Tenant) -> None:
    """Give a tenant a row in each table; provisioning made those of the first four."""
    dataset = new_dataset(conn, tenant)
    version = new_version(conn, tenant, dataset)
    new_key(conn, tenant)
    new_record(conn, tenant, dataset, version)
    new_token(conn, tenant)
    insert(conn, "schemas", tenant_id=tenant.id, name="s", definition="{}", created_by=tenant.admin)
    insert(conn, "audit_logs", tenant_id=tenant.id, action="tenant.create", resource_type="tenant")
    insert(
        conn,
        "lineage_edges",
        tenant_id=tenant.id,
        source_type="version",
        source_id=version,
        target_type="dataset",
        target_id=dataset,
        relationship="derived_from",
    )


def count(conn: Connection, table: str) -> int:
    """Return how many rows of a table are seen."""
    return conn.execute(f"SELECT count(*) FROM dsvault.{table}").fetchone()[0]
