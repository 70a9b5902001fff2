"""A vault with a sealed history that the tests of verification share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.schema.builders import new_dataset, new_tenant, new_user
from tests.support.database import new_database

from dsvault.db import Session
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.cluster import Cluster
    from tests.support.database import Database, Deployer


@pytest.fixture(scope="session")
def history(server: Cluster, deployer: Deployer, vault_template: str) -> Iterator[Database]:
    """A vault with three seals of each of two tenants, and entries that are not sealed yet."""
    with new_database(server, deployer, vault_template) as database:
        with psycopg.connect(database.superuser_url, autocommit=True) as conn:
            tenants = [new_tenant(conn, slug) for slug in ("alpha", "beta")]
            for number in range(3):
                for tenant in tenants:
                    new_user(conn, tenant, f"user{number}", "viewer")
                    dataset = new_dataset(conn, tenant, f"d{number}")
                    conn.execute(
                        "UPDATE dsvault.datasets SET description = 'x' WHERE id = %s", [dataset]
                    )
                conn.execute("SELECT dsvault.break_audit_glass('to have an entry of the system')")
                conn.execute("SELECT FROM dsvault.seal_audit()")
            new_dataset(conn, tenants[0], "last")
        yield database


@pytest.fixture
def session(history: Database) -> Iterator[Session]:
    """A superuser's session behind the triggers' back; what it does is undone."""
    with psycopg.connect(history.superuser_url, autocommit=True) as conn:
        conn.execute("SET session_replication_role = replica")
        conn.execute("BEGIN")
        yield Session(conn.pgconn, parse_target(history.superuser_url))
        conn.execute("ROLLBACK")
