"""Acting as someone: a role and the settings that say who it is, always taken back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from psycopg.pq import TransactionStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from tests.support.cluster import Cluster


@contextmanager
def as_role(
    conn: psycopg.Connection, role: str, **settings: str | None
) -> Iterator[psycopg.Connection]:
    """Act as role, with settings of the form app__current_tenant_id="…", for a block.

    The block is a transaction, or a savepoint inside of one. If a statement failed in it, or the
    block raises, its changes are undone; else they stay. Role and settings are restored always.
    """
    names = ["role", *(name.replace("__", ".") for name in settings)]
    values = [role, *settings.values()]
    with conn.transaction() as block:
        before = [_read(conn, name) for name in names]
        for name, value in zip(names, values, strict=True):
            _write(conn, name, value)
        yield conn
        if conn.info.transaction_status == TransactionStatus.INERROR:
            raise psycopg.Rollback(block)
        # Releasing a savepoint would keep them until the outer transaction ends.
        for name, value in zip(names, before, strict=True):
            _write(conn, name, value)


@contextmanager
def as_tenant(
    conn: psycopg.Connection,
    tenant_id: UUID | str,
    user_id: UUID | str | None = None,
    *,
    role: str = "dsvault_app",
) -> Iterator[psycopg.Connection]:
    """Act as an application's session of a tenant, and of one of its users."""
    with as_role(
        conn,
        role,
        app__current_tenant_id=str(tenant_id),
        app__current_user_id=str(user_id) if user_id else None,
    ):
        yield conn


def _read(conn: psycopg.Connection, name: str) -> str | None:
    row = conn.execute("SELECT pg_catalog.current_setting(%s, true)", [name]).fetchone()
    assert row is not None
    return row[0]


def _write(conn: psycopg.Connection, name: str, value: str | None) -> None:
    conn.execute("SELECT pg_catalog.set_config(%s, %s, true)", [name, value or ""])


@pytest.fixture
def make_login(server: Cluster) -> Callable[..., tuple[str, str]]:
    """A function that makes a login role in the groups named; it returns name and password."""

    def make(*groups: str) -> tuple[str, str]:
        name, password = server.new_role("dsvault_test_login")
        for group in groups:
            server.admin.execute(
                sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(name))
            )
        return name, password

    return make
