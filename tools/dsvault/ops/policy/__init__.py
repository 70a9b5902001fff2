"""Compare a database with the declared matrix, and prove every cell of it there.

inspect(target, matrix) -> Inspection       what the catalog says and where that differs
prove(target, matrix, tables=, roles=) -> Proof
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from dsvault.db import Query, connect
from dsvault.ops.policy import prove as trials
from dsvault.ops.policy.catalog import read_catalog
from dsvault.ops.policy.stage import open_stage
from dsvault.policy.cells import cells
from dsvault.policy.differences import compare
from dsvault.policy.errors import MatrixError
from dsvault.policy.proof import Proof

if TYPE_CHECKING:
    from collections.abc import Collection

    from dsvault.db import Session
    from dsvault.policy import Matrix
    from dsvault.policy.catalog import Catalog
    from dsvault.policy.differences import Difference
    from dsvault.target import Target

_READING = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    "SET LOCAL search_path = pg_catalog",
)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a database's catalog says, and where that is not what the matrix declares."""

    target: str
    catalog: Catalog
    differences: tuple[Difference, ...]

    def as_json(self) -> dict[str, object]:
        """Return catalog and differences as one JSON object."""
        return {
            "target": self.target,
            "catalog": self.catalog.as_json(),
            "differences": [difference.as_json() for difference in self.differences],
        }


def inspect(target: Target, matrix: Matrix) -> Inspection:
    """Compare what a database's catalog says with the matrix. Changes nothing.

    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    :raises NoVaultError: the plan is not deployed.
    """
    with connect(target, application_name="dsvault policy matrix") as session:
        session.run([Query(text) for text in _READING])
        catalog = read_catalog(session, matrix)
        session.roll_back()
    return Inspection(target.display, catalog, compare(matrix, catalog))


def prove(
    target: Target,
    matrix: Matrix,
    *,
    tables: Collection[str] | None = None,
    roles: Collection[str] | None = None,
) -> Proof:
    """Prove every cell, or those of some tables and roles, in one transaction that is rolled back.

    :raises MatrixError: a table or role is not in the matrix.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    :raises NoVaultError: the plan is not deployed.
    :raises CannotActError: the login may not act as the roles of the matrix.
    :raises StageError: the two tenants of the test cannot be set up.
    """
    with connect(target, application_name="dsvault policy test") as session:
        return prove_on(session, matrix, tables=tables, roles=roles)


def prove_on(
    session: Session,
    matrix: Matrix,
    *,
    tables: Collection[str] | None = None,
    roles: Collection[str] | None = None,
) -> Proof:
    """Prove as prove does, on an open session.

    A transaction that is open is used, with what it has changed, and rolled back: so a change to
    policies can be tried before it is committed.
    """
    _known("role", roles, [role.key for role in matrix.roles])
    begun, at = monotonic(), datetime.now(UTC)
    with open_stage(session, matrix) as stage:
        there = [relation.name for relation in stage.catalog.relations]
        _known("table", tables, [*(table.name for table in matrix.tables), *there])
        wanted = cells(matrix, stage.catalog, stage.sample, tables=tables, roles=roles)
        outcomes = tuple(trials.prove(stage, wanted))
        release = stage.login.release
    return Proof(
        target=session.target.display,
        server=f"PostgreSQL {release}",
        at=at.isoformat(timespec="seconds"),
        seconds=monotonic() - begun,
        outcomes=outcomes,
    )


def _known(what: str, names: Collection[str] | None, known: Collection[str]) -> None:
    for name in names or ():
        if name not in known:
            raise MatrixError(
                f"There is no {what} {name}", hint=f"Name one of: {', '.join(sorted(set(known)))}"
            )
