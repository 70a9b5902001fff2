"""The server that the tests run on: an embedded one of our own, or any other by --pg."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
import pytest
from packaging.specifiers import SpecifierSet
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from dsvault.server import temporary_server
from dsvault.server.binaries import find_binaries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dsvault.server import EmbeddedServer


@dataclass(frozen=True)
class Cluster:
    """A running server and a superuser's way to it.

    The attributes up to template_dbname are those that pytest-postgresql's factories ask for.
    """

    host: str
    port: int
    user: str
    password: str
    version: str
    admin: psycopg.Connection
    bin_dir: Path | None = None
    embedded: EmbeddedServer | None = None
    options: str = ""
    maintenance_dbname: str = "postgres"
    template_dbname: str = "template1"

    def url(self, dbname: str, user: str | None = None, password: str | None = None) -> str:
        """Return a URI with password; without user it is the superuser's."""
        name, word = (user, password or "") if user else (self.user, self.password)
        place = f"host={quote(self.host, safe='')}&port={self.port}"
        return f"postgresql://{quote(name)}:{quote(word, safe='')}@/{quote(dbname)}?{place}"

    def new_role(self, stem: str, attributes: str = "LOGIN") -> tuple[str, str]:
        """Make a role of a name used by nobody else; return name and password.

        It goes when the session ends: roles belong to the server, so other tests could see it.
        """
        name, password = f"{stem}_{secrets.token_hex(4)}", secrets.token_urlsafe(12)
        self.admin.execute(
            sql.SQL("CREATE ROLE {} {} PASSWORD {}").format(
                sql.Identifier(name), sql.SQL(attributes), sql.Literal(password)
            )
        )
        return name, password

    def roles(self) -> set[str]:
        """Return the names of all roles of the project, the plan's and the tests'."""
        query = "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname LIKE 'dsvault%'"
        return {row[0] for row in self.admin.execute(query)}

    def drop_roles(self, kept: set[str]) -> None:
        """Drop all roles of the project but those."""
        for name in self.roles() - kept:
            self.admin.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
        for name in self.roles() - kept:
            self.admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--pg",
        default="18",
        metavar="SPEC",
        help="the server to test on: a major version that comes with dsvault (18, 16), a bin "
        "directory (/usr/lib/postgresql/15/bin), or the URI of a running server's superuser",
    )


def pytest_report_header(config: pytest.Config) -> str:
    spec = config.getoption("--pg")
    return f"server: PostgreSQL {server_version(spec)} ({_origin(spec)})"


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("pg"):
        version = server_version(item.config.getoption("--pg"))
        if version not in SpecifierSet(mark.args[0], prereleases=True):
            pytest.skip(f"needs PostgreSQL {mark.args[0]}, this is {version}")


def is_uri(spec: str) -> bool:
    return spec.startswith(("postgresql://", "postgres://"))


def server_version(spec: str, _known: dict[str, str] = {}) -> str:  # noqa: B006 - a cache
    """Return the version that --pg names, without starting an embedded server."""
    if spec not in _known:
        if is_uri(spec):
            with psycopg.connect(spec) as conn:
                _known[spec] = _version_of(conn)
        else:
            _known[spec] = find_binaries(spec).version
    return _known[spec]


def _origin(spec: str) -> str:
    return "running server" if is_uri(spec) else find_binaries(spec).origin


def _version_of(conn: psycopg.Connection) -> str:
    number = conn.info.server_version
    return f"{number // 10000}.{number % 10000}"


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """The server of this test run, with an administrator's connection in autocommit."""
    spec = request.config.getoption("--pg")
    with ExitStack() as stack:
        embedded = None if is_uri(spec) else stack.enter_context(temporary_server(spec))
        url = embedded.url("postgres", with_password=True) if embedded else spec
        admin = stack.enter_context(psycopg.connect(url, autocommit=True))
        given = conninfo_to_dict(url)
        cluster = Cluster(
            host=str(given.get("host") or admin.info.host),
            port=admin.info.port,
            user=admin.info.user,
            password=admin.info.password,
            version=_version_of(admin),
            admin=admin,
            bin_dir=embedded.bin_dir if embedded else None,
            embedded=embedded,
        )
        if embedded is None:
            stack.callback(cluster.drop_roles, kept=cluster.roles())
        yield cluster
