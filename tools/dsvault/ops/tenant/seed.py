"""Fill a tenant with realistic data, by the way that all data takes: encrypted, by permission."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle, pairwise
from time import monotonic
from typing import TYPE_CHECKING

from dsvault.ops.transfer.actor import actor
from dsvault.ops.transfer.loading import Loading, VersionRequest, keys_of
from dsvault.queries import load
from dsvault.sampledata import plan_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from dsvault.ops.transfer.actor import Actor
    from dsvault.ops.transfer.loading import Keys
    from dsvault.sampledata import PlannedDataset, PlannedVersion, Profile
    from dsvault.target import Target

    Progress = Callable[[int], None]

_APPLICATION = "dsvault seed"
_ROLES = ("data_scientist", "viewer", "auditor")


@dataclass(frozen=True, slots=True)
class SeedRequest:
    """What a tenant is to get. user is in whose name, None its first administrator."""

    tenant: str
    profile: Profile
    seed: int = 1
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Seeded:
    """What this run wrote, and what was there from one before."""

    tenant: str
    users: int
    datasets: int
    versions: int
    records: int
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

    Progress is told how many of the plan's records are stored.

    :raises dsvault.ops.transfer.TransferError: the database refused something.
    :raises dsvault.crypto.CryptoError: the tenant has no key, or none that can be used.
    """
    begun = monotonic()
    with actor(target, request.tenant, request.user, application=_APPLICATION) as user:
        seeding = _Seeding(user, keys_of(user), request, progress)
        seeding.run()
    return Seeded(
        user.tenant.slug,
        seeding.users,
        len(seeding.datasets),
        seeding.versions,
        seeding.written,
        seeding.found,
        monotonic() - begun,
    )


class _Seeding:
    """One run, from the users to the last dataset."""

    def __init__(self, user: Actor, keys: Keys, request: SeedRequest, progress: Progress) -> None:
        self._user = user
        self._keys = keys
        self._seed = request.seed
        self._plan = plan_of(request.profile, request.seed)
        self._progress = progress
        self.users = self.versions = self.written = self.found = 0
        self.datasets: set[str] = set()

    def run(self) -> None:
        self.users = self._invite()
        there = self._there()
        for dataset in self._plan.datasets:
            ids = [self._load(dataset, *item, there) for item in enumerate(dataset.versions, 1)]
            self._derive(ids)

    def _invite(self) -> int:
        people = self._plan.people
        if not people:
            return 0
        addresses = [f"user{number}.{self._seed}@seed.example" for number, _ in enumerate(people)]
        roles = [role for role, _ in zip(cycle(_ROLES), people, strict=False)]
        with self._user.transaction() as session:
            [made] = session.fetch(_Count, load("transfer/invite"), list(people), addresses, roles)
        return made.rows

    def _there(self) -> dict[str, _Version]:
        """Return the versions that an earlier run published, by their labels."""
        labels = [
            self._label(dataset, number)
            for dataset in self._plan.datasets
            for number, _ in enumerate(dataset.versions, 1)
        ]
        with self._user.transaction() as session:
            found = session.fetch(_Version, load("transfer/loaded"), labels)
        return {version.label: version for version in found}

    def _label(self, dataset: PlannedDataset, number: int) -> str:
        count = dataset.versions[number - 1].count
        return f"seed {self._seed} {dataset.name} {number} {count}"

    def _load(
        self,
        dataset: PlannedDataset,
        number: int,
        version: PlannedVersion,
        there: dict[str, _Version],
    ) -> UUID:
        """Write a version unless it is there, and return its id."""
        label = self._label(dataset, number)
        if label in there:
            self.found += there[label].rows
            self._progress(self.written + self.found)
            return there[label].id
        before = self.written + self.found
        request = VersionRequest(dataset.name, label, version.message)
        loading = Loading(
            self._user, self._keys, request, lambda done: self._progress(before + done)
        )
        loaded = loading.run(version.records())
        self.datasets.add(dataset.name)
        self.versions += 1
        self.found += loaded.resumed_rows
        self.written += loaded.rows - loaded.resumed_rows
        return loaded.version_id

    def _derive(self, ids: list[UUID]) -> None:
        with self._user.transaction() as session:
            for older, newer in pairwise(ids):
                session.fetch(_Edge, load("transfer/derive"), newer, older)
