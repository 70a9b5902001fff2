"""List tenants; suspend and resume one."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.db import Query, connect
from dsvault.dberrors import QueryError
from dsvault.ops.acting import acting
from dsvault.ops.tenant.model import OPERATOR, Tenant, TenantError, TenantList
from dsvault.ops.tenant.names import find_tenant
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.db import Session
    from dsvault.target import Target

_APPLICATION = "dsvault tenant"


@dataclass(frozen=True, slots=True)
class Turned:
    """A tenant after it was suspended or resumed; is_changed: it was not so before."""

    tenant: Tenant
    is_changed: bool

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {"tenant": self.tenant.as_json(), "changed": self.is_changed}


@dataclass(frozen=True, slots=True)
class _Answer:
    is_changed: bool


@contextmanager
def as_operator(target: Target) -> Iterator[Session]:
    """Give a session in a transaction of an operator, which is committed unless an error comes.

    :raises CannotActError: the login may neither act as an operator nor grant itself that.
    :raises TenantError: the database refused what was asked of it.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    with connect(target, application_name=_APPLICATION) as session:
        try:
            with acting(session, OPERATOR):
                session.run([Query(f"SET LOCAL ROLE {OPERATOR}")])
                yield session
        except QueryError as error:
            said = error.error
            raise TenantError(said.message, detail=said.detail, hint=said.hint) from None


def list_tenants(target: Target) -> TenantList:
    """Return all tenants but the system tenant, deleted ones too.

    :raises CannotActError: the login may neither act as an operator nor grant itself that.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    with as_operator(target) as session:
        return TenantList(target.display, session.fetch(Tenant, load("tenant/list")))


def suspend(target: Target, wanted: str, reason: str) -> Turned:
    """Let a tenant's users do nothing until it is resumed. A new reason replaces an old one.

    :raises TenantError: there is no such tenant, it is deleted, or the reason is empty.
    :raises CannotActError: the login may neither act as an operator nor grant itself that.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    with as_operator(target) as session:
        tenant = find_tenant(session, wanted)
        [answer] = session.fetch(_Answer, load("tenant/suspend"), tenant.id, reason)
        return Turned(find_tenant(session, tenant.id), answer.is_changed)


def resume(target: Target, wanted: str) -> Turned:
    """Let the users of a suspended tenant go on.

    :raises TenantError: there is no such tenant, or it is deleted.
    :raises CannotActError: the login may neither act as an operator nor grant itself that.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    with as_operator(target) as session:
        tenant = find_tenant(session, wanted)
        [answer] = session.fetch(_Answer, load("tenant/resume"), tenant.id)
        return Turned(find_tenant(session, tenant.id), answer.is_changed)
