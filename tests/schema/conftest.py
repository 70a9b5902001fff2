"""Two tenants, for tests of what one may do to itself and to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.schema.builders import Tenant, new_tenant

if TYPE_CHECKING:
    from psycopg import Connection


@pytest.fixture
def alpha(conn: Connection) -> Tenant:
    """A tenant with its system roles and an administrator."""
    return new_tenant(conn, "alpha")


@pytest.fixture
def beta(conn: Connection) -> Tenant:
    """Another."""
    return new_tenant(conn, "beta")
