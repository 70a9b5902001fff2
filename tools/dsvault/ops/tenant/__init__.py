"""Tenants, as an operator sees them.

    list_tenants(target) -> TenantList
    suspend(target, "acme", "unpaid") -> Turned
    resume(target, "acme") -> Turned
    close(target, "acme") -> Turned
    restore(target, "acme") -> Turned
    erase(target, "acme", "acme", batch_rows=10_000) -> Erasure

A tenant is named by its slug or its id. The login must be a member of dsvault_operator, or be able
to grant itself that.
"""

from __future__ import annotations

from dsvault.ops.tenant.ending import Erasure, close, erase, restore
from dsvault.ops.tenant.model import OPERATOR, Tenant, TenantError, TenantList, TenantState
from dsvault.ops.tenant.names import find_tenant, find_tenant_as_operator
from dsvault.ops.tenant.states import Turned, list_tenants, resume, suspend

__all__ = [
    "OPERATOR",
    "Erasure",
    "Tenant",
    "TenantError",
    "TenantList",
    "TenantState",
    "Turned",
    "close",
    "erase",
    "find_tenant",
    "find_tenant_as_operator",
    "list_tenants",
    "restore",
    "resume",
    "suspend",
]
