"""Provision one tenant of the demonstration, as an operator and as its own people."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from dsvault.client import Written, insert_records
from dsvault.crypto import FieldRule
from dsvault.db import Query
from dsvault.demo.people import customers
from dsvault.demo.sealing import Sealer, digest
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
_PII = (FieldRule("/name", "name"), FieldRule("/email", "email"))


@dataclass(frozen=True, slots=True)
class Made:
    """The id of a row that was inserted."""

    id: str


@dataclass(frozen=True, slots=True)
class Done:
    """The answer of a query that only does something."""

    done: bool


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
    sealer = Sealer(UUID(company.id))
    schema_id = _made(session, "demo/schema", "person", json.dumps(_DEFINITION), "A person.")
    for key_type, wrapped in sealer.wrapped_keys().items():
        _made(session, "demo/key", sealer.key_ids[key_type], key_type, wrapped)

    act_as(session, company, scientist)
    people = customers(company)
    masked = [{**record, "name": "***", "email": "***"} for record in people]
    desk = _Desk(session, company, sealer, schema_id, str(sealer.key_ids["dataset"]))
    original = desk.dataset(company.datasets[0], people, _PII)
    anonymous = desk.dataset(company.datasets[1], masked, ())
    _made(session, "demo/lineage", anonymous[0], original[0])

    act_as(session, company, admin)
    for version_id, written in (original, anonymous):
        _made(session, "demo/publish", version_id, written.rows, written.bytes)
    _tokens(session, sealer, people)


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
        fields: Sequence[FieldRule],
    ) -> tuple[str, Written]:
        """Write a dataset with a draft version; return that version's id and what was written."""
        about = f"{name} of {self.company.name}"
        dataset_id = _made(self.session, "demo/dataset", name, about, self.schema_id, self.key_id)
        tree = digest(sorted(self.sealer.content_hashes(records)))
        path = f"{self.company.slug}/{name}/1"
        commit = digest([tree, name])
        version_id = _made(
            self.session, "demo/version", dataset_id, commit, tree, "First import", path
        )
        batches = self.sealer.records(UUID(dataset_id), records, fields)
        written = insert_records(self.session, UUID(dataset_id), UUID(version_id), batches)
        return version_id, written


def _tokens(session: Session, sealer: Sealer, people: Sequence[Mapping[str, object]]) -> None:
    """Write a token for the address of every tenth person."""
    addresses = [str(person["email"]) for person in people[::10]]
    made = [sealer.token("email", address) for address in addresses]
    session.fetch(
        Written, load("demo/tokens"),
        [token_id for token_id, _, _ in made],
        [hashed for _, hashed, _ in made],
        [sealed for _, _, sealed in made],
    )  # fmt: skip


def _made(session: Session, query: str, *parameters: object) -> str:
    """Run an INSERT or UPDATE … RETURNING id and return that id."""
    [row] = session.fetch(Made, load(query), *parameters)
    return row.id
