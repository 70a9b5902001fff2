"""What dsvault.pytest_plugin gives to the tests of applications, usable without pytest too."""

from __future__ import annotations

from dsvault.testing.acting import act_as
from dsvault.testing.database import Tenant, VaultDatabase
from dsvault.testing.isolation import isolation_faults

__all__ = ["Tenant", "VaultDatabase", "act_as", "isolation_faults"]
