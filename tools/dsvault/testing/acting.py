"""Acting as a user of a tenant on a superuser's connection, and taking it all back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg import pq

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

_SETTINGS = ("role", "app.current_tenant_id", "app.current_user_id", "app.current_permissions")


@contextmanager
def act_as(
    connection: psycopg.Connection,
    tenant_id: UUID | str,
    user_id: UUID | str | None = None,
    *,
    role: str = "dsvault_app",
) -> Iterator[psycopg.Connection]:
    """Act as an application's session for a block: a role of the database, a tenant, a user.

    The block is a transaction, or a savepoint inside of one. What it changes stays, unless it
    raises or a statement in it failed. Role and settings are as before at its end in any case.
    """
    with connection.transaction() as block:
        before = [_read(connection, name) for name in _SETTINGS]
        _write(connection, "role", role)
        if user_id is None:
            _write(connection, "app.current_tenant_id", str(tenant_id))
        else:
            connection.execute("SELECT dsvault.enter(%s, %s)", [tenant_id, user_id])
        yield connection
        if connection.info.transaction_status == pq.TransactionStatus.INERROR:
            raise psycopg.Rollback(block)
        # Releasing a savepoint would keep them until the outer transaction ends.
        for name, value in zip(_SETTINGS, before, strict=True):
            _write(connection, name, value)


def _read(connection: psycopg.Connection, name: str) -> str:
    row = connection.execute("SELECT current_setting(%s, true)", [name]).fetchone()
    return str(row[0]) if row and row[0] is not None else ""


def _write(connection: psycopg.Connection, name: str, value: str) -> None:
    connection.execute("SELECT set_config(%s, %s, true)", [name, value])
