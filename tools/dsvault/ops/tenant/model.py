"""A tenant as a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

OPERATOR = "dsvault_operator"


class TenantError(DsvaultError):
    """There is no such tenant, or it cannot be done to it."""


class TenantState(Enum):
    """What a tenant's users can do."""

    LIVE = "live"  # what their roles allow
    SUSPENDED = "suspended"  # nothing for the time being
    DELETED = "deleted"  # nothing, until it is restored


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant. quota_bytes None: it may store any amount."""

    id: str
    slug: str
    name: str
    created_at: datetime
    deleted_at: datetime | None
    suspended_at: datetime | None
    suspension_reason: str | None
    quota_bytes: int | None

    @property
    def state(self) -> TenantState:
        """What the tenant's users can do."""
        if self.deleted_at is not None:
            return TenantState.DELETED
        return TenantState.SUSPENDED if self.suspended_at is not None else TenantState.LIVE

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object; times are ISO 8601."""
        return {
            "id": self.id,
            "slug": self.slug,
            "name": self.name,
            "state": self.state.value,
            "created_at": self.created_at.isoformat(),
            "deleted_at": self.deleted_at.isoformat() if self.deleted_at else None,
            "suspended_at": self.suspended_at.isoformat() if self.suspended_at else None,
            "suspension_reason": self.suspension_reason,
            "quota_bytes": self.quota_bytes,
        }


@dataclass(frozen=True, slots=True)
class TenantList:
    """The tenants of a vault, by slug."""

    target: str
    tenants: Sequence[Tenant]

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {"target": self.target, "tenants": [item.as_json() for item in self.tenants]}
