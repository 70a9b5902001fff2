"""A vault with a tenant that has keys, shared by the tests of a module."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.support.database import new_database

from dsvault.ops.tenant.create import TenantRequest, create_tenant
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.cluster import Cluster
    from tests.support.database import Database, Deployer

    from dsvault.target import Target


@dataclass(frozen=True)
class Acme:
    """The vault, its URI for the toolkit, and the tenant acme's ids."""

    database: Database
    target: Target
    tenant_id: str
    admin_id: str

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Ask something as a superuser."""
        with psycopg.connect(self.database.superuser_url) as conn:
            return conn.execute(query.encode(), values).fetchall()

    def do(self, statement: str, *values: object) -> None:
        """Change something as a superuser."""
        with psycopg.connect(self.database.superuser_url) as conn:
            conn.execute(statement.encode(), values)


@pytest.fixture(scope="module")
def acme(
    server: Cluster,
    deployer: Deployer,
    vault_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Acme]:
    """The tenant acme with an administrator and keys."""
    kek = tmp_path_factory.mktemp("kek") / "kek"
    kek.touch(0o600)
    kek.write_text(secrets.token_hex(32))
    with new_database(server, deployer, vault_template) as database:
        target = parse_target(database.url)
        made = create_tenant(
            target,
            TenantRequest("acme", "Acme", "ada@acme.example", "Ada", kek=f"file:{kek}"),
        )
        yield Acme(database, target, made.tenant.id, made.admin_id)
