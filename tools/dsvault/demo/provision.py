"""Provision one tenant of the demonstration, as an operator and as its own people."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.db import Query
from dsvault.demo.people import customers
from dsvault.demo.sealing import Sealer, canonical, digest
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dsvault.db import Session
    from dsvault.demo.people import Company, Person

_DEFINITION = {
    "type": "object",
    "required": ["number", "name", "email"],
    "properties": {
        "number": {"type": "integer"},
        "name": {"type": "string"},
        "email": {"type": "string", "format": "email"},
        "born": {"type": "integer"},
    },
}
_PII = {"/name": {"type": "name"}, "/email": {"type": "email"}}


@dataclass(frozen=True, slots=True)
class Made:
    """The id of a row that was inserted."""

    id: str


@dataclass(frozen=True, slots=True)
class Done:
    """The answer of a query that only does something."""

    done: bool


@dataclass(frozen=True, slots=True)
class Written:
    """How much a bulk statement wrote."""

    rows: int
    bytes: int = 0


def act_as(session: Session, company: Company, person: Person) -> None:
    """Let the rest of the transaction act as an application on behalf of a person."""
    session.run([Query("SET LOCAL ROLE dsvault_app")])
    session.fetch(Done, load("demo/enter"), company.id, person.id)


def provision(session: Session, company: Company) -> None:
    """Write one company's tenant within the open transaction."""
    admin, scientist = company.people[0], company.people[1]
    session.run([Query("SET LOCAL ROLE dsvault_operator")])
    session.fetch(
        Done, load("demo/create_tenant"),
        company.slug, company.name, admin.email, admin.name, company.id, admin.id,
    )  # fmt: skip
    act_as(session, company, admin)
    _invite(session, company.people[1:])
    sealer = Sealer()
    schema_id = _made(session, "demo/schema", "person", json.dumps(_DEFINITION), "A person.")
    key_id = _made(session, "demo/key", sealer.wrapped_key())

    act_as(session, company, scientist)
    people = customers(company)
    masked = [{**record, "name": "***", "email": "***"} for record in people]
    desk = _Desk(session, company, sealer, schema_id, key_id)
    original = desk.dataset(company.datasets[0], people, _PII)
    anonymous = desk.dataset(company.datasets[1], masked, None)
    _made(session, "demo/lineage", anonymous[0], original[0])

    act_as(session, company, admin)
    for version_id, written in (original, anonymous):
        _made(session, "demo/publish", version_id, written.rows, written.bytes)
    _tokens(session, company, sealer, people)


def _invite(session: Session, people: Sequence[Person]) -> None:
    """Make users and grant them their roles, as the administrator whom the transaction acts as."""
    session.fetch(
        Written, load("demo/users"),
        [person.id for person in people],
        [person.name for person in people],
        [person.email for person in people],
    )  # fmt: skip
    granted = [person for person in people if person.role]
    session.fetch(
        Written, load("demo/grants"),
        [person.id for person in granted],
        [person.role for person in granted],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Desk:
    """What a data scientist works with."""

    session: Session
    company: Company
    sealer: Sealer
    schema_id: str
    key_id: str

    def dataset(
        self,
        name: str,
        records: Sequence[Mapping[str, object]],
        annotations: Mapping[str, object] | None,
    ) -> tuple[str, Written]:
        """Write a dataset with a draft version; return that version's id and what was written."""
        about = f"{name} of {self.company.name}"
        dataset_id = _made(self.session, "demo/dataset", name, about, self.schema_id, self.key_id)
        hashes = [self.sealer.keyed_hash("record", canonical(record)) for record in records]
        tree = digest(sorted(hashes))
        path = f"{self.company.slug}/{name}/1"
        commit = digest([tree, name])
        version_id = _made(
            self.session, "demo/version", dataset_id, commit, tree, "First import", path
        )
        ids = [str(uuid.uuid4()) for _ in records]
        sealed = [
            self.sealer.encrypt(record, f"{self.company.id}/{dataset_id}/{record_id}")
            for record_id, record in zip(ids, records, strict=True)
        ]
        [written] = self.session.fetch(
            Written, load("demo/records"),
            dataset_id, version_id, ids, hashes, sealed,
            json.dumps(annotations) if annotations else None,
        )  # fmt: skip
        return version_id, written


def _tokens(
    session: Session, company: Company, sealer: Sealer, people: Sequence[Mapping[str, object]]
) -> None:
    """Write a token for the address of every tenth person."""
    addresses = [str(person["email"]) for person in people[::10]]
    session.fetch(
        Written, load("demo/tokens"),
        [sealer.keyed_hash("token/email", address.encode()) for address in addresses],
        [sealer.encrypt({"email": address}, f"{company.id}/token") for address in addresses],
    )  # fmt: skip


def _made(session: Session, query: str, *parameters: object) -> str:
    """Run an INSERT or UPDATE … RETURNING id and return that id."""
    [row] = session.fetch(Made, load(query), *parameters)
    return row.id
