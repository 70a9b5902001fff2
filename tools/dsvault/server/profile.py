"""How a server is set up: one that keeps its data, and one for a test run."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Profile:
    """Settings written once into a new cluster, and how the process lives and ends.

    `tied`: the server ends with the process that started it. `durable`: the new cluster is brought
    to disk before it counts as made.
    """

    settings: Mapping[str, str]
    tied: bool
    durable: bool
    stop_signal: signal.Signals


_COMMON = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "shared_buffers": "128MB",
    "password_encryption": "scram-sha-256",
}

PERSISTENT = Profile(settings=_COMMON, tied=False, durable=True, stop_signal=signal.SIGINT)
TEMPORARY = Profile(
    settings=_COMMON
    | {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        # An autovacuum worker in a template database makes CREATE DATABASE wait for it.
        "autovacuum": "off",
        # With files in the data directory, removing that is removing all shared memory.
        "dynamic_shared_memory_type": "mmap",
    },
    tied=True,
    durable=False,
    stop_signal=signal.SIGQUIT,
)
