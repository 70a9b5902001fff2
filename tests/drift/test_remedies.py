"""`dsvault drift` says of each kind of difference what undoes it; doing so ends the drift."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest
from tests.drift.faults import FAULTS, Fault
from tests.support.database import new_database

from dsvault.drift.facts import EXTRA, Difference, compare
from dsvault.drift.makers import Script, maker
from dsvault.drift.remedies import Remedies, Remedy
from dsvault.ops.drift import deploy_scripts
from dsvault.paths import project_root
from dsvault.project import open_project
from dsvault.queries import load
from dsvault.seal import seal_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from tests.support.cluster import Cluster
    from tests.support.database import Deployer

PLANNED = seal_facts((project_root() / "verify" / "seal.sql").read_text(encoding="utf-8"))
_TRANSACTION = re.compile(r"^(?:BEGIN|COMMIT);$", re.MULTILINE)


class Told(NamedTuple):
    """A difference, the script that made the thing, and what to do."""

    difference: Difference
    script: Script | None
    remedy: Remedy


def told_of(conn: psycopg.Connection, scripts: list[Script]) -> list[Told]:
    """Return what `drift` says of the database as the open transaction sees it."""
    found = [row[0] for row in conn.execute(load("everything").encode())]
    places: dict[str, list[str]] = {}
    for fact, partition in conn.execute(load("drift/partitions").encode()):
        places.setdefault(fact, []).append(partition)
    remedies = Remedies(PLANNED, conn.info.dbname)
    told = []
    for difference in compare(PLANNED, found, places):
        script = None if difference.state == EXTRA else maker(difference, scripts)
        told.append(Told(difference, script, remedies.of(difference, script)))
    return told


def follow(conn: psycopg.Connection, told: Told) -> None:
    """Do what is said, as the superuser."""
    for statement in told.remedy.statements:
        conn.execute(statement.encode())
    if told.script is not None and f"run {told.script.path} again" in told.remedy.advice:
        conn.execute(_TRANSACTION.sub("", told.script.text).encode())
        conn.execute("RESET ROLE")


@pytest.fixture(scope="module")
def scripts() -> list[Script]:
    project = open_project(folder=project_root())
    return list(deploy_scripts(project, project.plan.changes[-1]))


@pytest.fixture(scope="module")
def faulty(
    server: Cluster, deployer: Deployer, vault_template: str
) -> Iterator[psycopg.Connection]:
    """A transaction of the superuser that planted every fault at once, and is undone at the end."""
    with (
        new_database(server, deployer, vault_template) as database,
        database.connect(superuser=True) as conn,
    ):
        for fault in FAULTS:
            conn.execute(fault.planted.encode())
        yield conn


@pytest.fixture(scope="module")
def told(faulty: psycopg.Connection, scripts: list[Script]) -> dict[str, Told]:
    """What is said of these faults, by the thing that differs."""
    return {str(item.difference.thing): item for item in told_of(faulty, scripts)}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.thing)
def test_of_each_kind_of_difference_it_is_told_what_undoes_it(
    told: dict[str, Told], fault: Fault
) -> None:
    assert fault.thing in told
    difference, _, remedy = told[fault.thing]
    assert (difference.state, remedy.advice, "\n".join(remedy.statements)) == fault[2:]


# Which change made a thing is told by what its script says, in as many ways as there are kinds.
MADE_BY = {
    "dsvault.tokens: policy tokens_app_select": "policies/tokens",
    "dsvault.roles: row security": "policies/roles",
    "dsvault.tenants: grants for dsvault_reader": "policies/tenants",
    "dsvault.encryption_keys: kind and owner": "tables/encryption_keys",
    "dsvault.users: index idx_users_status": "tables/users",
    "dsvault.users: column status": "tables/users",
    "dsvault.users: trigger update_users_updated_at": "triggers/updated_at",
    "dsvault.merkle_root(bytea[]): signature": "functions/merkle",
    "dsvault.tokens: comment on column id": "tables/tokens",
    "dsvault.leave()": "functions/leave",
    "schema dsvault_facts: owner": "schemas/dsvault_facts",
    "role dsvault_app: attributes": "roles/dsvault_app",
    "role dsvault_owner: membership in dsvault_finder": "roles/dsvault_finder",
    "default privileges of dsvault_owner on functions": "privileges/defaults",
    "partition of dsvault.records: triggers": "triggers/guard_records",
}


@pytest.mark.parametrize("thing", MADE_BY)
def test_the_change_that_made_a_thing_is_told(told: dict[str, Told], thing: str) -> None:
    script = told[thing].script
    assert script is not None
    assert script.change == MADE_BY[thing]


def test_doing_what_is_told_ends_every_difference(
    told: dict[str, Told], faulty: psycopg.Connection, scripts: list[Script]
) -> None:
    assert told
    for _ in range(2):  # what stands on something that was missing is told when that is back
        for item in told_of(faulty, scripts):
            follow(faulty, item)
    left = [item for item in told_of(faulty, scripts) if "by hand" not in item.remedy.advice]
    assert left == []
