"""Who and what the demonstration is about: pure values, the same in every run."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass

# Ids are made of names (RFC 9562, version 5), so that a second run finds what the first one made.
_NAMES = uuid.UUID("6f1d5a52-1c0e-4c57-9a55-0f5a3f1f6d3b")


@dataclass(frozen=True, slots=True)
class Person:
    """A user of a tenant and the system role that he is granted, None for no role at all."""

    name: str
    email: str
    role: str | None

    @property
    def id(self) -> str:
        """The user's id, the same in every run."""
        return str(uuid.uuid5(_NAMES, self.email))


@dataclass(frozen=True, slots=True)
class Company:
    """A tenant: its people, the administrator first, and the names of its datasets."""

    slug: str
    name: str
    people: tuple[Person, ...]
    datasets: tuple[str, str]
    record_count: int

    @property
    def id(self) -> str:
        """The tenant's id, the same in every run."""
        return str(uuid.uuid5(_NAMES, self.slug))


def _people(domain: str, *named: tuple[str, str | None]) -> tuple[Person, ...]:
    """Return people whose addresses are made of their first names."""
    return tuple(Person(name, f"{name.split()[0].lower()}@{domain}", role) for name, role in named)


COMPANIES = (
    Company(
        slug="acme",
        name="Acme Analytics",
        people=_people(
            "acme.example",
            ("Ada Lovelace", "admin"),
            ("Charles Babbage", "data_scientist"),
            ("Mary Somerville", "viewer"),
            ("Augusta Leigh", None),
        ),
        datasets=("customers", "customers-anonymised"),
        record_count=120,
    ),
    Company(
        slug="globex",
        name="Globex Health",
        people=_people(
            "globex.example",
            ("Grace Hopper", "admin"),
            ("Alan Turing", "data_scientist"),
            ("Joan Clarke", "auditor"),
            ("Konrad Zuse", None),
        ),
        datasets=("patients", "patients-anonymised"),
        record_count=80,
    ),
)

_FIRST = ("Anna", "Ben", "Chloe", "David", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas")
_LAST = ("Andersen", "Bauer", "Costa", "Dubois", "Eriksen", "Ferrari", "Garcia", "Haas", "Ito")


def customers(company: Company) -> list[dict[str, str | int]]:
    """Return the records of a company's first dataset, in plain text, always the same ones."""
    chance = random.Random(company.slug)  # noqa: S311 - invented people, nothing secret
    return [
        {
            "number": number,
            "name": f"{chance.choice(_FIRST)} {chance.choice(_LAST)}",
            "email": f"person{number}@mail.example",
            "born": chance.randint(1940, 2008),
        }
        for number in range(1, company.record_count + 1)
    ]
