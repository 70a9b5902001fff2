"""The server is killed while versions are published, months made, seals set, a tenant erased.

After each kill the audit trail tells of every version that there is and of no other, and every seal
is proven anew.

How often is set by DSVAULT_CRASHES; 3 times by default, so that a run of all tests stays short.
Every second time it is an immediate stop in place of SIGKILL.
"""

from __future__ import annotations

import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg
import pytest
from click.testing import CliRunner
from tests.schema.builders import (
    HASH,
    Tenant,
    insert,
    new_dataset,
    new_record,
    new_tenant,
    new_version,
)
from tests.support.cluster import is_uri
from tests.support.database import deploy_plan
from tests.support.servers import eventually, is_alive, pid_of

from dsvault.cli import cli
from dsvault.server import EmbeddedServer, ServerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from uuid import UUID

    from psycopg import Connection

CRASHES = int(os.environ.get("DSVAULT_CRASHES", "3"))
ENTRY = """INSERT INTO dsvault.audit_logs (tenant_id, action, resource_type, created_at)
    VALUES (%s, 'crash.test', 'nothing', make_date(%s, %s, 1))"""
# Versions of which the trail does not tell, and those of which it tells though they are not there.
UNTOLD = """
WITH v AS (SELECT id FROM dsvault.dataset_versions), a AS (
    SELECT resource_id AS id FROM dsvault.audit_logs
    WHERE action = 'version.create' AND details ->> 'operation' = 'INSERT')
(SELECT id FROM v EXCEPT SELECT id FROM a) UNION ALL (
    SELECT id FROM a EXCEPT SELECT id FROM v EXCEPT
    SELECT resource_id FROM dsvault.audit_logs WHERE action = 'version.delete')"""
EVERYTHING = "SELECT unnest(dsvault_facts.everything())"


@pytest.fixture
def crashing(request: pytest.FixtureRequest, place: Path) -> Iterator[EmbeddedServer]:
    """A server that keeps its data when it is killed, with the plan deployed."""
    source = request.config.getoption("--pg")
    if is_uri(source):
        pytest.skip("a running server is not killed")
    server = EmbeddedServer(place / "server", source=source)
    server.start()
    try:
        deploy_plan(server.url(with_password=True))
        yield server
    finally:
        server.destroy()


class Work:
    """What goes on while the server is killed; each part runs until it loses its connection."""

    def __init__(
        self, url: str, tenant: Tenant, victim: Tenant, dataset: UUID, dice: random.Random
    ) -> None:
        self.url, self.tenant, self.victim, self.dataset = url, tenant, victim, dataset
        self.dice = dice
        self.entries = 0

    def run(self, part: Callable[[Connection], None]) -> None:
        with suppress(psycopg.OperationalError), psycopg.connect(self.url) as conn:
            while True:
                part(conn)

    def publish(self, conn: Connection) -> None:
        conn.execute(
            """INSERT INTO dsvault.dataset_versions (tenant_id, dataset_id, version_number,
                   commit_id, tree_hash, message, author_id, storage_path, manifest_hash,
                   size_bytes)
               SELECT %(t)s, %(d)s, coalesce(max(version_number), 0) + 1, %(h)s, %(h)s, 'm', %(a)s,
                   '/', %(h)s, 7 FROM dsvault.dataset_versions WHERE dataset_id = %(d)s""",
            {"t": self.tenant.id, "d": self.dataset, "h": HASH, "a": self.tenant.admin},
        )
        conn.execute(
            "UPDATE dsvault.dataset_versions SET status = 'published' WHERE status = 'draft'"
            " AND dataset_id = %s",
            [self.dataset],
        )
        conn.commit()

    def months(self, conn: Connection) -> None:
        conn.execute(
            ENTRY, [self.tenant.id, self.dice.randint(1990, 2015), self.dice.randint(1, 12)]
        )
        conn.commit()
        self.entries += 1
        conn.execute("SELECT dsvault.ensure_audit_partitions(3)")
        conn.commit()

    def seal(self, conn: Connection) -> None:
        conn.execute("SELECT dsvault.seal_audit()")
        conn.commit()

    def erase(self, conn: Connection) -> None:
        conn.execute("SELECT dsvault.erase_tenant(%s, %s, 3)", [self.victim.id, "victim"])
        conn.commit()


def crash(server: EmbeddedServer, how: signal.Signals) -> None:
    """End the server at once, and start it again."""
    pid = pid_of(server)
    os.kill(pid, how)
    # Until it is gone it still counts as running, and would not be started again.
    eventually(lambda: not is_alive(pid), 60)
    deadline = time.monotonic() + 60
    while True:
        try:
            server.start()
        except ServerError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        else:
            return


def prepare(conn: Connection) -> tuple[Tenant, Tenant, UUID]:
    tenant, victim = new_tenant(conn, "tenant"), new_tenant(conn, "victim")
    theirs = new_dataset(conn, victim)
    version = new_version(conn, victim, theirs)
    for _ in range(150):
        new_record(conn, victim, theirs, version)
    insert(conn, "schemas", tenant_id=victim.id, name="s", definition="{}", created_by=victim.admin)
    conn.execute("SELECT dsvault.close_tenant(%s)", [victim.id])
    return tenant, victim, new_dataset(conn, tenant)


def facts(conn: Connection) -> list[tuple[str]]:
    return conn.execute(EVERYTHING).fetchall()


def test_after_the_server_is_killed_at_any_moment_everything_holds(
    crashing: EmbeddedServer,
) -> None:
    url = crashing.url(with_password=True)
    with psycopg.connect(url) as conn:
        work = Work(url, *prepare(conn), random.Random(5))  # noqa: S311 - no secret
        before = facts(conn)
    for number in range(CRASHES):
        with ThreadPoolExecutor(4) as pool:
            parts = [
                pool.submit(work.run, part)
                for part in (work.publish, work.months, work.seal, work.erase)
            ]
            time.sleep(0.2 + work.dice.random())
            crash(crashing, signal.SIGKILL if number % 2 == 0 else signal.SIGQUIT)
            for part in parts:
                part.result()
        with psycopg.connect(url) as conn:
            assert facts(conn) == before
            wrong = "SELECT sum(dsvault.recount_usage(id)) FROM dsvault.tenants"
            assert conn.execute(wrong).fetchone() == (0,)
            count = "SELECT count(*) FROM dsvault.audit_logs WHERE action = 'crash.test'"
            [(found,)] = conn.execute(count).fetchall()
            assert work.entries <= found <= work.entries + 1, "acknowledged, and one that was not"
            work.entries = found
            assert conn.execute(UNTOLD).fetchall() == []
        verified = CliRunner().invoke(cli, ["audit", "verify", "--target", url])
        assert verified.exit_code == 0, verified.output
    with psycopg.connect(url) as conn:
        conn.execute("SELECT dsvault.ensure_audit_partitions(3)")
        assert conn.execute("SELECT count(*) FROM dsvault.audit_logs_default").fetchone() == (0,)
        while conn.execute(
            "SELECT is_finished FROM dsvault.erase_tenant(%s, 'victim')", [work.victim.id]
        ).fetchone() == (False,):
            conn.commit()
        [(removed,)] = conn.execute("SELECT removed FROM dsvault.tenant_erasures").fetchall()
        assert removed["records"] == 150
        left = conn.execute(
            "SELECT count(*) FROM dsvault.records WHERE tenant_id = %s", [work.victim.id]
        )
        assert left.fetchone() == (0,)
