"""pytest fixtures for applications that keep their data in a vault.

    def test_the_orders_page_shows_its_own_tenant_only(make_tenant, as_tenant, assert_isolated):
        acme, globex = make_tenant(), make_tenant()
        for tenant in (acme, globex):
            with as_tenant(tenant, tenant.admin_id) as connection:
                my_application.import_samples(connection)
        assert_isolated("SELECT * FROM dsvault.datasets")

| fixture | what it gives |
|---|---|
| dsvault_database | a database with the plan deployed, for the whole session: `url`, `connect()`, and `url_as("app")`, the URI of a login for the application itself |
| dsvault_connection | a superuser's connection to it; a transaction that is rolled back when the test ends |
| make_tenant | `make_tenant()` makes a tenant in that transaction: `id`, `slug`, `admin_id` |
| make_user | `make_user(tenant, "dataset:read", …)` makes a user who holds just that, and returns his id |
| as_tenant | `with as_tenant(tenant, user) as connection:` acts as this user, in the role dsvault_app |
| assert_isolated | `assert_isolated(query)` fails unless each tenant sees its own rows, all of them, and no others |

Without an option the database is on a temporary server of its own, which comes with dsvault.
`--dsvault-target URI` names another one, as its superuser; what of the plan is missing is deployed.
"""  # noqa: E501 - a table

from __future__ import annotations

from contextlib import ExitStack
from secrets import token_hex
from typing import TYPE_CHECKING, Any, LiteralString

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from uuid import UUID

    from psycopg import Connection

    from dsvault.testing import Tenant, VaultDatabase


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --dsvault-target."""
    parser.getgroup("dsvault").addoption(
        "--dsvault-target",
        metavar="URI",
        help="the superuser's URI of a database for dsvault_database; default: a temporary server",
    )


@pytest.fixture(scope="session")
def dsvault_database(pytestconfig: pytest.Config) -> Iterator[VaultDatabase]:
    """A database in which dsvault's plan is deployed."""
    from dsvault.server import temporary_server  # noqa: PLC0415 - every pytest run imports this file
    from dsvault.testing import VaultDatabase  # noqa: PLC0415

    with ExitStack() as stack:
        url = pytestconfig.getoption("--dsvault-target")
        if url is None:
            server = stack.enter_context(temporary_server())
            url = server.url(with_password=True)
        database = VaultDatabase(url)
        stack.callback(database.drop_logins)
        database.deploy()
        yield database


@pytest.fixture
def dsvault_connection(dsvault_database: VaultDatabase) -> Iterator[Connection]:
    """A superuser's connection in a transaction that is rolled back."""
    connection = dsvault_database.connect()
    try:
        yield connection
    finally:
        connection.close()


@pytest.fixture
def make_tenant(dsvault_connection: Connection) -> Callable[..., Tenant]:
    """A function that makes a tenant with an administrator."""
    from dsvault.testing.database import create_tenant  # noqa: PLC0415

    def make(slug: str | None = None) -> Tenant:
        return create_tenant(dsvault_connection, slug or f"tenant-{token_hex(4)}")

    return make


@pytest.fixture
def make_user(dsvault_connection: Connection) -> Callable[..., UUID]:
    """A function that makes a user with some permissions, and no others."""
    from dsvault.testing.database import create_user  # noqa: PLC0415

    def make(tenant: Tenant, *permissions: str) -> UUID:
        return create_user(dsvault_connection, tenant, permissions)

    return make


@pytest.fixture
def as_tenant(
    dsvault_connection: Connection,
) -> Callable[..., AbstractContextManager[Connection]]:
    """A context manager: act as a user of a tenant; role and settings are taken back."""
    from dsvault.testing import Tenant, act_as  # noqa: PLC0415

    def acting(
        tenant: Tenant | UUID | str,
        user: UUID | str | None = None,
        *,
        role: str = "dsvault_app",
    ) -> AbstractContextManager[Connection]:
        tenant_id = tenant.id if isinstance(tenant, Tenant) else tenant
        return act_as(dsvault_connection, tenant_id, user, role=role)

    return acting


@pytest.fixture
def assert_isolated(dsvault_connection: Connection) -> Callable[..., None]:
    """A function that runs a query as each tenant and fails unless each sees just its own rows.

    people maps the ids of tenants to those of the users to act as; by default these are all tenants
    that live, each with one of its administrators.
    """
    from dsvault.testing import isolation_faults  # noqa: PLC0415

    def check(
        query: LiteralString,
        params: Sequence[Any] | Mapping[str, Any] | None = None,
        *,
        people: Mapping[UUID, UUID] | None = None,
        role: str = "dsvault_app",
    ) -> None:
        __tracebackhide__ = True
        faults = isolation_faults(dsvault_connection, query, params, people=people, role=role)
        if faults:
            pytest.fail("\n".join([f"not isolated: {query}", *faults]), pytrace=False)

    return check
