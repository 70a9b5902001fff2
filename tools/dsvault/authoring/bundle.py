"""Copy a project, or a part of its plan, to where it shall be deployed from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.authoring.errors import AuthoringError
from dsvault.authoring.files import copy_if_newer, write_text
from dsvault.plan.writing import excerpt
from dsvault.scripts import KINDS, script_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.config import Layout
    from dsvault.plan import Change
    from dsvault.plan.writing import Source

_INCLUDE = re.compile(rb"^\s*\\(ir?|include(?:_relative)?)\s+'?([^'\s;]+)'?", re.MULTILINE)


def write_config(config_file: Path | None, folder: Path) -> list[Path]:
    """Copy sqitch.conf into a bundle; return what was copied.

    :raises AuthoringError: there is none.
    """
    if config_file is None:
        raise AuthoringError(
            "Cannot copy sqitch.conf: does not exist", hint="Make one: dsvault init PROJECT"
        )
    destination = folder / config_file.name
    return [destination] if copy_if_newer(config_file, destination) else []


class Bundle:
    """One project that is copied into a folder, which gets the same paths."""

    def __init__(self, layout: Layout, source: Source, folder: Path) -> None:
        self._layout = layout
        self._source = source
        self._folder = folder

    def write_plan(self, first: str | None, last: str | None) -> list[Path]:
        """Copy the plan, or the part of it between two changes.

        :raises dsvault.plan.PlanError: there is no such change.
        """
        place = _relative(self._layout.top_dir) / self._layout.plan_file.name
        if first is None and last is None:
            return self._copy(self._layout.plan_file, place)
        write_text(self._folder / place, excerpt(self._source, first, last).decode())
        return [self._folder / place]

    def changes(self, first: str | None, last: str | None) -> Iterator[Change]:
        """Yield the changes between two.

        :raises AuthoringError: there is no such change.
        """
        plan = self._source.plan
        if plan.changes:
            start = self._index(first or "@ROOT")
            end = self._index(last or "@HEAD")
            yield from plan.changes[start : end + 1]

    def write_scripts(self, change: Change) -> list[Path]:
        """Copy the scripts of a change, and what they include."""
        copied = []
        for kind in KINDS:
            path = script_path(self._layout, change, kind)
            if path.exists():
                copied += self._copy(path, _relative(path))
                copied += self._copy_included(path, seen={path.resolve()})
        return copied

    def _index(self, spec: str) -> int:
        return self._source.plan.find(spec).index

    def _copy_included(self, path: Path, seen: set[Path]) -> list[Path]:
        copied = []
        for command, name in _INCLUDE.findall(path.read_bytes()):
            relative = command in (b"ir", b"include_relative")
            included = (path.parent if relative else Path()) / name.decode(errors="replace")
            if included.resolve() in seen or not included.is_file() or not _is_below(included):
                continue
            seen.add(included.resolve())
            copied += self._copy(included, _relative(included))
            copied += self._copy_included(included, seen)
        return copied

    def _copy(self, source: Path, place: Path) -> list[Path]:
        destination = self._folder / place
        return [destination] if copy_if_newer(source, destination) else []


def _is_below(path: Path) -> bool:
    return path.resolve().is_relative_to(Path.cwd().resolve())


def _relative(path: Path) -> Path:
    """Return a path as seen from the working folder.

    :raises AuthoringError: it is not below it, so that a bundle has no place for it.
    """
    if not _is_below(path):
        raise AuthoringError(
            f"{path} is outside of the working folder", hint="Bundle from the project's own folder."
        )
    return path.resolve().relative_to(Path.cwd().resolve())
