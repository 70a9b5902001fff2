"""Two projects that shall stay the same: each tool does the same to its own."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.runner.test_interop import rows
from tests.runner.toys import COMMITTER, ours, tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.database import Database
    from tests.support.programs import Ran
    from tests.support.sqitch import Sqitch

_WHEN = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:Z| [+-]\d{4})")


def environment() -> dict[str, str]:
    """Return what no setting of the machine may change."""
    return {
        **COMMITTER,
        "SQITCH_USER_CONFIG": "/nowhere",
        "SQITCH_SYSTEM_CONFIG": "/nowhere",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "EDITOR": "true",
        "VISUAL": "true",
    }


@dataclass
class Twins:
    """A folder on which we work, and one on which Sqitch does, perhaps with a database each."""

    mine: Path
    theirs: Path
    sqitch: Sqitch
    databases: tuple[Database, Database] | None = None

    def __post_init__(self) -> None:
        for i, folder in enumerate((self.mine, self.theirs)):
            folder.mkdir(parents=True)
            if self.databases is not None:
                uri = f"db:{self.databases[i].url}"
                target = f'[engine "pg"]\n\ttarget = test\n[target "test"]\n\turi = "{uri}"\n'
                (folder / "sqitch.conf").write_text(f"[core]\n\tengine = pg\n{target}")

    def both(
        self,
        *words: str,
        also_ours: Sequence[str] = (),
        swap: bool = False,
        is_readable: bool = True,
    ) -> Ran:
        """Run a command by both tools and compare what they say, end with, and write.

        Ours gets more words, where it asks for more than Sqitch. With swap it works on what is
        Sqitch's else, and the other way round. Databases are not compared if they are not readable.
        """
        one, two = (self.theirs, self.mine) if swap else (self.mine, self.theirs)
        found = run_ours(one, *words, *also_ours)
        expected = self.sqitch.run(two, *words)
        name = " ".join(words)
        told = f"{name}\nours: {found}\nsqitchs: {expected}"
        if not _CRASH.search(expected.err):
            assert found.code == expected.code, f"exit code of {told}"
            assert plain(found.out) == plain(expected.out), f"stdout of {told}"
            assert errors(found.err) == errors(expected.err), f"stderr of {told}"
        left_out = {"sqitch.conf"} if self.databases is not None else set()
        one, two = (files(folder, left_out) for folder in (self.mine, self.theirs))
        assert one == two, f"files after {told}"
        if self.databases is not None and is_readable:
            left, right = map(contents, self.databases)
            assert left == right, f"databases after {told}"
        return found

    def align(self) -> None:
        """Give both the same plan; the times of two calls differ."""
        for plan in self.mine.rglob("*.plan"):
            shutil.copy(plan, self.theirs / plan.relative_to(self.mine))

    def write(self, path: str, text: str | None) -> None:
        """Write a file of both, or remove it."""
        for folder in (self.mine, self.theirs):
            if text is None:
                (folder / path).unlink(missing_ok=True)
                continue
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)


def run_ours(folder: Path, *words: str) -> Ran:
    """Run our command in a folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        return ours(*words)
    finally:
        os.chdir(before)


def contents(database: Database) -> dict[str, object]:
    """Return the registry's rows without the times of their writing, and the names of tables."""
    with database.connect(superuser=True, autocommit=True) as conn:
        found = rows(database)
        if found:  # Sqitch records new tags of one change in any order
            found["tags"].sort(key=str)
        return {"tables": tables(conn), **found}


def plain(text: str) -> list[str]:
    """Return lines without times, and without what we add."""
    lines = _WHEN.sub("WHEN", text).splitlines()
    return [line for line in lines if not _ADDED.fullmatch(line)]


def errors(text: str) -> list[str]:
    """Return the lines of stderr that both tools must have in common.

    psql's own words come to us from the server, with the place and the SQLSTATE; and ours are
    followed by what was found and what to do.
    """
    lines = [line for line in plain(text) if line.strip()]
    return [line for line in lines if not _OWN.match(line)]


# What we add to an error, and what psql says where the server tells us.
_OWN = re.compile(
    r"(?:deploy|revert|verify)/\S+:\d+: |  found:|  do:  |         |psql:|LINE |HINT:|DETAIL:|"
    r'CONTEXT:| *\^|"psql" unexpectedly'
)
# Where Sqitch does not say what is wrong.
_CRASH = re.compile('Can\'t call method|ERROR:  relation "changes" does not exist')
# What our check says beyond Sqitch's.
_ADDED = re.compile(r"  \* \S+ was edited after it was deployed")


def files(folder: Path, left_out: set[str]) -> dict[str, str]:
    """Return all files of a project by their paths, without times."""
    return {
        str(path.relative_to(folder)): _WHEN.sub("WHEN", path.read_text())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.name not in left_out
        and ".git" not in path.relative_to(folder).parts
    }
