"""Names, addresses and texts to draw from, made once by Faker for a seed.

Faker takes some 50 µs for a value; a record draws a dozen. Drawing from a few thousand values made
beforehand is as varied where it counts, and some hundred times as quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from faker import Faker

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOCALES = ["en_GB", "de_DE", "fr_FR", "es_ES"]
_NAMES = 1_000
_PLACES = 400
_WORDS = 200


@dataclass(frozen=True, slots=True)
class Pools:
    """Values to draw from."""

    first_names: Sequence[str]
    last_names: Sequence[str]
    streets: Sequence[str]
    cities: Sequence[str]
    postcodes: Sequence[str]
    companies: Sequence[str]
    jobs: Sequence[str]
    products: Sequence[str]
    sentences: Sequence[str]


@lru_cache(maxsize=4)
def make_pools(seed: int) -> Pools:
    """Return the pools of a seed: the same values whenever the same release of Faker makes them."""
    fake = Faker(_LOCALES)
    Faker.seed(seed)
    return Pools(
        first_names=[fake.first_name() for _ in range(_NAMES)],
        last_names=[fake.last_name() for _ in range(_NAMES)],
        streets=[fake.street_name() for _ in range(_PLACES)],
        cities=[fake.city() for _ in range(_PLACES)],
        postcodes=[fake.postcode() for _ in range(_PLACES)],
        companies=[fake.company() for _ in range(_PLACES)],
        jobs=[fake.job() for _ in range(_PLACES)],
        products=[f"{fake.color_name()} {fake.word()}" for _ in range(_WORDS)],
        sentences=[fake.sentence() for _ in range(_WORDS)],
    )
