"""Acting as roles of the vault: what a login may become, and borrowing the right to more.

The login that deployed the plan administers its roles, but does not act as them. It may grant
itself a membership; in a transaction that is rolled back nobody else ever sees it.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from psycopg import sql

from dsvault.db import Query
from dsvault.dberrors import QueryError
from dsvault.errors import DsvaultError
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dsvault.db import Session
    from dsvault.queries import Text


T = TypeVar("T")


class CannotActError(DsvaultError):
    """This login may not act as the roles of the vault."""


@dataclass(frozen=True, slots=True)
class _Name:
    name: str


@contextmanager
def acting(session: Session, *roles: str) -> Iterator[None]:
    """Open a transaction that may SET ROLE to roles; commit it, or roll it back on an error.

    Memberships that it had to borrow are given back before it is committed.

    :raises CannotActError: the login may neither act as them nor grant itself that.
    """
    session.run([Query("BEGIN")])
    try:
        borrowed = borrow(session, roles)
        yield
        revoke = sql.SQL("REVOKE {} FROM CURRENT_USER")
        back = [session.text(revoke.format(sql.Identifier(name))) for name in borrowed]
        session.run([Query("RESET ROLE"), *map(Query, back), Query("COMMIT")])
    finally:
        session.roll_back()


def ask_as(
    session: Session, role: str, row: type[T], query: Text | sql.Composed, *parameters: object
) -> list[T]:
    """Return the rows of a query that a role asks, in a transaction of its own.

    :raises CannotActError: the login may neither act as it nor grant itself that.
    """
    with acting(session, role):
        become = sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role))
        session.run([Query(session.text(become))])
        return session.fetch(row, query, *parameters)


def borrow(session: Session, roles: Sequence[str]) -> list[str]:
    """Make sure that the open transaction may SET ROLE to roles; return those that were borrowed.

    :raises CannotActError: the login may neither act as them nor grant itself that.
    """
    wanted = session.fetch(_Name, load("policy/cannot_act"), list(roles))
    borrowed = [row.name for row in wanted]
    for name in borrowed:
        grant = sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(name))
        try:
            session.run([Query(session.text(grant))])
        except QueryError as error:
            raise CannotActError(
                f"This login may not act as {name}",
                detail=error.error.message,
                hint="Connect as the login that deployed the plan, or as a superuser.",
            ) from None
    return borrowed
