"""All settings that hold in a folder: the system's, then the user's, then the project's."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.config.syntax import ConfigError, Setting, parse_settings
from dsvault.config.values import cast
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE_NAME = "sqitch.conf"
SYSTEM_FOLDER = Path("/etc/sqitch")
_MAX_INCLUDES = 10  # as deep as Sqitch follows


class Config(Value):
    """Settings by key, each with all its values in order. `files` were read, the last one wins.

    `local_file` is the project's own file, None if the folder and its parents have none.
    """

    settings: Mapping[str, tuple[Setting, ...]]
    files: tuple[Path, ...] = ()
    local_file: Path | None = None

    @classmethod
    def load(cls, cwd: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
        """Read the files that Sqitch reads in the folder `cwd`; missing ones are left out.

        SQITCH_SYSTEM_CONFIG, SQITCH_USER_CONFIG and SQITCH_CONFIG name other files. The project's
        file is looked for in the folder itself, then in its parents.

        :raises ConfigError: a file is not UTF-8, cannot be read, or has a line that is no setting.
        """
        system = environ.get("SQITCH_SYSTEM_CONFIG") or str(SYSTEM_FOLDER / FILE_NAME)
        user = environ.get("SQITCH_USER_CONFIG") or f"~/.sqitch/{FILE_NAME}"
        local = _local_file(cwd or Path.cwd(), environ.get("SQITCH_CONFIG") or FILE_NAME)
        loader = _Loader()
        for path in (_expand(system, environ), _expand(user, environ), local):
            if path is not None:
                loader.load(path)
        return cls(
            {key: tuple(values) for key, values in loader.settings.items()},
            tuple(loader.files),
            local,
        )

    def get(self, key: str) -> str | None:
        """Return the value of `section.name` or `section.subsection.name`; None if it is not set.

        :raises ConfigError: it is set several times.
        """
        found = self.settings.get(_canonical(key), ())
        if len(found) > 1:
            raise ConfigError(
                f"Multiple values for {key}",
                detail="\n".join(setting.value or "" for setting in found),
                hint="Keep one of them.",
            )
        return found[0].value if found else None

    def get_all(self, key: str) -> tuple[str, ...]:
        """Return all values of a key in their order."""
        found = self.settings.get(_canonical(key), ())
        return tuple(setting.value or "" for setting in found)

    def get_bool(self, key: str) -> bool | None:
        """Return a value as true or false; a name without a value is true; None if not set.

        :raises ConfigError: it is none of true, yes, on, 1, false, no, off, 0.
        """
        if _canonical(key) not in self.settings:
            return None
        value = self.get(key)
        try:
            return cast(value, "bool") == "true"
        except ConfigError:
            raise ConfigError(
                f"Invalid bool '{value}' for {key}", hint="Write true or false."
            ) from None

    def section(self, name: str) -> dict[str, str]:
        """Return the settings of one section, `core` or `target.prod`, by their names as written.

        :raises ConfigError: one of them is set several times.
        """
        head, dot, rest = name.partition(".")
        prefix = f"{head.lower()}{dot}{rest}."
        return {
            found[0].name: self.get(key) or ""
            for key, found in self.settings.items()
            if key.startswith(prefix) and "." not in key[len(prefix) :]
        }

    def variables(
        self, command: str, *, engine: str = "pg", target: str | None = None
    ) -> dict[str, str]:
        """Return the psql variables for a command (deploy, revert, verify, check).

        Later ones win: core, deploy, the command, the engine, the target.
        """
        sections = ["core", "deploy", command, f"engine.{engine}"]
        if target is not None:
            sections.append(f"target.{target}")
        merged: dict[str, str] = {}
        for section in sections:
            merged |= self.section(f"{section}.variables")
        return merged


def own_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the file that is written: the working folder's, be it still to be made."""
    return Path(environ.get("SQITCH_CONFIG") or FILE_NAME)


class _Loader:
    """Settings while files are read: a file replaces what earlier files set."""

    def __init__(self) -> None:
        self.settings: defaultdict[str, list[Setting]] = defaultdict(list)
        self.files: list[Path] = []
        self._origins: dict[str, Path] = {}

    def load(self, path: Path, depth: int = 0) -> None:
        if not path.is_file() or (not depth and path in self.files):
            return
        self.files.append(path)
        for setting in parse_settings(_read(path), path):
            if self._origins.get(setting.key) != path:
                self.settings[setting.key].clear()
                self._origins[setting.key] = path
            self.settings[setting.key].append(setting)
            if setting.key == "include.path" and setting.value:
                self._include(setting.value, path, depth)

    def _include(self, value: str, path: Path, depth: int) -> None:
        if depth > _MAX_INCLUDES:
            raise ConfigError(
                f"{path} includes {value} more than {_MAX_INCLUDES} files deep",
                hint="Remove the circle of [include] sections.",
            )
        self.load((path.parent / Path(value).expanduser()).resolve(), depth + 1)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8", hint="Save the file in UTF-8.") from error
    except OSError as error:
        raise ConfigError(
            f"Cannot read {path}: {error.strerror}", hint="Make the file readable."
        ) from error


def _local_file(folder: Path, name: str) -> Path | None:
    folder = folder.absolute()
    candidates: Iterable[Path] = (parent / name for parent in (folder, *folder.parents))
    return next((path.resolve() for path in candidates if path.is_file()), None)


def _expand(name: str, environ: Mapping[str, str]) -> Path | None:
    """Return a path with ~ replaced; None if there is no home to replace it by."""
    if not name.startswith("~/"):
        return Path(name).absolute()
    home = environ.get("HOME")
    try:
        return Path(home, name[2:]).absolute() if home else Path(name).expanduser()
    except RuntimeError:
        return None


def _canonical(key: str) -> str:
    section, _, name = key.rpartition(".")
    head, dot, subsection = section.partition(".")
    return f"{head.lower()}{dot}{subsection}.{name.lower()}"
