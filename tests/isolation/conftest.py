"""Fixtures of the attacks: one vault with two tenants for all of them, a session for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from psycopg import sql
from tests.isolation.arena import Arena, Attacker, new_tenant
from tests.support.database import new_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.cluster import Cluster
    from tests.support.database import Deployer


@pytest.fixture(scope="session")
def arena(server: Cluster, deployer: Deployer, vault_template: str) -> Iterator[Arena]:
    """A vault with the tenants acme (the attacker's) and bolt; what is tried in it is undone."""
    with new_database(server, deployer, vault_template) as database:
        with database.connect(superuser=True) as conn:
            # The database's own defaults hold: nobody gets TEMPORARY back in the copy.
            mine, theirs = new_tenant(conn, "acme", "a"), new_tenant(conn, "bolt", "b")
            conn.commit()
        login, password = server.new_role("dsvault_test_attacker")
        server.admin.execute(sql.SQL("GRANT dsvault_app TO {}").format(sql.Identifier(login)))
        yield Arena(database, mine, theirs, login, password)


@pytest.fixture
def attacker(arena: Arena) -> Iterator[Attacker]:
    """A session of the attacker's login in which nobody has entered yet."""
    with arena.connect() as session:
        yield session


@pytest.fixture
def mallory(attacker: Attacker, arena: Arena) -> Attacker:
    """The attacker as the administrator of his own tenant, who holds every permission there."""
    attacker.enter(arena.mine)
    return attacker
