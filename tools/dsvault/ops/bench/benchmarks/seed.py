"""How quickly a tenant is filled: what the vault adds to an insert, and the parts of the way."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from psycopg import sql

from dsvault.bench import Benchmark, Bound, Comparison, Task, Work, compare
from dsvault.client import Written, insert_records
from dsvault.client.arrays import blobs, texts, uuids
from dsvault.crypto import DataKey, HashKey, Plain, RecordWriter, Secret
from dsvault.db import Query
from dsvault.merkle import MerkleTree
from dsvault.ops.bench.vault import ServerClock, bench_sql, bench_vault, run_script
from dsvault.ops.tenant.create import TenantRequest, create_tenant
from dsvault.ops.tenant.seed import SeedRequest, seed_tenant
from dsvault.ops.transfer.actor import actor
from dsvault.ops.transfer.loading import Keys, keys_of
from dsvault.ops.transfer.numbering import record_ids
from dsvault.queries import load
from dsvault.sampledata import Profile, plan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dsvault.crypto import Batch
    from dsvault.ops.bench.vault import BenchVault
    from dsvault.ops.transfer.actor import Actor

_EXPLAINS = """\
A cost is that of one record, in microseconds.
  insert        the CPU time of the server's process for one statement of many records, in a
                transaction that is rolled back, as dsvault_app; against the same statement into a
                table without index, constraint, trigger or row security
  seed          the time that passes while `dsvault tenant seed` fills two datasets over two
                connections: a million divided by it is the rate. Then the CPU time of what the
                toolkit does for a record: drawing it, encrypting and hashing it, adding it to the
                tree of its version, packing it for the server"""
_INSERT = Bound(most=2.8)
_MICROSECONDS = 1_000_000
_SEEDS = count(1)


def _run(work: Work) -> Sequence[Comparison]:
    with bench_vault(work) as vault, _kek() as kek:
        create_tenant(vault.target, TenantRequest("bench", "B", "a@bench.example", "A", kek=kek))
        with actor(vault.target, "bench", None, application="dsvault bench") as user:
            work.say("insert")
            found = compare(_inserts(vault, user, work.size["batch"]), work.rounds)
        work.say("seed")
        return [found, compare(_parts(vault, work.size["records"]), work.rounds)]


@contextmanager
def _kek() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "kek"
        path.touch(0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
        yield f"file:{path}"


def _inserts(vault: BenchVault, user: Actor, rows: int) -> Task:
    with vault.session() as session:
        run_script(session, "seed/bare")
        session.run([Query("GRANT ALL ON SCHEMA bench TO dsvault_app")])
        session.run([Query("GRANT ALL ON bench.records TO dsvault_app")])
    keys = keys_of(user)
    dataset_id, version_id = _draft(user, keys)
    [batch] = _encrypted(
        RecordWriter(user.tenant_id, dataset_id, keys.data, keys.hashes, batch_rows=rows), rows
    )
    clock = ServerClock(user.session)
    bare = sql.SQL(bench_sql("seed/insert")).format()

    def cost(insert: Callable[[], object]) -> float:
        with user.transaction() as session:
            begun = clock.now()
            insert()
            spent = clock.now() - begun
            session.run([Query("ROLLBACK"), Query("BEGIN")])
        return spent / rows

    return Task(
        f"insert, {rows:,} records",
        clock.unit,
        {
            "bare table": lambda: cost(
                lambda: user.session.fetch(Written, bare, dataset_id, version_id, *_packed(batch))
            ),
            "vault": lambda: cost(
                lambda: insert_records(user.session, dataset_id, version_id, [batch])
            ),
        },
        {"vault": _INSERT},
    )


def _draft(user: Actor, keys: Keys) -> tuple[UUID, UUID]:
    with user.transaction() as session:
        [dataset] = session.fetch(_Row, load("transfer/new_dataset"), "bench", keys.data.id)
        [draft] = session.fetch(
            _Draft, load("transfer/new_draft"), dataset.id, "bench", "bench", "{}", "0" * 64
        )
    return dataset.id, draft.id


def _encrypted(writer: RecordWriter, rows: int) -> list[Batch]:
    plan = plan_of(Profile(1, rows * 3, 0), seed=0)
    drawn = plan.datasets[0].versions[0].records()
    return list(writer.encrypt(map(Plain, drawn, record_ids(uuid4(), 0))))


def _parts(vault: BenchVault, records: int) -> Task:
    plan = plan_of(Profile(1, records * 3, 0), seed=0)
    key = DataKey(uuid4(), Secret.random())
    writer = RecordWriter(uuid4(), uuid4(), key, HashKey(uuid4(), uuid4(), Secret.random()))
    drawn = list(plan.datasets[0].versions[0].records())
    ids = list(zip(drawn, record_ids(uuid4(), 0), strict=False))
    batches = list(writer.encrypt(drawn))

    def whole() -> float:
        request = SeedRequest("bench", Profile(2, records, 0), seed=next(_SEEDS))
        return seed_tenant(vault.target, request).seconds * _MICROSECONDS / records

    def cpu(function: Callable[[], object]) -> Callable[[], float]:
        def once() -> float:
            begun = process_time()
            function()
            return (process_time() - begun) * _MICROSECONDS / records

        return once

    return Task(
        f"seed, {records:,} records",
        "µs",
        {
            "whole": whole,
            "draw": cpu(lambda: list(plan.datasets[0].versions[0].records())),
            "encrypt": cpu(lambda: list(writer.encrypt(Plain(*one) for one in ids))),
            "tree": cpu(lambda: _tree(batches)),
            "pack": cpu(lambda: [_packed(batch) for batch in batches]),
        },
    )


def _tree(batches: Sequence[Batch]) -> str:
    tree = MerkleTree()
    for batch in batches:
        for digest in batch.hashes:
            tree.add(bytes.fromhex(digest))
    return tree.root()


def _packed(batch: Batch) -> Sequence[object]:
    return (
        uuids(batch.ids), texts(batch.hashes), blobs(batch.sealed), texts(batch.annotations),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID


@dataclass(frozen=True, slots=True)
class _Draft:
    id: UUID
    number: int
    parent_id: UUID | None


BENCHMARK = Benchmark(
    explains=_EXPLAINS,
    sizes={
        "full": {"batch": 5_000, "records": 100_000},
        "small": {"batch": 60, "records": 200},
    },
    rounds=5,
    run=_run,
)
