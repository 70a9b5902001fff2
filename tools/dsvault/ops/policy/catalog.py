"""Read from a database what the matrix is compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.policy.catalog import Catalog, FoundGrant, FoundPolicy, FoundRole, Relation
from dsvault.queries import load

if TYPE_CHECKING:
    from dsvault.db import Session
    from dsvault.policy import Matrix


class NoVaultError(DsvaultError):
    """There is no vault in this database."""


@dataclass(frozen=True, slots=True)
class _Name:
    name: str


def read_catalog(session: Session, matrix: Matrix) -> Catalog:
    """Return what the catalog says; the search_path has to be pg_catalog.

    :raises NoVaultError: the plan is not deployed.
    """
    relations = session.fetch(Relation, load("policy/relations"))
    if not any(relation.schema == "dsvault" for relation in relations):
        raise NoVaultError(
            f"There is no vault in {session.target.display}",
            hint="Deploy it first: dsvault deploy",
        )
    names = [role.name for role in matrix.roles if not role.is_public]
    permissions = session.fetch(_Name, load("policy/permissions"))
    return Catalog(
        tuple(relations),
        tuple(session.fetch(FoundPolicy, load("policy/policies"))),
        tuple(session.fetch(FoundGrant, load("policy/grants"))),
        tuple(session.fetch(FoundRole, load("policy/roles"), names)),
        frozenset(row.name for row in permissions),
    )
