"""How large a tenant is, counted without a look at anything in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from dsvault.ops.tenant.names import find_tenant
from dsvault.ops.tenant.states import as_operator
from dsvault.queries import load

if TYPE_CHECKING:
    from datetime import datetime

    from dsvault.ops.tenant.model import Tenant
    from dsvault.target import Target


@dataclass(frozen=True, slots=True)
class Counts:
    """What is in a tenant; the deleted are not counted. used_bytes counts against the quota."""

    users: int
    active_users: int
    datasets: int
    versions: int
    published_versions: int
    active_keys: int
    last_version_at: datetime | None
    used_bytes: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A tenant and its counts."""

    tenant: Tenant
    counts: Counts

    @property
    def used_percent(self) -> float | None:
        """The share of the quota that is used; None without a quota, or with one of 0."""
        quota = self.tenant.quota_bytes
        return round(self.counts.used_bytes * 100 / quota, 1) if quota else None

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        last = self.counts.last_version_at
        return {
            "tenant": self.tenant.as_json(),
            **asdict(self.counts),
            "last_version_at": last.isoformat() if last else None,
            "used_percent": self.used_percent,
        }


def summarise(target: Target, wanted: str) -> Summary:
    """Return a tenant with its counts.

    :raises TenantError: there is no such tenant.
    :raises dsvault.ops.acting.CannotActError: the login may not act as an operator.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    with as_operator(target) as session:
        tenant = find_tenant(session, wanted)
        [counts] = session.fetch(Counts, load("tenant/summary"), tenant.id)
    return Summary(tenant, counts)
