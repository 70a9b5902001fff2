"""Working on the keys of one tenant, in a transaction of an operator."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from dsvault.client.keys import KeyStore
from dsvault.db import Query, connect
from dsvault.dberrors import QueryError
from dsvault.errors import DsvaultError
from dsvault.ops.acting import acting
from dsvault.ops.tenant.model import OPERATOR, Tenant
from dsvault.ops.tenant.names import find_tenant
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dsvault.client.keys import KeyRow
    from dsvault.db import Session
    from dsvault.target import Target

_APPLICATION = "dsvault key"
_TAKEN = "23505"


class KeyOperationError(DsvaultError):
    """This cannot be done with the key."""


@dataclass(frozen=True, slots=True)
class Done:
    """The answer of a query that only does something."""

    done: bool


@dataclass(frozen=True, slots=True)
class Touched:
    """The id of a key that a statement changed."""

    id: str


@dataclass(frozen=True, slots=True)
class KeyUse:
    """What becomes unreadable without a key, and whether a legal hold forbids that.

    messages is how many the key encrypted that were ever stored, removed or not.
    """

    datasets: int
    records: int
    tokens: int
    messages: int
    is_held: bool


@dataclass(frozen=True, slots=True)
class KeyList:
    """Keys of a tenant."""

    tenant: Tenant
    keys: Sequence[KeyRow]

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {"tenant": self.tenant.slug, "keys": [key.as_json() for key in self.keys]}


@dataclass(frozen=True, slots=True)
class Desk:
    """An operator's session, and the keys of the tenant that it works on."""

    session: Session
    tenant: Tenant
    keys: KeyStore

    def use(self, key_id: UUID) -> KeyUse:
        """Count what a key encrypts; reads all records of the tenant."""
        [use] = self.session.fetch(KeyUse, load("key/use"), key_id)
        return use


@contextmanager
def at_desk(target: Target, wanted: str) -> Iterator[Desk]:
    """Give the desk of a tenant within one transaction, which is committed unless an error comes.

    :raises KeyOperationError: the database refused it.
    :raises dsvault.ops.tenant.model.TenantError: there is no such tenant.
    :raises dsvault.ops.acting.CannotActError: the login may not act as an operator.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    with connect(target, application_name=_APPLICATION) as session:
        try:
            with acting(session, OPERATOR):
                session.run([Query(f"SET LOCAL ROLE {OPERATOR}")])
                tenant = find_tenant(session, wanted)
                session.fetch(Done, load("key/enter"), tenant.id)
                yield Desk(session, tenant, KeyStore(session, UUID(tenant.id)))
        except QueryError as error:
            raise _explained(error) from None


def _explained(error: QueryError) -> KeyOperationError:
    said = error.error
    if said.sqlstate == _TAKEN:
        return KeyOperationError(
            "There is an active key of this type and provider already",
            hint="dsvault key rotate replaces it and keeps the old one for reading.",
        )
    return KeyOperationError(said.message, detail=said.detail, hint=said.hint)
