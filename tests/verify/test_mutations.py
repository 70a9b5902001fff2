"""Every verify script is content with what the plan makes, and catches each planted fault."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from tests.support.database import new_database
from tests.verify.mutations import mutations
from tests.verify.scripts import changes, objection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import psycopg
    from tests.support.cluster import Cluster
    from tests.support.database import Deployer

# What a planted fault raises: a fact that differs, or an object that is not there to be asked.
EXPECTED = {"DV001", "42P01", "42883", "42704", "3F000", "42501"}
# What other scripts ask with, or rest on: its faults show elsewhere too.
GROUND = ("roles/", "schemas/", "facts/", "privileges/", "seed/")


@pytest.fixture(scope="module")
def mutable(
    server: Cluster, deployer: Deployer, vault_template: str
) -> Iterator[psycopg.Connection]:
    """A superuser's connection to one vault for all mutations, each of which is rolled back."""
    with (
        new_database(server, deployer, vault_template) as database,
        database.connect(superuser=True) as conn,
    ):
        conn.execute("SET client_min_messages = error")
        conn.commit()
        yield conn


@pytest.fixture
def planted(mutable: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """That connection in a transaction that is rolled back."""
    try:
        yield mutable
    finally:
        mutable.rollback()


@pytest.mark.parametrize("change", changes())
def test_verify_is_content_with_a_sound_vault(planted: psycopg.Connection, change: str) -> None:
    assert objection(planted, change) is None


@pytest.mark.parametrize("change", changes())
def test_verify_catches_every_planted_fault(planted: psycopg.Connection, change: str) -> None:
    faults = mutations(planted, change)
    assert faults, f"nobody tried to deceive verify/{change}.sql"
    missed = []
    for fault in faults:
        planted.execute("SAVEPOINT fault")
        planted.execute(fault.encode())
        error = objection(planted, change)
        if error is None:
            missed.append(fault)
        else:
            assert error.sqlstate in EXPECTED, f"{fault}\n{error}"
        planted.execute("ROLLBACK TO fault")
    assert not missed, f"verify/{change}.sql missed {len(missed)} of {len(faults)} faults"


def crowds() -> list[list[str]]:
    """Return changes in groups, twice: no two of them are in one group both times."""
    names = [name for name in changes() if not name.startswith(GROUND)]
    width = math.isqrt(len(names) - 1) + 1
    rows = [names[start : start + width] for start in range(0, len(names), width)]
    return rows + [names[start::width] for start in range(width)]


@pytest.mark.parametrize("crowd", crowds(), ids=lambda names: names[0])
def test_faults_are_reported_by_their_own_scripts_and_the_seal_alone(
    planted: psycopg.Connection, crowd: list[str]
) -> None:
    """Faults of several changes are planted at once, and one by one where that tells another tale.

    A script that reported another change's fault would be seen: in one of two groups it is alone.
    """
    faults = {change: one_fault(planted, change) for change in crowd}
    if reporting(planted, faults.values()) != {*crowd, "seal"}:
        for change, fault in faults.items():
            assert reporting(planted, [fault]) == {change, "seal"}, fault


def one_fault(conn: psycopg.Connection, change: str) -> str:
    """Return a fault that is this change's alone: a comment's; for the rest the first one is."""
    faults = mutations(conn, change)
    return next((one for one in faults if one.startswith("COMMENT ON TABLE")), faults[0])


def reporting(conn: psycopg.Connection, faults: Iterable[str]) -> set[str]:
    """Return the changes whose scripts report faults; take these back."""
    conn.execute("SAVEPOINT faults")
    for fault in faults:
        conn.execute(fault.encode())
    found = {name for name in changes() if objection(conn, name)}
    conn.execute("ROLLBACK TO faults")
    return found
