"""Reading the trail: as the role that seals it, or as an auditor of one tenant."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from psycopg import sql

from dsvault.audit.errors import AuditError
from dsvault.audit.seals import Seal
from dsvault.db import Query, connect
from dsvault.dberrors import QueryError
from dsvault.ops.acting import CannotActError, borrow
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.db import Session
    from dsvault.target import Target

_RECORDER = "dsvault_recorder"
_OPENING = ("BEGIN ISOLATION LEVEL REPEATABLE READ", "SET LOCAL search_path = pg_catalog")
# Else the planner goes through the entries of all tenants, since the first are found sooner.
_OF_ONE = "SET LOCAL cursor_tuple_fraction = 1"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose trail is read. With a user the login's own rights count: that user needs audit:read."""

    tenant_id: str | None = None
    user_id: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no id.

        :raises AuditError: it is none, or there is a user without a tenant.
        """
        for kind, text in (("tenant", self.tenant_id), ("user", self.user_id)):
            try:
                UUID(text or str(UUID(int=0)))
            except ValueError:
                raise AuditError(
                    f"{text} is no id of a {kind}",
                    hint="Name it by its UUID: dsvault tenant list shows those of tenants.",
                ) from None
        if self.user_id and not self.tenant_id:
            raise AuditError("A user is one of a tenant", hint="Name the tenant too: --tenant ID.")


@contextmanager
def reading(target: Target, reader: Reader) -> Iterator[Session]:
    """Open one session for a block, in which the trail is read as of one moment.

    :raises AuditError: the login may not read the trail, or there is none.
    """
    with connect(target, application_name="dsvault audit") as session:
        opening = (*_OPENING, _OF_ONE) if reader.tenant_id else _OPENING
        session.run([Query(text) for text in opening])
        try:
            _become(session, reader)
            yield session
        except QueryError as error:
            raise AuditError(
                "The audit trail cannot be read",
                detail=f"{error.error.message} ({error.error.sqlstate})",
                hint="dsvault status tells whether there is a vault in this database.",
            ) from None
        finally:
            session.roll_back()


@dataclass(frozen=True, slots=True)
class _Void:
    entered: str


def _become(session: Session, reader: Reader) -> None:
    if reader.user_id:
        enter = sql.SQL("SELECT dsvault.enter($1::uuid, $2::uuid)::text AS entered")
        session.fetch(_Void, sql.Composed([enter]), reader.tenant_id, reader.user_id)
        return
    try:
        borrow(session, [_RECORDER])
    except CannotActError as error:
        raise AuditError(
            "This login may not read the whole audit trail",
            detail=error.detail,
            hint="Connect as the login that deployed the plan, or as a superuser; an auditor "
            "names his own --tenant and --user.",
        ) from None
    session.run([Query(f"SET LOCAL ROLE {_RECORDER}")])


@dataclass(frozen=True, slots=True)
class SealRow:
    """A seal as a query gives it."""

    tenant_id: str
    seal_number: int
    from_transaction: str
    to_transaction: str
    entry_count: int
    root_hash: bytes
    previous_hash: bytes
    sealed_at: str
    seal_hash: bytes

    @property
    def seal(self) -> Seal:
        """The seal as a value."""
        return Seal(
            self.tenant_id,
            self.seal_number,
            self.from_transaction,
            self.to_transaction,
            self.entry_count,
            self.root_hash,
            self.previous_hash,
            self.sealed_at,
            self.seal_hash,
        )


@dataclass(frozen=True, slots=True)
class SealWithLists(SealRow):
    """A seal with the ids and leaf hashes that it vouches for."""

    ids: list[str]
    leaf_hashes: bytes


def heads(session: Session, tenant_id: str | None) -> list[Seal]:
    """Return the last seal of each tenant."""
    return [row.seal for row in session.fetch(SealRow, load("audit/heads"), tenant_id)]


def chain(session: Session, tenant_id: str, number: int) -> list[Seal]:
    """Return a tenant's seals from a number on."""
    return [row.seal for row in session.fetch(SealRow, load("audit/chain"), tenant_id, number)]
