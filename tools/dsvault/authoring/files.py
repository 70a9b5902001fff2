"""Make folders and files, and say which were made."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from dsvault.authoring.errors import AuthoringError
from dsvault.config import ConfigError
from dsvault.config.writing import set_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def make_folders(folders: Iterable[Path]) -> list[Path]:
    """Make folders that do not exist; return those that were made.

    :raises AuthoringError: one cannot be made.
    """
    made = []
    for folder in dict.fromkeys(folders):
        if folder.is_dir():
            continue
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise AuthoringError(
                f"Error creating {folder}: {error.strerror}", hint="Make its parent writable."
            ) from error
        made.append(folder)
    return made


def write_text(path: Path, text: str) -> None:
    """Write a file and its folders.

    :raises AuthoringError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    except OSError as error:
        raise AuthoringError(
            f"Cannot open {path}: {error.strerror}", hint="Make its folder writable."
        ) from error


def read_text(path: Path) -> str:
    """Return a configuration file's text, with line ends LF; nothing where there is none.

    :raises ConfigError: it is not UTF-8.
    """
    if not path.is_file():
        return ""
    try:
        return path.read_bytes().decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8", hint="Save the file in UTF-8.") from error


def set_all(path: Path, values: Mapping[str, str]) -> None:
    """Set keys of a configuration file, which is made if need be.

    :raises AuthoringError: it cannot be written.
    """
    text = read_text(path)
    for key, value in values.items():
        text = set_value(text, key, value)
    write_text(path, text)


def copy_if_newer(source: Path, destination: Path) -> bool:
    """Copy a file unless the copy is as new as it; say whether it was copied.

    :raises AuthoringError: there is no such file, or it cannot be copied.
    """
    if not source.exists():
        raise AuthoringError(f"Cannot copy {source}: does not exist")
    if destination.exists() and destination.stat().st_mtime >= source.stat().st_mtime:
        return False
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, destination)
    except OSError as error:
        raise AuthoringError(
            f'Cannot copy "{source}" to "{destination}": {error.strerror}',
            hint="Make both readable and their folders writable.",
        ) from error
    return True
