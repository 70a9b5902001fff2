"""Which datasets and versions a tenant gets, and their records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from dsvault.sampledata.kinds import KINDS, PERSONAL
from dsvault.sampledata.pools import make_pools

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dsvault.sampledata.pools import Pools


@dataclass(frozen=True, slots=True)
class Profile:
    """How much there is: datasets, records in all, and users beside the administrator."""

    datasets: int
    records: int
    users: int


PROFILES: Mapping[str, Profile] = {
    "small": Profile(datasets=3, records=3_000, users=5),
    "medium": Profile(datasets=10, records=100_000, users=20),
    "large": Profile(datasets=40, records=2_000_000, users=100),
}


@dataclass(frozen=True, slots=True)
class PlannedVersion:
    """A version: how many records, and a function that draws them anew, always the same."""

    message: str
    count: int
    records: Callable[[], Iterator[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class PlannedDataset:
    """A dataset and its history, the first version first.

    personal names members of its records that are personal data, each with the type of its tokens.
    """

    name: str
    versions: Sequence[PlannedVersion]
    personal: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SamplePlan:
    """All that a tenant gets. people are names of users."""

    datasets: Sequence[PlannedDataset]
    people: Sequence[str]

    @property
    def records(self) -> int:
        """How many records there are in all versions."""
        return sum(version.count for dataset in self.datasets for version in dataset.versions)


def plan_of(profile: Profile, seed: int) -> SamplePlan:
    """Return what a tenant of a profile gets, the same for the same seed.

    A dataset has two versions; the second holds two thirds of its records.
    """
    pools = make_pools(seed)
    kinds = list(KINDS)
    each, rest = divmod(profile.records, max(profile.datasets, 1))
    datasets = []
    for index in range(profile.datasets):
        turn, kind = divmod(index, len(kinds))
        name = kinds[kind] if turn == 0 else f"{kinds[kind]}-{turn + 1}"
        count = each + (1 if index < rest else 0)
        first = count // 3
        draw = partial(_draw, kinds[kind], pools, f"{seed} {name}")
        versions = [
            PlannedVersion(message, size, partial(draw, size))
            for message, size in (("First import", first), ("Monthly update", count - first))
        ]
        datasets.append(PlannedDataset(name, versions, PERSONAL.get(kinds[kind], {})))
    chance = Random(seed)  # noqa: S311 - invented people, nothing secret
    people = [
        f"{chance.choice(pools.first_names)} {chance.choice(pools.last_names)}"
        for _ in range(profile.users)
    ]
    return SamplePlan(datasets, people)


def _draw(kind: str, pools: Pools, seed: str, count: int) -> Iterator[dict[str, Any]]:
    """Draw records; a longer version begins as a shorter one does."""
    chance, draw = Random(seed), KINDS[kind]  # noqa: S311 - see above
    for number in range(1, count + 1):
        yield draw(chance, pools, number)
