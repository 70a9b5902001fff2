"""Logins: roles that can log in, members of one of the vault's group roles.

    create_login(target, LoginRequest("orders", "app", password)) -> Login
    list_logins(target) -> LoginList
    drop_login(target, "orders") -> Login

A login's search_path is the vault's schema. It may be bound to one tenant: its sessions then begin
with app.current_tenant_id set. That is a default, no wall: a session may set another.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from psycopg import sql

from dsvault.db import Query, connect
from dsvault.dberrors import QueryError
from dsvault.errors import DsvaultError
from dsvault.ops.acting import CannotActError
from dsvault.ops.tenant import TenantError, TenantState, find_tenant_as_operator
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.db import Session
    from dsvault.ops.tenant import Tenant
    from dsvault.target import Target

KINDS = ("app", "reader", "auditor", "operator")
SEARCH_PATH = "dsvault"
_APPLICATION = "dsvault login"
_LONGEST_NAME = 63  # bytes; the server would cut the rest off

_DUPLICATE = "42710"
_FORBIDDEN = "42501"
_UNKNOWN = "42704"
_RESERVED = "42939"
_IN_USE = "2BP01"
_PATH_STEP = 2  # the statement before the one that binds a tenant


class LoginError(DsvaultError):
    """The login cannot be created, or dropped."""


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """A login to create. kind is one of KINDS; tenant a slug or an id, None for any tenant."""

    name: str
    kind: str
    password: str = field(repr=False)
    tenant: str | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """A login as it is. roles are kinds; tenant_id is what its sessions here begin with."""

    name: str
    roles: Sequence[str]
    tenant_id: str | None = None
    valid_until: str | None = None
    sessions: int = 0

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {**asdict(self), "roles": list(self.roles)}


@dataclass(frozen=True, slots=True)
class LoginList:
    """The logins of a server that can use the vault, by name."""

    target: str
    logins: Sequence[Login]

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {"target": self.target, "logins": [login.as_json() for login in self.logins]}


def create_login(target: Target, request: LoginRequest) -> Login:
    """Create a login, all of it or nothing.

    The password leaves this process only as a SCRAM verifier.

    :raises LoginError: the name is taken or is no name, the password is empty, there is no such
        tenant, or our own login may not create it, or may not bind it to a tenant.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    _check_request(request)
    with connect(target, application_name=_APPLICATION) as session:
        tenant = _live_tenant(session, request.tenant) if request.tenant else None
        steps = _creation(session, request, tenant)
        try:
            session.run([Query(session.text(step)) for step in steps])
        except QueryError as error:
            raise _explained(error, request) from None
    return Login(request.name, [request.kind], tenant.id if tenant else None)


def list_logins(target: Target) -> LoginList:
    """Return the logins that are members of the vault's group roles.

    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    with connect(target, application_name=_APPLICATION) as session:
        return LoginList(target.display, _logins(session))


def drop_login(target: Target, name: str) -> Login:
    """Drop a login and return what it was. Its open sessions are left without any right.

    :raises LoginError: there is no such login of the vault, it owns something, or our own login may
        not drop it.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    with connect(target, application_name=_APPLICATION) as session:
        found = {login.name: login for login in _logins(session)}
        if name not in found:
            raise LoginError(
                f"There is no login {name} of the vault",
                hint="dsvault login list shows them; other roles are left alone.",
            )
        drop = sql.SQL("DROP ROLE {}").format(sql.Identifier(name))
        try:
            session.run([Query(session.text(drop))])
        except QueryError as error:
            raise _not_dropped(error, name) from None
    return found[name]


def _logins(session: Session) -> list[Login]:
    return session.fetch(Login, load("login/list"), [f"dsvault_{kind}" for kind in KINDS])


def _check_request(request: LoginRequest) -> None:
    size = len(request.name.encode())
    if not 0 < size <= _LONGEST_NAME or "\0" in request.name:
        raise LoginError(f"A login's name has 1 to {_LONGEST_NAME} bytes", detail=f"{size} bytes")
    if request.kind not in KINDS:
        raise LoginError(f"A login is no {request.kind}", hint=f"Name one of {', '.join(KINDS)}.")
    if not request.password or "\0" in request.password:
        raise LoginError(
            "A login needs a password that is not empty and holds no zero byte",
            hint="--generate makes one.",
        )


def _live_tenant(session: Session, wanted: str) -> Tenant:
    """Return a live tenant.

    :raises LoginError: there is none of that name, or we may not look it up.
    """
    try:
        tenant = find_tenant_as_operator(session, wanted)
    except TenantError as error:
        raise LoginError(error.message, hint=error.hint) from None
    except CannotActError as error:
        raise LoginError(
            "This login may not look tenants up", detail=error.detail, hint=error.hint
        ) from None
    if tenant.state is TenantState.DELETED:
        raise LoginError(f"The tenant {tenant.slug} is deleted", hint="Name a live tenant.")
    return tenant


def _creation(session: Session, request: LoginRequest, tenant: Tenant | None) -> list[sql.Composed]:
    """Return the statements; the last but one binds the tenant if there is one."""
    name = sql.Identifier(request.name)
    verifier = session.password_verifier(request.name, request.password)
    create = sql.SQL(
        "CREATE ROLE {} LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {} IN ROLE {}"
    ).format(name, sql.Literal(verifier), sql.Identifier(f"dsvault_{request.kind}"))
    set_path = sql.SQL("ALTER ROLE {} SET search_path = {}").format(
        name, sql.Identifier(SEARCH_PATH)
    )
    steps = [sql.SQL("BEGIN").format(), create, set_path]
    if tenant is not None:
        database = sql.Identifier(session.dbname)
        bind = sql.SQL("ALTER ROLE {} IN DATABASE {} SET app.current_tenant_id = {}")
        steps.append(bind.format(name, database, sql.Literal(tenant.id)))
    return [*steps, sql.SQL("COMMIT").format()]


def _explained(error: QueryError, request: LoginRequest) -> DsvaultError:
    """Return what a refusal means; the message never repeats the statement."""
    said, code = error.error.message, error.error.sqlstate
    if code == _DUPLICATE:
        return LoginError(
            f"There is a role {request.name} already",
            hint="Choose another name, or drop it first: dsvault login drop",
        )
    if code == _RESERVED:
        return LoginError(
            f"The server keeps the name {request.name} for itself",
            detail=said,
            hint="Choose another name.",
        )
    if code == _UNKNOWN:
        return LoginError(
            "There is no vault on this server", detail=said, hint="Deploy it first: dsvault deploy"
        )
    if code == _FORBIDDEN and request.tenant is not None and error.index > _PATH_STEP:
        return LoginError(
            "This login may not bind another one to a tenant",
            detail=said,
            hint=(
                "A superuser can do it, or allow it by: GRANT SET ON PARAMETER"
                " app.current_tenant_id TO … Or create the login without --tenant, and let its"
                " connection strings say options=-capp.current_tenant_id=…"
            ),
        )
    if code == _FORBIDDEN:
        return LoginError(
            f"This login may not create members of dsvault_{request.kind}",
            detail=said,
            hint="Connect as the login that deployed the plan, or as a superuser.",
        )
    return LoginError(f"The login {request.name} cannot be created", detail=f"{said} ({code})")


def _not_dropped(error: QueryError, name: str) -> LoginError:
    said, detail = error.error.message, error.error.detail
    if error.error.sqlstate == _IN_USE:
        return LoginError(
            f"The login {name} owns something or holds privileges of its own",
            detail=detail or said,
            hint="See REASSIGN OWNED and DROP OWNED, in each database named, then drop it.",
        )
    if error.error.sqlstate == _FORBIDDEN:
        return LoginError(
            f"This login may not drop {name}",
            detail=said,
            hint="Connect as who created it, or as a superuser.",
        )
    return LoginError(f"The login {name} cannot be dropped", detail=said)
