"""Shared memory: what a server may use on this system, and what a killed one leaves behind."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dsvault.server.account import Account
    from dsvault.server.status import Postmaster

SHM = Path("/dev/shm")  # noqa: S108 - where glibc's shm_open works; no temporary file of ours
_SHM_BYTES = 64 * 1024**2
_SEGMENTS = Path("/proc/sysvipc/shm")
_IPC_RMID = 0


def shared_memory_settings(account: Account) -> dict[str, str]:
    """Return the server settings for a system whose /dev/shm is missing, closed or tiny."""
    usable = has_room(SHM, _SHM_BYTES) and account.can_search(SHM)
    return {} if usable else {"dynamic_shared_memory_type": "mmap"}


def has_room(directory: Path, wanted_bytes: int) -> bool:
    """Tell whether everybody may write into directory, and it has that much space left."""
    try:
        place = os.statvfs(directory)
        return (
            bool(directory.stat().st_mode & 0o002)
            and not place.f_flag & os.ST_RDONLY
            and place.f_bavail * place.f_frsize >= wanted_bytes
        )
    except OSError:
        return False


def remove_orphan(recorded: Postmaster | None, uid: int) -> bool:
    """Remove the System V segment of a server that was killed; tell whether there was one.

    It must be of that very process and account, and nobody may be attached to it.
    """
    if recorded is None or recorded.shared_memory_id is None:
        return False
    for segment in _segments():
        is_it = (segment["shmid"], segment["cpid"], segment["uid"], segment["nattch"]) == (
            recorded.shared_memory_id,
            recorded.pid,
            uid,
            0,
        )
        if is_it:
            libc = ctypes.CDLL(None, use_errno=True)
            return bool(libc.shmctl(recorded.shared_memory_id, _IPC_RMID, None) == 0)
    return False


def _segments() -> list[dict[str, int]]:
    try:
        head, *rows = [line.split() for line in _SEGMENTS.read_text().splitlines()]
    except (OSError, ValueError):
        return []
    return [{name: int(value) for name, value in zip(head, row, strict=True)} for row in rows]
