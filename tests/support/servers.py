"""Helpers around servers that a test makes itself: places, processes, patience."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from dsvault.server import EmbeddedServer
from dsvault.server.sharedmemory import SHM, has_room
from dsvault.server.status import read_postmaster

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.people import Person

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="changes its identity: needs root")


def new_place(owner: Person | None = None) -> Path:
    """Make a directory that everybody may enter, in memory where there is room."""
    base = SHM if has_room(SHM, 1024**3) else Path("/tmp")  # noqa: S108 - mkdtemp makes a name of its own there
    place = Path(tempfile.mkdtemp(prefix="dsvault-test-", dir=base))
    place.chmod(0o711)
    if owner and owner.uid != os.geteuid():
        os.chown(place, owner.uid, owner.gid)
    return place


def clear_place(place: Path) -> None:
    """Stop what runs below place, and remove it."""
    for pgdata in place.rglob("pgdata"):
        running = read_postmaster(pgdata)
        if running:
            EmbeddedServer(pgdata.parent).stop()
    shutil.rmtree(place)


def is_alive(pid: int) -> bool:
    """Tell whether a process exists and is no zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def postmasters_below(place: Path) -> list[int]:
    """Return the processes that run a server below place."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal():
            continue
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if len(words) > 2 and words[1] == b"-D" and words[2].startswith(bytes(place) + b"/"):
            found.append(int(process.name))
    return found


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait some seconds for a condition, and fail if it stays false."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.002)


def ask(server: EmbeddedServer, query: str, dbname: str = "dsvault") -> object:
    """Return the first column of the first row."""
    with psycopg.connect(server.url(dbname)) as conn:
        row = conn.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def pid_of(server: EmbeddedServer) -> int:
    """Return the process of a running server."""
    pid = server.status().pid
    assert pid is not None
    return pid
