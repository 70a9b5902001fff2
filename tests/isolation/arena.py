"""Two whole tenants in one vault, and an attacker with any SQL as an application's login."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psycopg import Connection
    from tests.support.database import Database

# Every table of tenants' data, parents first, with the column that tells one row from another.
TABLES = {
    "tenants": "slug",
    "users": "email",
    "roles": "id",
    "user_roles": "role_id",
    "schemas": "name",
    "encryption_keys": "kms_key_id",
    "datasets": "name",
    "dataset_versions": "message",
    "records": "id",
    "tokens": "token_hash",
    "audit_logs": "action",
    "lineage_edges": "id",
}
SYSTEM_TENANT = UUID(int=0)


@dataclass(frozen=True)
class Tenant:
    """A tenant with at least one row in each of the twelve tables; slug is in all its names."""

    slug: str
    id: UUID
    admin_id: UUID
    viewer_id: UUID
    admin_role_id: UUID
    viewer_role_id: UUID
    schema_id: UUID
    key_id: UUID
    dataset_id: UUID
    version_id: UUID
    record_id: UUID
    token_id: UUID
    edge_id: UUID
    token_hash: str
    content_hash: str

    @property
    def dataset_name(self) -> str:
        return f"{self.slug} merger"

    @property
    def words(self) -> tuple[str, ...]:
        """What may never be shown to anybody else."""
        own = (self.slug, self.token_hash, self.content_hash)
        return own + tuple(str(value) for value in vars(self).values() if isinstance(value, UUID))


def new_tenant(conn: Connection, slug: str, digit: str) -> Tenant:
    """Make a tenant as provisioning does, with a row of each kind; digit fills its hashes."""
    row = conn.execute(
        "SELECT tenant_id, admin_id FROM dsvault.create_tenant(%s, %s, %s, %s)",
        [slug, slug.title(), f"admin@{slug}.example", f"{slug} admin"],
    ).fetchone()
    assert row is not None
    roles = dict(
        conn.execute("SELECT name, id FROM dsvault.roles WHERE tenant_id = %s", [row[0]]).fetchall()
    )
    ids = {name: uuid4() for name in Tenant.__dataclass_fields__ if name.endswith("_id")}
    ids |= {
        "admin_id": row[1],
        "admin_role_id": roles["admin"],
        "viewer_role_id": roles["viewer"],
    }
    tenant = Tenant(
        slug=slug, id=row[0], token_hash=digit * 64, content_hash=f"{digit}0" * 32, **ids
    )
    _fill(conn, tenant)
    return tenant


def _fill(conn: Connection, t: Tenant) -> None:
    with_tenant = {"t": t.id, "slug": t.slug, **vars(t), "name": t.dataset_name}
    for statement in _ROWS:
        conn.execute(statement, with_tenant)


_ROWS = (
    """INSERT INTO dsvault.users (id, tenant_id, email, name)
       VALUES (%(viewer_id)s, %(t)s, 'viewer@' || %(slug)s || '.example', %(slug)s || ' viewer')""",
    """INSERT INTO dsvault.user_roles (tenant_id, user_id, role_id, granted_by)
       VALUES (%(t)s, %(viewer_id)s, %(viewer_role_id)s, %(admin_id)s)""",
    """INSERT INTO dsvault.schemas (id, tenant_id, name, definition, created_by)
       VALUES (%(schema_id)s, %(t)s, %(slug)s || ' schema', '{}', %(admin_id)s)""",
    """INSERT INTO dsvault.encryption_keys
           (id, tenant_id, key_type, kms_provider, kms_key_id, wrapped_key)
       VALUES (%(key_id)s, %(t)s, 'dataset', 'local', %(slug)s || ' kms',
           decode('445357010101' || repeat('00', 72), 'hex'))""",
    """INSERT INTO dsvault.datasets (id, tenant_id, name, owner_id, schema_id, encryption_key_id)
       VALUES (%(dataset_id)s, %(t)s, %(name)s, %(admin_id)s, %(schema_id)s, %(key_id)s)""",
    """INSERT INTO dsvault.dataset_versions (id, tenant_id, dataset_id, version_number, commit_id,
           tree_hash, message, author_id, storage_path, manifest_hash)
       VALUES (%(version_id)s, %(t)s, %(dataset_id)s, 1, 'c', 't', %(slug)s || ' first',
           %(admin_id)s, 'p', 'm')""",
    """INSERT INTO dsvault.records
           (id, tenant_id, dataset_id, version_id, content_hash, encrypted_data)
       VALUES (%(record_id)s, %(t)s, %(dataset_id)s, %(version_id)s, %(content_hash)s,
           decode('4453560101' || replace(%(key_id)s::text, '-', ''), 'hex')
               || sha256(convert_to(%(slug)s, 'UTF8')))""",
    """INSERT INTO dsvault.tokens (id, tenant_id, token_hash, encrypted_value, pii_type)
       VALUES (%(token_id)s, %(t)s, %(token_hash)s,
           decode('4453560100' || replace(%(key_id)s::text, '-', ''), 'hex'), 'email')""",
    """INSERT INTO dsvault.audit_logs (tenant_id, user_id, action, resource_type)
       VALUES (%(t)s, %(admin_id)s, %(slug)s || '.opened', 'tenant')""",
    """INSERT INTO dsvault.lineage_edges
           (id, tenant_id, source_type, source_id, target_type, target_id, relationship)
       VALUES (%(edge_id)s, %(t)s, 'dataset', %(dataset_id)s, 'version', %(version_id)s,
           'derived_from')""",
)


@dataclass(frozen=True)
class Arena:
    """The attacker's tenant (mine), the one that is attacked (theirs), and the attacker's login."""

    database: Database
    mine: Tenant
    theirs: Tenant
    login: str
    password: str

    @contextmanager
    def connect(self, login: tuple[str, str] | None = None, **options: Any) -> Iterator[Attacker]:
        """Give a new session of the attacker's login, or of another; nothing is committed."""
        url = self.database.url_as(*(login or (self.login, self.password)))
        with psycopg.connect(url, **options) as conn:
            yield Attacker(conn, self)
            conn.rollback()

    @contextmanager
    def superuser(self) -> Iterator[Connection]:
        """Give a superuser's connection, for what a test has to look at or arrange."""
        options = "-c lock_timeout=5s"  # a lock of the attacker's should fail a test, not hang it
        with self.database.connect(superuser=True, autocommit=True, options=options) as conn:
            yield conn


@dataclass(frozen=True)
class Attacker:
    """A session that may try anything. What it sees and what it is told is searched for secrets."""

    conn: Connection
    arena: Arena

    def enter(self, tenant: Tenant, user_id: UUID | None = None) -> None:
        """Say who the rest of the transaction is; the tenant's administrator by default."""
        self.conn.execute("SELECT dsvault.enter(%s, %s)", [tenant.id, user_id or tenant.admin_id])

    def rows(self, statement: str, parameters: Any = None) -> list[Any]:
        """Return the rows of a statement; a single column comes without its tuple."""
        cursor = self.conn.execute(statement.encode(), parameters)
        found = cursor.fetchall() if cursor.description else []
        assert_nothing_of(self.arena.theirs, found, known=self._said(parameters))
        return [row[0] for row in found] if found and len(found[0]) == 1 else found

    def changed(self, statement: str, parameters: Any = None) -> int:
        """Return how many rows a statement changed."""
        return self.conn.execute(statement.encode(), parameters).rowcount

    def refused(self, sqlstate: str, statement: str, parameters: Any = None) -> str:
        """Check that a statement is refused with this SQLSTATE; return all that the server says."""
        block = nullcontext() if self.conn.autocommit else self.conn.transaction()
        with pytest.raises(psycopg.Error) as caught, block:
            self.conn.execute(statement.encode(), parameters)
        diagnostic = caught.value.diag
        told = " | ".join(
            str(getattr(diagnostic, name))
            for name in dir(diagnostic)
            if name.startswith(("message", "context", "column", "table", "constraint", "internal"))
        )
        assert caught.value.sqlstate == sqlstate, told
        assert_nothing_of(self.arena.theirs, [(told,)], known=(statement, *self._said(parameters)))
        return told

    @staticmethod
    def _said(parameters: Any) -> tuple[str, ...]:
        values = parameters.values() if isinstance(parameters, dict) else parameters or ()
        return tuple(str(value) for value in values)


def assert_nothing_of(tenant: Tenant, rows: Sequence[Any], known: Sequence[str] = ()) -> None:
    """Fail if a row holds a word of the tenant that the attacker did not write himself."""
    hidden = [word for word in tenant.words if not any(word in text for text in known)]
    for row in rows:
        text = " ".join(_text(value) for value in row)
        shown = [word for word in hidden if word in text]
        assert not shown, f"{shown} of {tenant.slug} shown in {text}"


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)


def truth(arena: Arena, statement: str, *parameters: object) -> list[tuple[object, ...]]:
    """Return what a superuser sees."""
    with arena.superuser() as conn:
        return conn.execute(statement.encode(), parameters).fetchall()


def keys_of(arena: Arena, table: str, tenant_id: UUID) -> set[object]:
    """Return what tells the rows of a tenant apart, as a superuser sees them."""
    tenant = "id" if table == "tenants" else "tenant_id"
    rows = truth(
        arena, f"SELECT {TABLES[table]} FROM dsvault.{table} WHERE {tenant} = %s", tenant_id
    )
    return {row[0] for row in rows}
