from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from psycopg import sql
from tests.lint.examples import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.cluster import Cluster


@pytest.fixture(scope="module")
def sandbox(server: Cluster) -> Iterator[Sandbox]:
    """A database for examples, emptied between them."""
    name = "dsvault_lint_examples"
    server.admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    box = Sandbox(server.url(name))
    yield box
    box.close()
    server.admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
