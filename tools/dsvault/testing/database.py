"""A vault that applications test against."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import conninfo

from dsvault.ops.deploy import DeployError, DeployOptions, deploy
from dsvault.ops.login import LoginRequest, create_login, drop_login
from dsvault.paths import project_root
from dsvault.project import open_project
from dsvault.queries import load
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

_OF_THE_LOGIN = {"user", "password", "passfile", "dbname"}


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant with the administrator that it was born with."""

    id: UUID
    slug: str
    admin_id: UUID


@dataclass(frozen=True, slots=True)
class VaultDatabase:
    """A database in which the plan is deployed; url is its superuser's."""

    url: str = field(repr=False)
    _logins: dict[str, str] = field(default_factory=dict, repr=False)
    _names: list[str] = field(default_factory=list, repr=False)

    def deploy(self) -> None:
        """Deploy and verify what of the plan is missing.

        :raises dsvault.errors.DsvaultError: that fails.
        """
        target = parse_target(self.url, environ={})
        try:
            deploy(target, open_project(folder=project_root()), DeployOptions(verify=True))
        except DeployError as error:
            raise error.cause from None

    def connect(self, **options: Any) -> psycopg.Connection:  # noqa: ANN401 - psycopg's own
        """Open a connection of the superuser, who sees and may do everything."""
        return psycopg.connect(self.url, **options)

    def url_as(self, role: str) -> str:
        """Return the URI of a login that is app, reader, auditor or operator, for an application.

        The login is made when it is asked for first. It holds a password.
        """
        if role not in self._logins:
            name = f"dsvault_pytest_{role}_{secrets.token_hex(4)}"
            password = secrets.token_urlsafe(24)
            create_login(parse_target(self.url, environ={}), LoginRequest(name, role, password))
            self._names.append(name)
            self._logins[role] = _url_of(self.url, name, password)
        return self._logins[role]

    def drop_logins(self) -> None:
        """Drop the logins that url_as made."""
        while self._names:
            drop_login(parse_target(self.url, environ={}), self._names.pop())
        self._logins.clear()


def create_tenant(connection: psycopg.Connection, slug: str) -> Tenant:
    """Create a tenant with an administrator, in the connection's transaction."""
    row = connection.execute(
        "SELECT tenant_id, admin_id FROM dsvault.create_tenant(%s, %s, %s, 'Administrator')",
        [slug, slug, f"admin@{slug}.example"],
    ).fetchone()
    if row is None:
        raise LookupError(slug)
    return Tenant(row[0], slug, row[1])


def create_user(connection: psycopg.Connection, tenant: Tenant, permissions: Iterable[str]) -> UUID:
    """Create a user who holds exactly these permissions, in the connection's transaction."""
    values = {
        "tenant_id": tenant.id,
        "email": f"user-{secrets.token_hex(4)}@{tenant.slug}.example",
        "permissions": sorted(permissions),
    }
    row = connection.execute(load("testing/create_user"), values).fetchone()
    if row is None:
        raise LookupError(tenant.slug)
    user_id: UUID = row[0]
    return user_id


def _url_of(url: str, user: str, password: str) -> str:
    """Return a superuser's URI as that of another login of the same database."""
    parts = {key: str(value) for key, value in conninfo.conninfo_to_dict(url).items()}
    place = {
        key: parts[key] for key in parts if key not in {"user", "password", "passfile", "dbname"}
    }
    database = quote(parts.get("dbname", ""), safe="")
    return (
        f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@/{database}"
        f"?{urlencode(place)}"
    )
