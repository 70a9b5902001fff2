"""Two projects that shall stay the same: each tool does the same to its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.runner.toys import COMMITTER, Ran, ours

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DRIVER = Path(__file__).parents[1] / "support" / "sqitch_forks.pl"
_WHEN = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:Z| [+-]\d{4})")


class Sqitch:
    """Real Sqitch, loaded once and forked for every call."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["perl", str(DRIVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, **environment()},
        )

    def __enter__(self) -> Sqitch:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, folder: Path, *words: str, variables: Mapping[str, str] | None = None) -> Ran:
        """Run it in a folder."""
        asked = {"folder": str(folder), "words": words, "env": variables or {}}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return Ran(answer["code"], answer["out"], answer["err"])


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
    """A folder on which we work, and one on which Sqitch does."""

    mine: Path
    theirs: Path
    sqitch: Sqitch

    def __post_init__(self) -> None:
        self.mine.mkdir(parents=True)
        self.theirs.mkdir(parents=True)

    def both(self, *words: str) -> tuple[Ran, Ran]:
        """Run a command by both tools and compare what they say, end with, and write."""
        found = self._ours(words)
        expected = self.sqitch.run(self.theirs, *words)
        name = " ".join(words)
        self._compare(f"{name}: exit code", found.code, expected.code)
        self._compare(f"{name}: stdout", plain(found.out), plain(expected.out))
        self._compare(f"{name}: stderr", errors(found.err), errors(expected.err))
        self._compare(f"{name}: files", files(self.mine), files(self.theirs))
        return found, expected

    def align(self) -> None:
        """Give both the same plan; the times of two calls differ."""
        for plan in self.mine.rglob("*.plan"):
            shutil.copy(plan, self.theirs / plan.relative_to(self.mine))

    def write(self, path: str, text: str) -> None:
        """Write a file of both."""
        for folder in (self.mine, self.theirs):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)

    def _ours(self, words: Sequence[str]) -> Ran:
        before = Path.cwd()
        os.chdir(self.mine)
        try:
            return ours(*words)
        finally:
            os.chdir(before)

    def _compare(self, what: str, found: object, expected: object) -> None:
        assert found == expected, what


def plain(text: str) -> list[str]:
    """Return lines without times."""
    return _WHEN.sub("WHEN", text).splitlines()


def errors(text: str) -> list[str]:
    """Return the lines of stderr that both tools must have in common.

    psql's own words come to us from the server, with the place and the SQLSTATE; and ours are
    followed by what was found and what to do.
    """
    lines = [line for line in plain(text) if line.strip()]
    return [line for line in lines if not _OWN.match(line)]


# What we add to an error, and what psql says where the server tells us.
_OWN = re.compile(
    '  found:|  do:  |         |psql:|LINE |HINT:|DETAIL:|CONTEXT:| *\\^|"psql" unexpectedly'
)


def files(folder: Path) -> dict[str, str]:
    """Return all files of a project by their paths, without times."""
    return {
        str(path.relative_to(folder)): _WHEN.sub("WHEN", path.read_text())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }
