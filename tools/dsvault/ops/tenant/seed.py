"""Fill a tenant with realistic data, by the way that all data takes: encrypted, by permission."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import cycle, islice, pairwise
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from dsvault.client import TokenVault
from dsvault.ops.transfer.actor import actor
from dsvault.ops.transfer.loading import Loading, VersionRequest, keys_of
from dsvault.queries import load
from dsvault.sampledata import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from uuid import UUID

    from dsvault.ops.transfer.actor import Actor
    from dsvault.ops.transfer.loading import Keys
    from dsvault.sampledata import PlannedDataset, Profile, SamplePlan
    from dsvault.target import Target

    Progress = Callable[[int], None]

_APPLICATION = "dsvault seed"
_TOKENS = 100  # of each member that is personal data, in each dataset
_ROLES = ("data_scientist", "viewer", "auditor")


@dataclass(frozen=True, slots=True)
class SeedRequest:
    """What a tenant is to get. user is in whose name, None its first administrator.

    connections is how many datasets are written at once.
    """

    tenant: str
    profile: Profile
    seed: int = 1
    user: str | None = None
    connections: int = 2


@dataclass(frozen=True, slots=True)
class Seeded:
    """What this run wrote, and what was there from one before.

    tokens are values of the datasets that it wrote which have a token now.
    """

    tenant: str
    users: int
    datasets: int
    versions: int
    records: int
    tokens: int
    found_records: int
    seconds: float

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "tenant": self.tenant,
            "users": self.users,
            "datasets": self.datasets,
            "versions": self.versions,
            "records": self.records,
            "tokens": self.tokens,
            "found_records": self.found_records,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class _Count:
    rows: int


@dataclass(frozen=True, slots=True)
class _Version:
    label: str
    id: UUID
    rows: int


@dataclass(frozen=True, slots=True)
class _Edge:
    id: UUID


def seed_tenant(
    target: Target, request: SeedRequest, progress: Progress = lambda _: None
) -> Seeded:
    """Write what is missing of a seed's data; run again it goes on, or finds all of it there.

    Datasets are written over several connections at once, each dataset over one. Progress is told
    how many of the plan's records are stored.

    :raises dsvault.ops.transfer.TransferError: the database refused something.
    :raises dsvault.crypto.CryptoError: the tenant has no key, or none that can be used.
    """
    begun = monotonic()
    plan = plan_of(request.profile, request.seed)
    with _acting(target, request) as user:
        keys_of(user)  # refuses a tenant without keys before anything is written
        users = _invite(user, plan, request.seed)
        there = _there(user, plan, request.seed)
    seeding = _Seeding(request.seed, there, progress)
    seeding.run(target, request, plan.datasets)
    return Seeded(
        user.tenant.slug,
        users,
        len(seeding.datasets),
        seeding.versions,
        seeding.records - seeding.found,
        len(seeding.tokens),
        seeding.found,
        monotonic() - begun,
    )


def _acting(target: Target, request: SeedRequest) -> AbstractContextManager[Actor]:
    return actor(target, request.tenant, request.user, application=_APPLICATION)


def _invite(user: Actor, plan: SamplePlan, seed: int) -> int:
    people = plan.people
    if not people:
        return 0
    addresses = [f"user{number}.{seed}@seed.example" for number, _ in enumerate(people)]
    roles = [role for role, _ in zip(cycle(_ROLES), people, strict=False)]
    with user.transaction() as session:
        [made] = session.fetch(_Count, load("transfer/invite"), list(people), addresses, roles)
    return made.rows


def _there(user: Actor, plan: SamplePlan, seed: int) -> dict[str, _Version]:
    """Return the versions that an earlier run published, by their labels."""
    labels = [
        _label(seed, dataset, number)
        for dataset in plan.datasets
        for number, _ in enumerate(dataset.versions, 1)
    ]
    with user.transaction() as session:
        found = session.fetch(_Version, load("transfer/loaded"), labels)
    return {version.label: version for version in found}


def _label(seed: int, dataset: PlannedDataset, number: int) -> str:
    count = dataset.versions[number - 1].count
    return f"seed {seed} {dataset.name} {number} {count}"


class _StoppedError(Exception):
    """Another connection failed; this one ends between two transactions."""


class _Seeding:
    """What all connections of one run have done together."""

    def __init__(self, seed: int, there: dict[str, _Version], progress: Progress) -> None:
        self._seed = seed
        self._there = there
        self._progress = progress
        self._lock = Lock()
        self._stopped = False
        self.versions = self.records = self.found = 0
        self.datasets: set[str] = set()
        self.tokens: set[str] = set()

    def run(self, target: Target, request: SeedRequest, datasets: Sequence[PlannedDataset]) -> None:
        """Write the datasets; the first error of a connection ends the others and is raised."""
        waiting = iter(datasets)
        with ThreadPoolExecutor(min(request.connections, max(len(datasets), 1))) as pool:
            parts = [
                pool.submit(self._work, target, request, waiting)
                for _ in range(request.connections)
            ]
            try:
                for part in as_completed(parts):
                    part.result()
            finally:
                self._stopped = True

    def _work(
        self, target: Target, request: SeedRequest, waiting: Iterator[PlannedDataset]
    ) -> None:
        with _acting(target, request) as user:
            keys = keys_of(user)
            while dataset := self._next(waiting):
                self._tokenize(user, dataset)
                ids = [
                    self._load(user, keys, dataset, number)
                    for number in range(1, len(dataset.versions) + 1)
                ]
                with user.transaction() as session:
                    for older, newer in pairwise(ids):
                        session.fetch(_Edge, load("transfer/derive"), newer, older)

    def _next(self, waiting: Iterator[PlannedDataset]) -> PlannedDataset | None:
        with self._lock:
            return next(waiting, None)

    def _tokenize(self, user: Actor, dataset: PlannedDataset) -> None:
        """Make tokens for the first values of a dataset that is not there as a whole.

        The same value has the same token, so that a run which is cut off does nothing twice.
        """
        numbers = range(1, len(dataset.versions) + 1)
        if all(_label(self._seed, dataset, number) in self._there for number in numbers):
            return
        records = list(islice(dataset.versions[0].records(), _TOKENS))
        with user.transaction() as session:
            vault = TokenVault(session, user.tenant_id, user.keys)
            tokens = {
                token
                for member, pii_type in dataset.personal.items()
                for token in vault.tokenize(pii_type, [record[member] for record in records])
            }
        with self._lock:
            self.tokens |= tokens

    def _load(self, user: Actor, keys: Keys, dataset: PlannedDataset, number: int) -> UUID:
        """Write a version unless it is there, and return its id."""
        label = _label(self._seed, dataset, number)
        if label in self._there:
            there = self._there[label]
            self._count(there.rows, found=there.rows)
            return there.id
        version = dataset.versions[number - 1]
        told = 0

        def tell(done: int) -> None:
            nonlocal told
            self._count(done - told)
            told = done

        request = VersionRequest(dataset.name, label, version.message)
        loaded = Loading(user, keys, request, tell).run(version.records())
        self._count(0, found=loaded.resumed_rows)
        with self._lock:
            self.datasets.add(dataset.name)
            self.versions += 1
        return loaded.version_id

    def _count(self, records: int, *, found: int = 0) -> None:
        """Count records that are stored now, and those that were there."""
        with self._lock:
            if self._stopped:
                raise _StoppedError
            self.records += records
            self.found += found
            self._progress(self.records)
