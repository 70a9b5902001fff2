"""One vault with a tenant for the tests of a module; each test's work is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.audit.trail import Trail
from tests.schema.builders import Tenant, new_tenant
from tests.support.database import new_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from tests.support.cluster import Cluster
    from tests.support.database import Database, Deployer


@pytest.fixture(scope="module")
def shared(server: Cluster, deployer: Deployer, vault_template: str) -> Iterator[Database]:
    """A vault that a module's tests share."""
    with new_database(server, deployer, vault_template) as database:
        yield database


@pytest.fixture
def conn(shared: Database) -> Iterator[psycopg.Connection]:
    """A superuser's connection to it; nothing stays."""
    with shared.connect(superuser=True) as connection:
        yield connection


@pytest.fixture
def alpha(conn: psycopg.Connection) -> Tenant:
    """A tenant with its system roles and an administrator."""
    return new_tenant(conn, "alpha")


@pytest.fixture
def beta(conn: psycopg.Connection) -> Tenant:
    """Another."""
    return new_tenant(conn, "beta")


@pytest.fixture
def trail(conn: psycopg.Connection, alpha: Tenant) -> Trail:
    """The trail, from after the tenant was made."""
    assert alpha
    return Trail(conn)
