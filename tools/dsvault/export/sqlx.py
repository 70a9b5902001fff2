"""A plan as migrations of sqlx, the Rust library: two files for each change.

sqlx runs a file in a transaction of its own together with its row, and knows it by a version and by
the SHA-384 of its bytes. So a script's own BEGIN and COMMIT are left out. A script that no
transaction can hold becomes several files, one for each step: sqlx sends a file as one message, and
PostgreSQL takes what it refuses in a transaction only if it is the one statement of its message.

Versions are the planned times, each later than the one before. So they stay what they are when
lines are added to the plan. Pure.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.export.text import AFTER, BEFORE, body_of, required, steps_of, text_of, usable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dsvault.plan import Change
    from dsvault.project import Project
    from dsvault.sqlscript import Script
    from dsvault.sqlscript.units import Unit

_OUTSIDE = "-- no-transaction\n"  # sqlx looks for exactly this at the beginning
_NOTHING = "SELECT 1;\n"


class ExportError(DsvaultError):
    """The plan cannot be exported. findings holds every reason."""

    def __init__(self, findings: Sequence[DsvaultError]) -> None:
        self.findings = tuple(findings)
        super().__init__("Nothing was exported")

    def lines(self) -> list[str]:
        """Return the reports of all findings, and that nothing was done."""
        return [*(line for finding in self.findings for line in finding.lines()), self.message]


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration: the texts of its two files, and the change that it is, or is part of."""

    version: int
    name: str
    change_id: str
    up: str
    down: str

    @property
    def stem(self) -> str:
        """The name of its files up to `.up.sql` and `.down.sql`."""
        return f"{self.version}_{self.name}"

    @property
    def description(self) -> str:
        """What sqlx stores as its description."""
        return self.name.replace("_", " ")

    @property
    def checksum(self) -> bytes:
        """What sqlx stores to notice that the file was edited."""
        return hashlib.sha384(self.up.encode()).digest()


def migrations(project: Project) -> list[Migration]:
    """Return a plan's changes as migrations, in order.

    :raises ExportError: a deploy script is missing, or a script can only be run by its own tool.
    """
    found: list[Migration] = []
    faults: list[DsvaultError] = []
    version = 0
    for change in project.plan.changes:
        try:
            ups, downs = _files(project, change)
        except DsvaultError as error:
            faults.append(error)
            continue
        width = max(len(ups), len(downs))
        # Down files run the other way round: the first step of a revert is the last file.
        padded = [*ups, *[_NOTHING] * (width - len(ups))]
        reverse = [*downs, *[_NOTHING] * (width - len(downs))][::-1]
        for number, (up, down) in enumerate(zip_longest(padded, reverse), 1):
            version = max(int(f"{change.timestamp:%Y%m%d%H%M%S}"), version + 1)
            name = _name(change) + (f"_{number}_of_{width}" if width > 1 else "")
            found.append(Migration(version, name, change.id, up, down))
    if faults:
        raise ExportError(faults)
    return found


def _files(project: Project, change: Change) -> tuple[list[str], list[str]]:
    deploy = required(project, change)
    revert = usable(project, change, "revert")
    return list(_texts(deploy)), [_irreversible(change)] if revert is None else list(_texts(revert))


def _texts(script: Script) -> Iterator[str]:
    """Yield the texts of a script's files."""
    if script.is_transactional:
        yield f"{BEFORE}{body_of(script)}{AFTER}"
        return
    settings = ""
    for step in steps_of(script):
        if step.has_control or (settings and not step.can_be_atomic):
            raise DsvaultError(
                f"{script.name} prepares or chains transactions, or sets something for a statement "
                "that must stand alone; no other tool can run it in parts",
                hint="Write it as changes of their own.",
            )
        if step.is_setting:
            settings += text_of(step)
        else:
            yield _alone(step, settings)


def _alone(step: Unit, settings: str) -> str:
    if step.can_be_atomic or step.is_block:
        return f"{BEFORE}{settings}{text_of(step)}{AFTER}"
    return f"{_OUTSIDE}{text_of(step)}"


def _irreversible(change: Change) -> str:
    name = change.name.replace("'", "''")
    return f"DO $$ BEGIN RAISE EXCEPTION 'The change {name} has no revert script'; END $$;\n"


def _name(change: Change) -> str:
    """Return the change's name as part of a file's name.

    A rework must not change it: with the old file and another one beside it, sqlx would run both.
    """
    return re.sub(r"[^A-Za-z0-9]+", "_", change.name).strip("_").lower() or "change"
