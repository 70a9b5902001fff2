"""Make the scripts of a new change, and keep those of a change that is reworked."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.authoring.errors import AuthoringError
from dsvault.scripts import KINDS, script_path

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dsvault.config import Layout
    from dsvault.plan import Change


@dataclass(frozen=True, slots=True)
class NewScript:
    """A script that shall be written, and its text."""

    path: Path
    text: str

    def write(self) -> bool:
        """Write the file unless it exists; say whether it was written.

        :raises AuthoringError: it cannot be written.
        """
        if self.path.exists():
            return False
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_bytes(self.text.encode())
        except OSError as error:
            raise AuthoringError(
                f"Cannot open {self.path}: {error.strerror}", hint="Make its folder writable."
            ) from error
        return True


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that shall be copied if `needs`, which is the source unless said, exists."""

    source: Path
    destination: Path
    needs: Path


def paths_of(layout: Layout, change: Change, kinds: Sequence[str]) -> dict[str, Path]:
    """Return where the scripts of a change are or shall be, by kind, which may be of one's own.

    :raises dsvault.scripts.ScriptError: the change's name leads out of the project's folders.
    """
    script_path(layout, change, "deploy")  # whatever the kinds are
    found: dict[str, Path] = {}
    for kind in kinds:
        if kind in KINDS:
            found[kind] = script_path(layout, change, kind)
        else:
            found[kind] = layout.top_dir / kind / f"{change.name}.{layout.extension}"
    return found


def rework_copies(layout: Layout, before: Change, after: Change) -> list[Copy]:
    """Return what keeps the scripts of a change, `before`, that `after` replaces.

    Besides, the old deploy script becomes the new revert script.
    """
    old = {kind: _kept_path(layout, before, kind) for kind in KINDS}
    new = {kind: script_path(layout, after, kind) for kind in KINDS}
    copies = [Copy(new[kind], old[kind], new[kind]) for kind in KINDS]
    return [*copies, Copy(new["deploy"], new["revert"], old["revert"])]


def copy_all(copies: Sequence[Copy]) -> list[Path]:
    """Copy what there is; return the files that were made.

    :raises AuthoringError: a file cannot be copied.
    """
    made = []
    for item in copies:
        if not item.needs.exists():
            continue
        try:
            item.destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(item.source, item.destination)
        except OSError as error:
            raise AuthoringError(
                f"Cannot copy {item.source} to {item.destination}: {error.strerror}",
                hint="Make both readable and their folders writable.",
            ) from error
        made.append(item.destination)
    return made


def write_plan(path: Path, data: bytes) -> None:
    """Replace a plan file; never leave half of one.

    :raises AuthoringError: it cannot be written.
    """
    path = path.resolve()  # a link stays one
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            file.write(data)
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise AuthoringError(
            f"Cannot open {path}: {error.strerror}", hint="Make the file writable."
        ) from error


def variables_of(
    change: Change, project: str, requires: Sequence[str], conflicts: Sequence[str]
) -> Mapping[str, str | Sequence[str]]:
    """Return what templates may name."""
    return {
        "change": change.name,
        "engine": "pg",
        "project": project,
        "requires": requires,
        "conflicts": conflicts,
    }


def _kept_path(layout: Layout, change: Change, kind: str) -> Path:
    """Return the file that keeps a script: named after the first tag of the last tagged change."""
    folder = {
        "deploy": layout.reworked_deploy_dir,
        "revert": layout.reworked_revert_dir,
        "verify": layout.reworked_verify_dir,
    }[kind]
    return folder / f"{change.file_stems[0]}.{layout.extension}"
