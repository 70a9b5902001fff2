"""The project's matrix, and proofs on a database of this test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.database import new_database

from dsvault.db import Query, Session, connect
from dsvault.ops.policy import prove_on
from dsvault.policy import Matrix, matrix_path, read_matrix
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from tests.support.cluster import Cluster
    from tests.support.database import Deployer

    from dsvault.policy.proof import Proof


@pytest.fixture(scope="session")
def matrix() -> Matrix:
    return read_matrix(matrix_path())


@pytest.fixture(scope="module")
def session(server: Cluster, deployer: Deployer, vault_template: str) -> Iterator[Session]:
    """A superuser's session in a vault of this module, outside of a transaction."""
    with new_database(server, deployer, vault_template) as database:
        target = parse_target(database.superuser_url, environ={})
        with connect(target, application_name="tests") as opened:
            yield opened


@pytest.fixture
def prove_after(session: Session, matrix: Matrix) -> Callable[..., Proof]:
    """A function that changes the vault, proves, and takes the change back."""

    def proof(*statements: str, **selection: Collection[str]) -> Proof:
        session.run([Query(text) for text in ("BEGIN", *statements)])
        return prove_on(session, matrix, **selection)

    return proof
