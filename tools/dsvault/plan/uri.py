"""The canonical form of a project's URI, which is hashed into every ID of the project.

The rules are those of Perl's URI 5.17 with URI::db 0.20, which Sqitch uses. They are older than
RFC 3986 in places (brackets are escaped outside of hosts) and know a class for many a scheme.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv6Address
from typing import TYPE_CHECKING, NamedTuple

from dsvault.plan.grammar import SPACES

if TYPE_CHECKING:
    from collections.abc import Callable

_SCHEME = r"[a-zA-Z][a-zA-Z0-9.+\-]*"
_UNRESERVED = r"A-Za-z0-9\-_.!~*'()"
_URIC = rf";/?:@&=+$,{_UNRESERVED}%"
_NOT_URIC = re.compile(rf"[^{_URIC}]")
_NOT_URIC_NOR_MARK = re.compile(rf"[^{_URIC}#]")
_NOT_HOST = re.compile(rf"[^{_URIC}\[\]]")
_NOT_AUTHORITY = re.compile(rf"[^;:@&=+$,{_UNRESERVED}%\[\]]")
_NOT_PATH = re.compile(rf"[^;/:@&=+$,{_UNRESERVED}%]")
_NOT_USER = re.compile(r"[^!$'()*,;:._~%\-+=&A-Za-z0-9]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")

_SCHEME_PART = re.compile(rf"({_SCHEME}):")
_SERVER_PARTS = re.compile(rf"((?:{_SCHEME}:)?)//([^/?#]*)(.*)\Z", re.DOTALL)
_AUTHORITY_PARTS = re.compile(rf"((?:{_SCHEME}:)?)(?://([^/?#]*))?(.*)\Z", re.DOTALL)
_SIP_PARTS = re.compile(rf"((?:{_SCHEME}:)?)([^;?]*)(.*)\Z", re.DOTALL)
_PATH_PARTS = re.compile(r"((?:[^:/?#]+:)?(?://[^/?#]*)?)([^?#]*)(.*)\Z", re.DOTALL)
_OPAQUE_PARTS = re.compile(rf"((?:{_SCHEME}:)?)([^#]*)(.*)\Z", re.DOTALL)


class UriError(ValueError):
    """The URI has no canonical form.

    Sqitch stops at `db:` without a known engine in lower case. For LDAP it has rules of their own,
    which are not supported here.
    """


class _Scheme(NamedTuple):
    """What is special about a scheme. `engine` is set for those of databases."""

    port: int | None = None
    slash: bool = False
    engine: str | None = None
    is_server: bool = True


_GENERIC = _Scheme(is_server=False)
_SCHEMES = {
    **{name: _Scheme(port) for name, port in {
        "ftp": 21, "gopher": 70, "news": 119, "nntp": 119, "nntps": 563, "pop": 110, "rlogin": 513,
        "rsync": 873, "sftp": 22, "sip": 5060, "sips": 5061, "snews": 563, "ssh": 22, "telnet": 23,
        "tn3270": 23,
    }.items()},
    **{name: _Scheme(port, slash=True) for name, port in {
        "http": 80, "https": 443, "mms": 1755, "rtsp": 554, "rtspu": 554,
    }.items()},
    **{name: _Scheme(port, engine=engine) for name, port, engine in (
        ("cassandra", 9160, "cassandra"), ("cockroach", 26257, "cockroach"),
        ("cockroachdb", 26257, "cockroach"), ("couch", 5984, "couchdb"),
        ("couchdb", 5984, "couchdb"), ("cubrid", 33000, "cubrid"), ("db2", 50000, "db2"),
        ("derby", 1527, "derby"), ("exasol", 8563, "exasol"), ("firebird", 3050, "firebird"),
        ("hive", 10000, "hive"), ("impala", 21000, "impala"), ("informix", 1526, "informix"),
        ("ingres", 1524, "ingres"), ("interbase", 3050, "interbase"), ("ldapdb", None, "ldapdb"),
        ("maria", 3306, "mysql"), ("mariadb", 3306, "mysql"), ("max", 7673, "maxdb"),
        ("maxdb", 7673, "maxdb"), ("monet", 50000, "monetdb"), ("monetdb", 50000, "monetdb"),
        ("mongo", 27017, "mongodb"), ("mongodb", 27017, "mongodb"), ("mssql", 1433, "mssql"),
        ("mysql", 3306, "mysql"), ("oracle", 1521, "oracle"), ("pg", 5432, "pg"),
        ("pgsql", 5432, "pg"), ("pgxc", 5432, "pg"), ("postgres", 5432, "pg"),
        ("postgresql", 5432, "pg"), ("postgresxc", 5432, "pg"), ("redshift", 5432, "pg"),
        ("snowflake", 443, "snowflake"), ("sqlite", None, "sqlite"), ("sqlite3", None, "sqlite"),
        ("sqlserver", 1433, "mssql"), ("sybase", 2638, "sybase"), ("teradata", 1025, "teradata"),
        ("unify", 27117, "unify"), ("vertica", 5433, "vertica"), ("yugabyte", 5433, "pg"),
        ("yugabytedb", 5433, "pg"),
    )},
}  # fmt: skip
_WITHOUT_HOST = re.compile(r"(?:data|ldapi|urn|sqlite|sqlite3):")


def stored_uri(written: str) -> str:
    """Return a project's URI as the registry stores it: unwrapped and escaped, but not canonical.

    :raises UriError: see there.
    """
    text = _unwrap(written)
    nested = _nested(text)
    return f"{text[:2]}:{nested.text}" if nested else _make(text).text


def canonical_uri(written: str) -> str:
    """Return the canonical form that is hashed. For `db:pg://...` it lacks the `db:`.

    :raises UriError: see there.
    """
    text = _unwrap(written)
    return (_nested(text) or _make(text)).canonical().text


def _unwrap(text: str) -> str:
    text = re.sub(r"\A<(?:URL:)?(.*)>\Z", r"\1", text)
    return re.sub(r'\A"(.*)"\Z', r"\1", text).strip(SPACES)


def _nested(text: str) -> _Uri | None:
    """Return the inner URI of `db:engine:...`, or None for any other."""
    if text[:3].lower() != "db:":
        return None
    inner = _make(_unwrap(text[3:]))
    if inner.scheme.engine is not None:
        return inner
    name = inner.scheme_name
    if name.lower() == "db" or name != name.lower():
        raise UriError(f"the %uri {text} names no database engine in lower case")
    # Whatever it is, it is taken for a database that nobody knows.
    return _Uri(inner.text, _Scheme(engine=""))


def _make(text: str) -> _Uri:
    match = _SCHEME_PART.match(text)
    name = match[1].lower() if match else ""
    if name in {"ldap", "ldaps", "ldapi"}:
        raise UriError(f"the %uri {text} is an LDAP URI, which is not supported")
    scheme = _SCHEMES.get(name, _GENERIC)
    if scheme.is_server:
        text = _encode_server(text)
    text = _restore_brackets(_NOT_URIC_NOR_MARK.sub(_escape_text, text))
    return _Uri(text, scheme)


def _escape_text(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode())


def _escape_byte(match: re.Match[str]) -> str:
    # What was unescaped is bytes again, each as the character of its number.
    return "".join(f"%{byte:02X}" for byte in match[0].encode("latin-1"))


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _split_authority(authority: str) -> tuple[str, str, str]:
    """Split into user with its @, host, and port with its colon."""
    user, at, host = authority.rpartition("@")
    port = re.search(r":\d+\Z", host)
    return user + at, host[: port.start()] if port else host, port[0] if port else ""


def _encode_server(text: str) -> str:
    match = _SERVER_PARTS.match(text)
    if match is None:
        return text
    scheme, authority, rest = match.groups()
    user, host, port = _split_authority(authority)
    return f"{scheme}//{user}{_encode_host(host, _lower_text)}{port}{rest}"


def _lower_text(text: str) -> str:
    # One by one, because Python (unlike Perl) gives a Greek sigma another form at a word's end.
    return "".join(character.lower() for character in text)


def _lower_bytes(text: str) -> str:
    return re.sub("[A-Z]+", lambda match: match[0].lower(), text)


def _encode_host(host: str, lower: Callable[[str], str]) -> str:
    """Return a host name in punycode; as it is if it needs none, or cannot be encoded."""
    if not _NOT_HOST.search(host):
        return host
    labels = host.split(".")
    end = [labels.pop()] if len(labels) > 1 and not labels[-1] else []
    encoded = [_encode_label(label, lower) for label in labels]
    if any(label is None or not 0 < len(label) < 64 for label in encoded):
        return host
    return ".".join([label or "" for label in encoded] + end)


def _encode_label(label: str, lower: Callable[[str], str]) -> str | None:
    if label.isascii():
        return label
    label = lower(label)
    if label.isascii():
        return label
    return None if label.startswith("xn--") else "xn--" + label.encode("punycode").decode()


def _restore_brackets(text: str) -> str:
    """Put back the brackets of an IPv6 host, which were escaped with all others."""
    if "%" not in text or _WITHOUT_HOST.match(text):
        return text
    if text.startswith("mailto:"):
        return _brackets(text)
    match = re.match(rf"((?:{_SCHEME}:)?)//([^/?#]+)", text)
    if match is None:
        return text
    user, host, port = _split_authority(match[2])
    return text.replace(match[2], f"{user}{_brackets(host)}{port}", 1)


def _brackets(text: str) -> str:
    return re.sub("%5D", "]", re.sub("%5B", "[", text, flags=re.IGNORECASE), flags=re.IGNORECASE)


@dataclass(slots=True)
class _Uri:
    """An escaped URI on its way to the canonical form."""

    text: str
    scheme: _Scheme

    @property
    def scheme_name(self) -> str:
        match = _SCHEME_PART.match(self.text)
        return match[1] if match else ""

    def canonical(self) -> _Uri:
        name = self.scheme_name.lower()
        namespace = self._opaque[1].partition(":")[0]
        if self.scheme_name != name:
            self.set_scheme(name)
        self.text = _ESCAPE.sub(_canonical_escape, self.text)
        if name == "urn" and "%" not in namespace and namespace != _lower_bytes(namespace):
            start, opaque, rest = self._opaque
            opaque = re.sub(r"\A[^:]*", _lower_bytes(namespace), opaque)
            self.text = start + _NOT_URIC.sub(_escape_byte, opaque) + rest
        elif name == "file":
            self._drop_localhost()
        elif self.scheme.is_server:
            self._canonical_server()
        if self.scheme.engine and self.scheme.engine != name:
            self.set_scheme(self.scheme.engine)
        return self

    def set_scheme(self, name: str) -> None:
        self.text = _make(name + self.text[len(self.scheme_name) :]).text

    @property
    def _authority_parts(self) -> re.Pattern[str]:
        return _SIP_PARTS if self.scheme.port in {5060, 5061} else _AUTHORITY_PARTS

    @property
    def authority(self) -> str | None:
        match = self._authority_parts.match(self.text)
        return match[2] if match else None

    def set_authority(self, authority: str) -> None:
        match = self._authority_parts.match(self.text)
        assert match is not None  # noqa: S101 - every part of the pattern may be empty
        start, _, rest = match.groups()
        if self._authority_parts is _SIP_PARTS:
            self.text = start + _NOT_URIC.sub(_escape_byte, authority) + rest
            return
        self.text = f"{start}//{_canonical_authority(authority)}"
        self.text += _path_prefix(rest, self.text) + rest

    @property
    def _opaque(self) -> tuple[str, str, str]:
        match = _OPAQUE_PARTS.match(self.text)
        assert match is not None  # noqa: S101 - every part of the pattern may be empty
        return match[1], match[2], match[3]

    def _drop_localhost(self) -> None:
        if self.authority is None or self.authority.lower() == "localhost":
            self.set_authority("")

    def _canonical_server(self) -> None:
        authority = self.authority
        if authority is not None:
            user, _, _ = _split_authority(authority)
            host = re.sub(r":\d+\Z", "", authority.rpartition("@")[2])
            host = _unescape(re.sub(r"\A\[(.*)\]\Z", r"\1", host, flags=re.DOTALL))
            has_default_port = self._has_default_port(authority)
            if re.search("[A-Z]", host):
                self._set_host(user, host)
            if has_default_port:
                self.set_authority(re.sub(r":\d*\Z", "", self.authority or ""))
        if self.scheme.slash and self.authority is not None:
            match = _PATH_PARTS.match(self.text)
            if match and not match[2] and not match[3].startswith("?"):
                self.text = f"{match[1]}/{match[3]}"

    def _set_host(self, user: str, host: str) -> None:
        port_match = re.search(r":\d+\Z", self.authority or "")
        port = port_match[0] if port_match else ""
        # The host is bytes here; only its ASCII letters have a lower case.
        host = _lower_bytes(host).replace("@", "%40")
        own_port = re.search(r":\d*\Z", host) if re.match(r"[^:]*:\d*\Z|.*\]:\d*\Z", host) else None
        if own_port:
            host, port = host[: own_port.start()], own_port[0]
        if ":" in host and not host.startswith("["):
            host = f"[{host}]"
        self.set_authority(f"{user}{_encode_host(host, _lower_bytes)}{port}")

    def _has_default_port(self, authority: str) -> bool:
        port = re.search(r":(\d*)\Z", authority)
        # Perl reads a port that is not known as 0.
        return port is not None and (not port[1] or int(port[1]) == (self.scheme.port or 0))


def _canonical_escape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if re.match(f"[{_UNRESERVED}]", character) else match[0].upper()


def _canonical_authority(authority: str) -> str:
    authority = _NOT_AUTHORITY.sub(_escape_byte, authority)
    user, at, host = authority.rpartition("@")
    if not host:
        return authority
    user = re.sub(r"%40\Z", "@", _NOT_USER.sub(_escape_byte, user + at))
    return user + (f"[{host}]" if _is_raw_ipv6(host) else host)


def _is_raw_ipv6(host: str) -> bool:
    try:
        IPv6Address(host)
    except AddressValueError:
        return False
    return True


def _path_prefix(path: str, before: str) -> str:
    """Return the slash that must stand between an authority and a path without one."""
    return "/" if "/" in before and path and path[0] not in "/?#" else ""
