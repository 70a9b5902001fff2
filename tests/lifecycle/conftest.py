"""Two tenants, as tests/schema has them, and their databases."""

from __future__ import annotations

from tests.schema.conftest import alpha, beta

__all__ = ["alpha", "beta"]
