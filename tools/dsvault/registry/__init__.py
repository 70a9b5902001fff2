"""Sqitch's own registry, version 1.1: its tables, rows and locks. Both tools share a database.

A Registry reads and writes through one Session. Its row writers return queries instead of running
them, so that a runner can send them in the same transaction, and the same message, as a script.
"""

from __future__ import annotations

from dsvault.registry.payload import Payload
from dsvault.registry.store import (
    VERSION,
    OldRegistryError,
    Registry,
    RegistryError,
    project_conflict,
)

__all__ = [
    "VERSION",
    "OldRegistryError",
    "Payload",
    "Registry",
    "RegistryError",
    "project_conflict",
]
