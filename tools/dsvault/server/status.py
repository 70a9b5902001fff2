"""What can be said of a server from outside: is it there, is it running, where."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from dsvault.server.errors import from_os_error


class ServerState(Enum):
    """The state of an embedded server."""

    ABSENT = "absent"
    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """A report on one server; what does not apply to its state is None."""

    state: ServerState
    data_dir: Path
    pid: int | None = None
    version: str | None = None
    url: str | None = None
    listen: str | None = None
    port: int | None = None
    size_bytes: int | None = None
    log: Path | None = None


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What a running server wrote into its postmaster.pid."""

    pid: int
    port: int
    listen: str
    shared_memory_id: int | None
    is_ready: bool


def read_postmaster(pgdata: Path) -> Postmaster | None:
    """Return the server that runs on pgdata, or None where there is none.

    A process that merely has the recorded number is none: it must be called as we call it.

    :raises ServerError: the data directory cannot be read.
    """
    recorded = recorded_postmaster(pgdata)
    return recorded if recorded and is_postmaster(recorded.pid, pgdata) else None


def recorded_postmaster(pgdata: Path) -> Postmaster | None:
    """Return what postmaster.pid says, alive or not, or None if it is missing or incomplete.

    :raises ServerError: the data directory cannot be read.
    """
    try:
        lines = (pgdata / "postmaster.pid").read_text(errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise from_os_error(error, doing="reading the server's state", path=pgdata) from error
    lines += [""] * (8 - len(lines))
    if not lines[0].strip().isdecimal():
        return None
    shared_memory = lines[6].split()
    return Postmaster(
        pid=int(lines[0]),
        port=int(lines[3]) if lines[3].strip().isdecimal() else 0,
        listen=lines[5].strip(),
        shared_memory_id=int(shared_memory[1]) if len(shared_memory) == 2 else None,
        is_ready=lines[7].strip() == "ready",
    )


def is_postmaster(pid: int, pgdata: Path) -> bool:
    """Tell whether process pid is a PostgreSQL server on pgdata; a dead or reused number is not."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    runs_postgres = Path(words[0].decode(errors="replace")).name == "postgres"
    return runs_postgres and words[1:3] == [b"-D", bytes(pgdata)]


def size_of(directory: Path) -> int:
    """Return the bytes that the files below directory occupy; files that vanish count nothing."""
    total = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            try:
                total += Path(folder, name).lstat().st_blocks * 512
            except FileNotFoundError:
                continue
    return total
