"""A vault for the checks, and a way to ask one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.database import new_database

from dsvault.checks import Check, Finding, checks_folder, read_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg
    from tests.support.cluster import Cluster
    from tests.support.database import Database, Deployer

BY_CODE = {check.code: check for check in read_checks(checks_folder())}


def ask(conn: psycopg.Connection, check: Check) -> list[Finding]:
    """Return what a check finds."""
    return [Finding(*row) for row in conn.execute(check.sql.encode())]


@pytest.fixture(scope="module")
def shared_vault(server: Cluster, deployer: Deployer, vault_template: str) -> Iterator[Database]:
    """A vault of this module's tests, which leave nothing in it."""
    with new_database(server, deployer, vault_template) as database:
        yield database


@pytest.fixture
def shared(shared_vault: Database) -> Iterator[psycopg.Connection]:
    """A superuser's connection to it, of which nothing is committed."""
    with shared_vault.connect(superuser=True) as connection:
        yield connection


@pytest.fixture
def finds(shared: psycopg.Connection) -> Callable[..., list[Finding]]:
    """A function that executes statements and returns what a check of some code then finds."""

    def find(code: str, *statements: str) -> list[Finding]:
        for statement in statements:
            shared.execute(statement.encode())
        return ask(shared, BY_CODE[code])

    return find
