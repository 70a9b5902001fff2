"""Databases for tests: empty ones, and copies of one in which the whole plan is deployed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from pytest_postgresql import factories

from dsvault.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pytest_postgresql.executors import NoopExecutor
    from tests.support.cluster import Cluster

_numbers = count(1)


@dataclass(frozen=True)
class Deployer:
    """The role that deploys: no superuser; it may create roles, and owns its database."""

    name: str
    password: str


@dataclass(frozen=True)
class Database:
    """A database of one test. Called, it gives a new connection, like connect."""

    cluster: Cluster
    name: str
    deployer: Deployer

    @property
    def url(self) -> str:
        """The deployer's URI, password included."""
        return self.cluster.url(self.name, self.deployer.name, self.deployer.password)

    @property
    def superuser_url(self) -> str:
        """The superuser's URI, password included."""
        return self.cluster.url(self.name)

    def url_as(self, user: str, password: str) -> str:
        """Return a URI for some login role."""
        return self.cluster.url(self.name, user, password)

    @contextmanager
    def connect(self, *, superuser: bool = False, **options: Any) -> Iterator[psycopg.Connection]:
        """Give a connection of the deployer or the superuser; what is not committed is undone."""
        conn = psycopg.connect(self.superuser_url if superuser else self.url, **options)
        try:
            yield conn
        finally:
            conn.close()

    __call__ = connect


def deploy_plan(url: str, *arguments: str) -> None:
    """Deploy the plan as a user would, and fail with all it said if that fails."""
    done = subprocess.run(
        [sys.executable, "-m", "dsvault", "deploy", "--verify", *arguments],
        cwd=project_root(),
        env=os.environ | {"DSVAULT_TARGET": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"the plan cannot be deployed:\n{done.stdout}", pytrace=False)


@contextmanager
def new_database(
    cluster: Cluster, deployer: Deployer, template: str | None = None
) -> Iterator[Database]:
    """Make a database, empty or as a copy of template; drop it at the end."""
    name = f"dsvault_test_{os.getpid()}_{next(_numbers)}"
    cluster.admin.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(name),
            sql.Identifier(deployer.name),
            sql.Identifier(template or "template1"),
        )
    )
    try:
        if template:
            _copy_privileges(cluster.admin, template, name)
        yield Database(cluster, name, deployer)
    finally:
        drop_database(cluster.admin, name)


def wait_for_no_session(admin: psycopg.Connection, name: str) -> bool:
    """Wait a second at most until no session uses a database; say whether it is so."""
    query = "SELECT FROM pg_catalog.pg_stat_activity WHERE datname = %s"
    deadline = time.monotonic() + 1.0
    while admin.execute(query, [name]).fetchone() is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True


def drop_database(admin: psycopg.Connection, name: str) -> None:
    """Drop a database; a session that does not end by itself within a second is ended."""
    # A session just closed takes a moment to end; DROP DATABASE would sleep 100 ms for it.
    wait_for_no_session(admin, name)
    admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _copy_privileges(admin: psycopg.Connection, template: str, name: str) -> None:
    """Give the copy what CREATE DATABASE leaves out: privileges on the database itself."""
    grants = admin.execute(
        """SELECT a.privilege_type, NULLIF(a.grantee, 0)::regrole::text
             FROM pg_catalog.pg_database AS d, pg_catalog.aclexplode(d.datacl) AS a
            WHERE d.datname = %s AND a.grantee <> d.datdba""",
        [template],
    ).fetchall()
    target = sql.Identifier(name)
    admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(target))
    for privilege, grantee in grants:
        role = sql.SQL(grantee) if grantee else sql.SQL("PUBLIC")
        admin.execute(
            sql.SQL("GRANT {} ON DATABASE {} TO {}").format(sql.SQL(privilege), target, role)
        )


@pytest.fixture(scope="session")
def deployer(server: Cluster) -> Deployer:
    """The role that owns every test's database and deployed the plan."""
    existing = server.roles()
    name, password = server.new_role("dsvault_test_deployer", "LOGIN CREATEROLE")
    for role in existing:  # of a plan deployed there before: only who made them could use them
        server.admin.execute(
            sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(
                sql.Identifier(role), sql.Identifier(name)
            )
        )
    return Deployer(name, password)


# pytest-postgresql makes this template database and drops it when the session ends.
_template = factories.postgresql_noproc(dbname="dsvault_vault", depends_on="server")


@pytest.fixture(scope="session")
def vault_template(server: Cluster, deployer: Deployer, _template: NoopExecutor) -> str:
    """The name of a template database in which the deployer deployed the whole plan, once."""
    name = _template.template_dbname
    server.admin.execute(
        sql.SQL("ALTER DATABASE {} OWNER TO {}").format(
            sql.Identifier(name), sql.Identifier(deployer.name)
        )
    )
    deploy_plan(server.url(name, deployer.name, deployer.password))
    return name


@pytest.fixture
def empty_database(server: Cluster, deployer: Deployer) -> Iterator[Database]:
    """A new database of the deployer with nothing in it."""
    with new_database(server, deployer) as database:
        yield database


@pytest.fixture
def conn(vault: Database) -> Iterator[psycopg.Connection]:
    """A superuser's connection to the vault, as which a test can act as anybody."""
    with vault.connect(superuser=True) as connection:
        yield connection
