"""Create a tenant whole: with its roles, its first administrator and its keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.client.keys import new_key, store_key
from dsvault.ops.tenant.model import TenantError
from dsvault.ops.tenant.names import find_tenant
from dsvault.ops.tenant.states import as_operator
from dsvault.queries import load
from dsvault.wrapping import open_provider

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from dsvault.client.keys import KeyRow
    from dsvault.ops.tenant.model import Tenant
    from dsvault.target import Target
    from dsvault.wrapping import Provider

# One key a purpose: contents, fields apart, and keyed hashes.
KEY_TYPES = ("dataset", "field", "hash")
# What a constraint refuses, in words for whoever typed it: which value, and what to type.
_REFUSED = {
    "tenants_slug_format": (
        "slug",
        "The slug cannot be one",
        "Use small letters of English, digits and hyphens, as in acme-west.",
    ),
    "tenants_slug_unique": (
        "slug",
        "There is a tenant of this slug already",
        "Choose another one; dsvault tenant list shows those that there are.",
    ),
    "users_email_format": (
        "admin_email",
        "The administrator's address is none",
        "Write it as ada@example.org.",
    ),
}


@dataclass(frozen=True, slots=True)
class TenantRequest:
    """A tenant to create. quota_bytes None: unlimited; kek None: it gets no keys yet.

    kms is the provider that wraps the keys and kek what it calls its key, as in dsvault.wrapping.
    """

    slug: str
    name: str
    admin_email: str
    admin_name: str
    quota_bytes: int | None = None
    kms: str = "local"
    kek: str | None = None


@dataclass(frozen=True, slots=True)
class Created:
    """A new tenant, its first administrator and its keys."""

    tenant: Tenant
    admin_id: str
    admin_email: str
    keys: Sequence[KeyRow]

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "tenant": self.tenant.as_json(),
            "admin": {"id": self.admin_id, "email": self.admin_email},
            "keys": [key.as_json() for key in self.keys],
        }


@dataclass(frozen=True, slots=True)
class _Made:
    tenant_id: UUID
    admin_id: UUID


@dataclass(frozen=True, slots=True)
class _Done:
    done: bool


def create_tenant(target: Target, request: TenantRequest) -> Created:
    """Create a tenant in one transaction: all of it or nothing.

    :raises TenantError: the slug is taken, or a value is not as the database has it.
    :raises dsvault.wrapping.WrapError: the provider cannot wrap keys.
    :raises dsvault.ops.acting.CannotActError: the login may not act as an operator.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    provider = open_provider(request.kms, request.kek) if request.kek else None
    try:
        return _create(target, request, provider)
    except TenantError as error:
        for constraint, (what, message, hint) in _REFUSED.items():
            if constraint in error.message:
                raise TenantError(message, detail=getattr(request, what), hint=hint) from None
        raise


def _create(target: Target, request: TenantRequest, provider: Provider | None) -> Created:
    with as_operator(target) as session:
        [made] = session.fetch(
            _Made, load("tenant/create"),
            request.slug, request.name, request.admin_email, request.admin_name,
            request.quota_bytes,
        )  # fmt: skip
        session.fetch(_Done, load("key/enter"), made.tenant_id)
        keys = [
            store_key(session, new_key(made.tenant_id, key_type, provider))
            for key_type in KEY_TYPES
            if provider is not None
        ]
        tenant = find_tenant(session, str(made.tenant_id))
    return Created(tenant, str(made.admin_id), request.admin_email, keys)
