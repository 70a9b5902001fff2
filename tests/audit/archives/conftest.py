"""A vault with old months, sealed, for copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.audit.archives.months import write
from tests.lifecycle.test_partitions import ensure
from tests.schema.builders import new_tenant
from tests.support.database import new_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.cluster import Cluster
    from tests.support.database import Database, Deployer


@pytest.fixture(scope="session")
def old(server: Cluster, deployer: Deployer, vault_template: str) -> Iterator[Database]:
    """A vault with two sealed months of 2019 and two tenants, for copies."""
    with new_database(server, deployer, vault_template) as database:
        with psycopg.connect(database.superuser_url, autocommit=True) as conn:
            alpha, beta = (new_tenant(conn, slug) for slug in ("alpha", "beta"))
            write(conn, alpha, "2019-05", 5)
            conn.execute("SELECT FROM dsvault.seal_audit()")
            write(conn, beta, "2019-06", 3)
            write(conn, alpha, "2019-05", 4)
            ensure(conn)
            conn.execute("SELECT FROM dsvault.seal_audit()")
        yield database


@pytest.fixture
def vault(server: Cluster, deployer: Deployer, old: Database) -> Iterator[Database]:
    """A copy of it for one test."""
    with new_database(server, deployer, old.name) as database:
        yield database


@pytest.fixture
def conn(vault: Database) -> Iterator[psycopg.Connection]:
    """A superuser's connection to it."""
    with vault.connect(superuser=True, autocommit=True) as connection:
        yield connection


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the files go."""
    path = tmp_path / "archive"
    path.mkdir()
    return path
