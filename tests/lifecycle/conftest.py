"""Two tenants, as tests/schema has them, and places for servers of their own."""

from __future__ import annotations

from tests.schema.conftest import alpha, beta
from tests.server.conftest import place

__all__ = ["alpha", "beta", "place"]
