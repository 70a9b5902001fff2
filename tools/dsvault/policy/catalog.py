"""What the catalog of a database says about who may do what, as values. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = "dsvault"
VIEW = "v"


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, partition or view. kind is the letter of pg_class; key the primary key's columns."""

    schema: str
    name: str
    kind: str
    parent: str | None
    row_security: bool
    forced: bool
    invoker: bool
    columns: Sequence[str]
    key: Sequence[str]


@dataclass(frozen=True, slots=True)
class FoundPolicy:
    """A policy; roles are sorted names, PUBLIC among them."""

    relation: str
    name: str
    command: str
    permissive: bool
    roles: Sequence[str]
    condition: str | None
    check_condition: str | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class FoundGrant:
    """A privilege on a relation, or on one of its columns, of somebody who does not own it."""

    relation: str
    grantee: str
    privilege: str
    column_name: str | None
    grantable: bool


@dataclass(frozen=True, slots=True)
class FoundRole:
    """A role of the database. bypasses: row security does not bind it."""

    name: str
    login: bool
    bypasses: bool
    member_of: Sequence[str]


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything that bears on the matrix, as one moment saw it."""

    relations: tuple[Relation, ...]
    policies: tuple[FoundPolicy, ...]
    grants: tuple[FoundGrant, ...]
    roles: tuple[FoundRole, ...]
    permissions: frozenset[str]

    def relation(self, name: str) -> Relation | None:
        """Return the relation of the vault's own schema that has a name."""
        return next((r for r in self.relations if r.schema == SCHEMA and r.name == name), None)

    def tables(self) -> list[Relation]:
        """Return what the matrix speaks about: relations of the vault's schema that hold rows."""
        return [r for r in self.relations if r.schema == SCHEMA and r.kind != VIEW and not r.parent]

    def as_json(self) -> dict[str, object]:
        """Return what bears on row security of each relation as one JSON object."""
        return {
            relation.name: {
                "schema": relation.schema,
                "partition_of": relation.parent,
                "row_security": relation.row_security,
                "forced": relation.forced,
                "policies": [asdict(policy) for policy in self.policies_of(relation.name)],
                "grants": [asdict(grant) for grant in self.grants_of(relation.name)],
            }
            for relation in self.relations
        }

    def partitions(self, of: str) -> list[Relation]:
        """Return the partitions of a table, by name."""
        return [r for r in self.relations if r.parent == of]

    def policies_of(self, relation: str) -> list[FoundPolicy]:
        """Return the policies of a relation, by name."""
        return [policy for policy in self.policies if policy.relation == relation]

    def grants_of(self, relation: str) -> list[FoundGrant]:
        """Return the privileges on a relation and its columns."""
        return [grant for grant in self.grants if grant.relation == relation]
