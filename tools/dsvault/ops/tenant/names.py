"""Which tenant is meant by a slug or an id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.db import Query
from dsvault.ops.acting import borrow
from dsvault.ops.tenant.model import OPERATOR, Tenant, TenantError
from dsvault.policy.conditions import SYSTEM_TENANT
from dsvault.queries import load

if TYPE_CHECKING:
    from dsvault.db import Session


def find_tenant(session: Session, wanted: str) -> Tenant:
    """Return the tenant of a slug or an id, deleted or not, as the operator that one acts as.

    :raises TenantError: there is none.
    """
    found = session.fetch(Tenant, load("tenant/find"), wanted)
    if not found or found[0].id == SYSTEM_TENANT:
        raise TenantError(
            f"There is no tenant {wanted}",
            hint="Name a tenant by its slug or its id: dsvault tenant list shows them.",
        )
    return found[0]


def find_tenant_as_operator(session: Session, wanted: str) -> Tenant:
    """Look a tenant up in a transaction of its own, of which nothing stays.

    :raises TenantError: there is none.
    :raises CannotActError: the login may neither act as an operator nor grant itself that.
    """
    session.run([Query("BEGIN")])
    try:
        borrow(session, [OPERATOR])
        session.run([Query(f"SET LOCAL ROLE {OPERATOR}")])
        return find_tenant(session, wanted)
    finally:
        session.roll_back()
