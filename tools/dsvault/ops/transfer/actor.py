"""Working for a tenant in the name of one of its users."""

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
from dsvault.ops.tenant import OPERATOR, find_tenant
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.db import Session
    from dsvault.ops.tenant import Tenant
    from dsvault.target import Target

_APP = "dsvault_app"
_PERMISSION = "42501"


class TransferError(DsvaultError):
    """The file cannot be brought in or out."""


@dataclass(frozen=True, slots=True)
class _User:
    id: UUID | None


@dataclass(frozen=True, slots=True)
class _Done:
    done: bool


class Actor:
    """A user of a tenant, and a session to work in."""

    def __init__(self, session: Session, tenant: Tenant, user_id: UUID) -> None:
        self.session = session
        self.tenant = tenant
        self.tenant_id = UUID(tenant.id)
        self._user_id = user_id
        self.keys = KeyStore(session, self.tenant_id)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give the session in a transaction in the user's name, committed unless an error comes.

        :raises TransferError: the database refused something.
        """
        try:
            with acting(self.session, _APP):
                self.session.run([Query(f"SET LOCAL ROLE {_APP}")])
                self.session.fetch(_Done, load("transfer/enter"), self.tenant.id, self._user_id)
                yield self.session
        except QueryError as error:
            said = error.error
            hint = said.hint
            if said.sqlstate == _PERMISSION and hint is None:
                hint = "Name with --user somebody who may, or ask for the permission."
            raise TransferError(said.message, detail=said.detail, hint=hint) from None


@contextmanager
def actor(target: Target, tenant: str, user: str | None, *, application: str) -> Iterator[Actor]:
    """Connect, and find tenant and user; user is an address, None the first administrator.

    :raises TransferError: there is no such active user.
    :raises dsvault.ops.tenant.TenantError: there is no such tenant.
    :raises dsvault.ops.acting.CannotActError: this login may not act as an operator.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    with connect(target, application_name=application) as session:
        with acting(session, OPERATOR):
            session.run([Query(f"SET LOCAL ROLE {OPERATOR}")])
            found = find_tenant(session, tenant)
            [row] = session.fetch(_User, load("transfer/find_user"), found.id, user)
        if row.id is None:
            raise TransferError(
                f"The tenant {found.slug} has no active user {user}"
                if user
                else f"The tenant {found.slug} has no active administrator",
                hint="Name the address of an active user with --user.",
            )
        yield Actor(session, found, row.id)
