"""How quickly a tenant is filled: what the vault adds to an insert, and the parts of the way."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
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
  without       the same insert into the vault, after one of its promises was taken away in the
                same transaction: 1 less the ratio is the share of that promise. The shares do not
                add up, since what is left runs at another pace
  seed          the time that passes while `dsvault tenant seed` fills two datasets over two
                connections: a million divided by it is the rate. Then the CPU time of what the
                toolkit does for a record: drawing it, encrypting and hashing it, adding it to the
                tree of its version, packing it for the server"""
_INSERT = Bound(most=2.8)
_WARM_UP = 50  # records
_PIECES = ("foreign_key", "indexes", "checks", "triggers", "tenant_default", "row_security")
_MICROSECONDS = 1_000_000
_SEEDS = count(1)


def _run(work: Work) -> Sequence[Comparison]:
    with bench_vault(work) as vault, _kek() as kek:
        create_tenant(vault.target, TenantRequest("bench", "B", "a@bench.example", "A", kek=kek))
        with actor(vault.target, "bench", None, application="dsvault bench") as user:
            work.say("insert")
            inserts = _Inserts(vault, user, work.size["batch"])
            found = [compare(inserts.against_bare(), work.rounds)]
            work.say("insert, without one promise each")
            found.append(compare(inserts.without_pieces(), work.rounds))
        work.say("seed")
        return [*found, compare(_parts(vault, work.size["records"]), work.rounds)]


@contextmanager
def _kek() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "kek"
        path.touch(0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
        yield f"file:{path}"


class _Inserts:
    """Statements of many records, in transactions that are rolled back."""

    def __init__(self, vault: BenchVault, user: Actor, rows: int) -> None:
        with vault.session() as session:
            run_script(session, "seed/bare")
            session.run([Query("GRANT ALL ON SCHEMA bench TO dsvault_app")])
            session.run([Query("GRANT ALL ON bench.records TO dsvault_app")])
        keys = keys_of(user)
        self._user, self._rows = user, rows
        self._dataset_id, self._version_id = _draft(user, keys)
        writer = RecordWriter(
            user.tenant_id, self._dataset_id, keys.data, keys.hashes, batch_rows=rows
        )
        [self._warm_up] = _encrypted(writer, _WARM_UP)
        [self._batch] = _encrypted(writer, rows)
        self._clock = ServerClock(user.session)
        self._bare = sql.SQL(bench_sql("seed/insert")).format()

    def against_bare(self) -> Task:
        """The vault against a table that promises nothing."""
        return Task(
            f"insert, {self._rows:,} records",
            self._clock.unit,
            {
                "bare table": lambda: self._cost(self._into_bare),
                "vault": lambda: self._cost(self._into_vault),
            },
            {"vault": _INSERT},
        )

    def without_pieces(self) -> Task:
        """The vault against itself, with one of its promises taken away."""
        return Task(
            f"without, {self._rows:,} records",
            self._clock.unit,
            {"nothing": lambda: self._cost(self._into_vault)}
            | {piece.replace("_", " "): partial(self._without, piece) for piece in _PIECES},
        )

    def _without(self, piece: str) -> float:
        return self._cost(self._into_vault, f"seed/without/{piece}")

    def _cost(self, insert: Callable[[Batch], object], before: str | None = None) -> float:
        self._user.session.run([Query("TRUNCATE dsvault.records, bench.records")])
        with self._user.transaction() as session:
            if before is not None:
                session.run([Query("RESET ROLE")])
                run_script(session, before)
                session.run([Query("SET LOCAL ROLE dsvault_app")])
            insert(self._warm_up)  # the server knows again what the change made it forget
            begun = self._clock.now()
            insert(self._batch)
            spent = self._clock.now() - begun
            session.run([Query("ROLLBACK"), Query("BEGIN")])
        return spent / self._rows

    def _into_bare(self, batch: Batch) -> object:
        place = self._dataset_id, self._version_id
        return self._user.session.fetch(Written, self._bare, *place, *_packed(batch))

    def _into_vault(self, batch: Batch) -> object:
        return insert_records(self._user.session, self._dataset_id, self._version_id, [batch])


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
