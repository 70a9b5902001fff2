"""The deploy, revert and verify scripts of a change: where they are, their hashes and headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from dsvault.digests import sha1_hex
from dsvault.errors import DsvaultError
from dsvault.patterns import later
from dsvault.text import printable
from dsvault.values import Value

if TYPE_CHECKING:
    from pathlib import Path

    from dsvault.config import Layout
    from dsvault.plan import Change, Plan

Kind: TypeAlias = Literal["deploy", "revert", "verify"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_WORDS: dict[Kind, tuple[str, str]] = {
    "deploy": ("Deploy", "to"),
    "revert": ("Revert", "from"),
    "verify": ("Verify", "on"),
}
_ITEM = later(r"-- (requires|conflicts): (\S+)")


class ScriptError(DsvaultError):
    """A script cannot be used."""


class HeaderProblem(Value):
    """A line of a script's header that is not what the plan says. Lines count from 1."""

    line: int
    found: str
    expected: str


def script_path(layout: Layout, change: Change, kind: Kind) -> Path:
    """Return the path of a change's script, whether or not there is such a file.

    A reworked change's scripts are named after the first of its tags that has a deploy script,
    else after its first tag.

    :raises ScriptError: the change's name leads out of the project's folders.
    """
    folder = _folder(layout, change, kind)
    path = folder / f"{_stem(layout, change)}.{layout.extension}"
    real = layout.real_path(path)
    if not real.startswith(layout.roots):
        raise ScriptError(
            f'The {kind} script of "{printable(change.name)}" is outside of the project',
            detail=real,
            hint=f"Keep it below {folder}.",
        )
    return path


def read_script(layout: Layout, change: Change, kind: Kind) -> bytes | None:
    """Return a script's bytes, or None if there is no such file.

    :raises ScriptError: the file cannot be read, or it is outside of the project.
    """
    path = script_path(layout, change, kind)
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise ScriptError(
            f"Cannot open {printable(str(path))}: {error.strerror}", hint="Make the file readable."
        ) from error


def content_hash(content: bytes) -> str:
    """Return the SHA-1 by which the registry knows a deploy script, as 40 hex digits."""
    return sha1_hex(content)


def script_hash(layout: Layout, change: Change) -> str | None:
    """Return the hash of a change's deploy script, or None if there is no such file.

    :raises ScriptError: the file cannot be read, or it is outside of the project.
    """
    content = read_script(layout, change, "deploy")
    return None if content is None else content_hash(content)


def expected_header(plan: Plan, change: Change, kind: Kind, *, engine: str = "pg") -> list[str]:
    """Return the first lines that a script must have, as `sqitch add` writes them."""
    verb, preposition = _WORDS[kind]
    lines = [f"-- {verb} {plan.project}:{change.name} {preposition} {engine}"]
    if kind == "deploy":
        lines += [f"-- requires: {dependency}" for dependency in change.requires]
        lines += [f"-- conflicts: {dependency}" for dependency in change.conflicts]
    return lines


def header_problems(
    plan: Plan, change: Change, kind: Kind, text: str, *, engine: str = "pg"
) -> list[HeaderProblem]:
    """Compare a script's first lines with the plan; an empty list means that they agree.

    In revert and verify scripts the dependencies may be left out, but not be others.
    """
    lines = text.splitlines()
    expected = expected_header(plan, change, kind, engine=engine)
    title = lines[0] if lines else ""
    problems = [] if title == expected[0] else [HeaderProblem(1, title, expected[0])]
    found = _header_items(lines)
    planned = expected_header(plan, change, "deploy", engine=engine)[1:]
    missing = [line for line in planned if line not in found.values()]
    extra = {number: line for number, line in found.items() if line not in planned}
    if kind == "deploy":
        problems += [HeaderProblem(len(found) + 1, "", line) for line in missing]
    return problems + [HeaderProblem(number, line, "") for number, line in extra.items()]


def _header_items(lines: list[str]) -> dict[int, str]:
    """Return the lines of a header that name dependencies, by line number."""
    items = {}
    for number, line in enumerate(lines[1:], 2):
        if not line.startswith("--"):
            break
        if _ITEM.match(line):
            items[number] = line.rstrip()
    return items


def _folder(layout: Layout, change: Change, kind: Kind) -> Path:
    folders = {
        "deploy": (layout.deploy_dir, layout.reworked_deploy_dir),
        "revert": (layout.revert_dir, layout.reworked_revert_dir),
        "verify": (layout.verify_dir, layout.reworked_verify_dir),
    }
    return folders[kind][change.is_reworked]


def _stem(layout: Layout, change: Change) -> str:
    if ".." in change.name.split("/") or "\0" in change.name:
        raise ScriptError(
            f'The name "{printable(change.name)}" is no path below the folder of scripts',
            hint="Rename the change in the plan without `..` between slashes and without NUL.",
        )
    stems = change.file_stems
    if len(stems) == 1:
        return stems[0]
    folder = _folder(layout, change, "deploy")
    existing = (stem for stem in stems if _exists(folder / f"{stem}.{layout.extension}"))
    return next(existing, stems[0])


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that is too long for the file system
        return False
