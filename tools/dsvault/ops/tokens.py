"""Tokens from the command line: one user's work in one tenant, and the counting of accesses."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from dsvault.client.keys import KeyStore
from dsvault.client.tokens import TokenVault
from dsvault.db import Query, connect
from dsvault.dberrors import QueryError
from dsvault.errors import DsvaultError
from dsvault.ops.acting import acting
from dsvault.ops.keys.session import Done, at_desk
from dsvault.ops.tenant.model import OPERATOR
from dsvault.ops.tenant.names import find_tenant
from dsvault.ops.tenant.states import list_tenants
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.db import Session
    from dsvault.target import Target

_APPLICATION = "dsvault token"
_APP = "dsvault_app"
COUNT_CALLS = 1000


class TokenOperationError(DsvaultError):
    """This cannot be done with tokens."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who works with tokens: a tenant by slug or id, and one of its users."""

    tenant: str
    user_id: UUID


@dataclass(frozen=True, slots=True)
class _Counted:
    rows: int


@contextmanager
def token_vault(target: Target, actor: Actor) -> Iterator[TokenVault]:
    """Give the tokens of a tenant to one of its users, within one transaction.

    :raises TokenOperationError: the database refused it.
    :raises dsvault.ops.tenant.model.TenantError: there is no such tenant.
    :raises dsvault.ops.acting.CannotActError: the login may not act as an application.
    """
    with connect(target, application_name=_APPLICATION) as session:
        try:
            with acting(session, OPERATOR, _APP):
                yield _entered(session, actor)
        except QueryError as error:
            said = error.error
            raise TokenOperationError(said.message, detail=said.detail, hint=said.hint) from None


def _entered(session: Session, actor: Actor) -> TokenVault:
    session.run([Query(f"SET LOCAL ROLE {OPERATOR}")])
    tenant_id = UUID(find_tenant(session, actor.tenant).id)
    session.run([Query(f"SET LOCAL ROLE {_APP}")])
    session.fetch(Done, load("token/enter"), tenant_id, actor.user_id)
    return TokenVault(session, tenant_id, KeyStore(session, tenant_id))


def count_accesses(target: Target, tenant: str | None) -> int:
    """Add noted accesses to the counters of a tenant's tokens, or of all; return how many.

    Every 1,000 calls that made them are a transaction.
    """
    names = [tenant] if tenant else [one.slug for one in list_tenants(target).tenants]
    total = 0
    for name in names:
        counted = 1
        while counted:
            with at_desk(target, name) as desk:
                [row] = desk.session.fetch(_Counted, load("token/count"), COUNT_CALLS)
                counted = row.rows
            total += counted
    return total
