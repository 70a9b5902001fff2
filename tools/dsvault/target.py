"""Which database is meant: a URI or a name of sqitch.conf becomes a Target, free of secrets.

Accepted are libpq's own `postgresql://…` and `postgres://…`, Sqitch's `db:pg:…` with its aliases,
and the `postgresql+driver://…` that other programs write into DATABASE_URL.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from dsvault.errors import DsvaultError
from dsvault.patterns import later
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DEFAULT_REGISTRY = "sqitch"

_SCHEME = re.compile(r"(?i:(?:db:)?(?:pg|postgres|postgresql)(?:\+\w+)?:)(?=(.*))", re.DOTALL)
_SECRET_PARAMETER = later(r"(?<=[?&])(?:ssl)?password=[^&]*&?", re.IGNORECASE)
_BAD_ESCAPE = later(r"%(?![0-9A-Fa-f]{2})|%00")


class TargetError(DsvaultError):
    """The target cannot be understood."""


class Target(Value):
    """A database to connect to. `display` names it in messages and never holds a password.

    `conninfo` is a libpq URI that may hold one: it is for db.py alone and is left out of the repr.
    """

    display: str
    conninfo: str
    registry: str = DEFAULT_REGISTRY
    user: str | None = None
    password: str | None = None
    is_embedded: bool = False

    def __repr__(self) -> str:
        """Return what may be shown."""
        return f"Target({self.display!r}, registry={self.registry!r}, user={self.user!r})"


class _Parts(NamedTuple):
    """The pieces of a URI as written; prefix ends before the authority's first character."""

    prefix: str
    userinfo: str
    hosts: str
    path: str
    query: str

    @property
    def has_authority(self) -> bool:
        return self.prefix.endswith("//")


def parse_target(
    uri: str,
    *,
    display: str | None = None,
    registry: str = DEFAULT_REGISTRY,
    environ: Mapping[str, str] = os.environ,
) -> Target:
    """Return the target that a URI describes.

    SQITCH_USERNAME and SQITCH_PASSWORD of environ stand above the URI's own, as they do for Sqitch.
    display replaces the URI in messages; without it a missing database name is filled in from
    PGDATABASE, the user, PGUSER or the login, which is what libpq will take.

    :raises TargetError: it is no PostgreSQL URI, or its special characters are not percent-encoded.
    """
    parts = _split(uri)
    user = environ.get("SQITCH_USERNAME") or None
    return Target(
        display=display or _display(parts, user, environ),
        conninfo=_conninfo(parts),
        registry=registry,
        user=user,
        password=environ.get("SQITCH_PASSWORD") or None,
    )


def named_target(
    name: str,
    lookup: Callable[[str], str | None],
    *,
    registry: str = DEFAULT_REGISTRY,
    environ: Mapping[str, str] = os.environ,
    overrides: Overrides | None = None,
) -> Target:
    """Return the target for what a user wrote: a URI, or the name of a [target] in sqitch.conf.

    lookup reads one key of the configuration.

    :raises TargetError: there is no target of that name, or its URI is faulty.
    """
    change = overrides or Overrides()
    if ":" in name:
        return parse_target(change.apply(name), registry=registry, environ=environ)
    uri = lookup(f"target.{name}.uri")
    if uri is None:
        raise TargetError(
            f'Cannot find target "{name}"',
            hint="Give a postgresql:// or db:pg: URI, or name a [target] of sqitch.conf.",
        )
    return parse_target(change.apply(uri), display=name, registry=registry, environ=environ)


class Overrides(NamedTuple):
    """Parts of a URI that options name; None leaves a part as it is."""

    user: str | None = None
    host: str | None = None
    port: int | None = None
    dbname: str | None = None

    def __bool__(self) -> bool:
        """Say whether there are any."""
        return any(value is not None for value in (self.user, self.host, self.port, self.dbname))

    def apply(self, uri: str) -> str:
        """Return a URI with the parts replaced.

        :raises TargetError: as parse_target says.
        """
        if not self:
            return uri
        parts = _split(uri)
        name, colon, password = parts.userinfo.removesuffix("@").partition(":")
        name = name if self.user is None else quote(self.user, safe="")
        host, port = _host_and_port(parts.hosts)
        host = host if self.host is None else _host(self.host)
        port = port if self.port is None else f":{self.port}"
        dbname = parts.path.lstrip("/") if self.dbname is None else quote(self.dbname, safe="")
        userinfo = f"{name}{colon}{password}"
        authority = f"{userinfo}@{host}{port}" if userinfo else f"{host}{port}"
        query = self._query(parts.query)
        scheme = parts.prefix.rstrip("/")
        return f"{scheme}//{authority}/{dbname}{query}" if authority else f"{scheme}{dbname}{query}"

    def _query(self, query: str) -> str:
        """Return the parameters without those that would undo what is replaced."""
        own = {"user": self.user, "host": self.host, "port": self.port, "dbname": self.dbname}
        gone = {name for name, value in own.items() if value is not None}
        kept = [item for item in query.split("&") if item and item.partition("=")[0] not in gone]
        return f"?{'&'.join(kept)}" if kept else ""


def _host_and_port(hosts: str) -> tuple[str, str]:
    bracket = hosts.rfind("]") + 1
    host, colon, port = hosts[bracket:].partition(":")
    return hosts[:bracket] + host, colon + port


def _host(name: str) -> str:
    return f"[{name}]" if ":" in name else quote(name, safe="")


def _split(uri: str) -> _Parts:
    """Cut a URI into its parts.

    :raises TargetError: as parse_target says; the message repeats no part that may be a secret.
    """
    scheme = _SCHEME.match(uri)
    if scheme is None:
        written = re.match(r"[A-Za-z][\w+.-]*:", uri)
        raise TargetError(
            "This is no URI of a PostgreSQL database",
            detail=f"{written[0]}…" if written else None,
            hint="Write postgresql://user@host:port/database, or Sqitch's db:pg: form.",
        )
    rest, _, query = scheme[1].partition("?")
    if not rest.startswith("//"):
        return _checked(_Parts(scheme[0], "", "", rest.lstrip("/"), query))
    authority, slash, path = rest[2:].partition("/")
    userinfo, at, hosts = authority.rpartition("@")
    if "@" in userinfo or "@" in path:
        raise TargetError(
            "The URI has an @ that does not separate user and host",
            hint="In a user name or password write %40 for @, %2F for /, %3A for :, %3F for ?.",
        )
    return _checked(_Parts(f"{scheme[0]}//", userinfo + at, hosts, slash + path, query))


def _checked(parts: _Parts) -> _Parts:
    if any(map(_BAD_ESCAPE.search, parts)):
        raise TargetError(
            "The URI has a % that is not followed by two hexadecimal digits",
            hint="In a user name or password write %25 for %.",
        )
    ports = [host.rpartition("]")[2].partition(":")[2] for host in parts.hosts.split(",")]
    if not all(port == "" or port.isdecimal() for port in ports):
        raise TargetError(
            "The port in the URI is not a number",
            hint="In a user name or password write %2F for /, %3A for :, %40 for @, %3F for ?.",
        )
    if not all("=" in parameter for parameter in parts.query.split("&") if parameter):
        raise TargetError(
            "The URI has something behind the ? that is no name=value",
            hint="In a user name or password write %3F for ?.",
        )
    return parts


def _conninfo(parts: _Parts) -> str:
    """Return the URI in the form that libpq reads."""
    path = parts.path if parts.has_authority else f"/{parts.path}"
    query = f"?{parts.query}" if parts.query else ""
    return f"postgresql://{parts.userinfo}{parts.hosts}{path}{query}"


def _display(parts: _Parts, user: str | None, environ: Mapping[str, str]) -> str:
    """Return the URI without passwords and with a database name."""
    name, _, _ = parts.userinfo.removesuffix("@").partition(":")
    dbname = parts.path.lstrip("/")
    if not dbname and "dbname=" not in parts.query:
        dbname = environ.get("PGDATABASE") or user or name or environ.get("PGUSER") or _login()
    slash = "/" if parts.has_authority else ""
    query = _SECRET_PARAMETER.sub("", f"?{parts.query}").rstrip("?&")
    at = "@" if name else ""
    return f"{parts.prefix}{name}{at}{parts.hosts}{slash}{dbname}{query}"


def _login() -> str:
    """Return the name of the user who runs us, or nothing for an account without a name."""
    try:
        from getpass import getuser  # noqa: PLC0415 - seldom needed

        return getuser()
    except (KeyError, OSError):
        return ""
