"""Other linters, each in an environment of its own, and what they say about a corpus.

A program is started once for many files where it takes many, and gets a limit of time for each
start and for the whole corpus: a linter that does not come to an end is judged by what it said.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple

from dsvault.bench import BenchmarkError
from dsvault.lint.corpus import NEAR, files_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from dsvault.lint.corpus import Fault

_FILE_SECONDS = 20
_WHOLE_SECONDS = 240
_AT_ONCE = 20
_PGSPOT_FILE = re.compile(r"^(\S.*\.sql): $", re.MULTILINE)
_PGSPOT = re.compile(r"(PS\d+): .* at line (\d+)$", re.MULTILINE)


class Remark(NamedTuple):
    """What a linter said: its rule, and the line if it tells one."""

    rule: str
    line: int | None


Said = dict[str, list[Remark]]


@dataclass(slots=True)
class Reading:
    """What a linter said about a corpus, by file, and which files it was too slow for."""

    rules: Mapping[str, Sequence[str]]
    said: Said = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def catches(self, fault: Fault) -> bool:
        """Say whether a rule that names the fault's class speaks up near it."""
        return any(
            fault.fault_class in self.rules.get(remark.rule, ())
            and (remark.line is None or abs(remark.line - fault.line) <= NEAR)
            for remark in self.said.get(str(fault.path), ())
        )

    def is_alarmed(self, case: Path) -> bool:
        """Say whether a rule that names any class speaks up."""
        return any(r.rule in self.rules for path in files_of(case) for r in self._of(path))

    def _of(self, path: Path) -> Iterable[Remark]:
        return self.said.get(str(path), ())


@dataclass(frozen=True, slots=True)
class Peer:
    """Another linter. `rules` are the classes that each of its rules names."""

    name: str
    package: str
    rules: Mapping[str, Sequence[str]]
    environment: Path

    def install(self, say: Callable[[str], None]) -> None:
        """Make its environment, once.

        :raises BenchmarkError: that fails.
        """
        marker = self.environment / "installed"
        if marker.is_file() and marker.read_text() == self.package:
            return
        say(f"installing {self.package} in {self.environment}")
        pip = str(self.environment / "bin" / "python")
        for arguments in (
            [sys.executable, "-m", "venv", str(self.environment)],
            [pip, "-m", "pip", "install", "-q", "--disable-pip-version-check", self.package],
        ):
            done = subprocess.run(arguments, capture_output=True, text=True, check=False)
            if done.returncode:
                raise BenchmarkError(
                    f"{self.package} cannot be installed",
                    detail=done.stderr.strip()[-500:],
                    hint="It comes from PyPI; --size small measures without others.",
                )
        marker.write_text(self.package)

    def read(self, cases: Iterable[Path]) -> Reading:
        """Return what it says about the scripts of all cases."""
        reading = Reading(self.rules)
        begun = monotonic()
        of_cases = [[str(p) for p in files_of(case) if p.suffix == ".sql"] for case in cases]
        every = [path for paths in of_cases for path in paths]
        if self.name == "pgrls":
            reading.said = self._ask_pgrls(of_cases)
        else:
            batches = [every[i : i + _AT_ONCE] for i in range(0, len(every), _AT_ONCE)]
            with ThreadPoolExecutor(2) as pool:
                for said in pool.map(lambda batch: self._ask(batch, begun), batches):
                    reading.said.update(said)
        reading.unread = [path for path in every if path not in reading.said]
        reading.seconds = monotonic() - begun
        return reading

    def _ask(self, paths: Sequence[str], begun: float) -> Said:
        """Return what it says about files; those that it did not come to are asked alone."""
        left = _WHOLE_SECONDS - (monotonic() - begun)
        if left <= 0:
            return {}
        arguments, reader = _PROGRAMS[self.name]
        try:
            text = self._run([self.name, *arguments, *paths], min(left, _FILE_SECONDS + len(paths)))
            said = reader(text, paths)
        except subprocess.TimeoutExpired:
            said = {}
        if len(paths) > 1:
            for path in [path for path in paths if path not in said]:
                said |= self._ask([path], begun)
        return said

    def _ask_pgrls(self, of_cases: Sequence[Sequence[str]]) -> Said:
        """Return what it says of each case's deploy scripts as one schema; it tells no lines."""
        groups = [
            [path for path in paths if "/revert/" not in path and "/verify/" not in path]
            for paths in of_cases
        ]
        commands = [
            ["lint", "--format", "json", *(w for path in group for w in ("--sql-file", path))]
            for group in groups
        ]
        try:
            text = self._run(["python", "-c", _PGRLS], _WHOLE_SECONDS, json.dumps(commands))
        except subprocess.TimeoutExpired:
            return {}
        said: Said = {}
        for paths, line in zip(of_cases, text.splitlines(), strict=False):
            found = _json(json.loads(line)) or {"violations": []}
            remarks = [Remark(item["rule_id"], None) for item in found["violations"]]
            said |= dict.fromkeys(paths, remarks)
        return said

    def _run(self, command: Sequence[str], seconds: float, text: str = "") -> str:
        """Return what one of its programs prints, whatever its exit code."""
        path = str(self.environment / "bin" / command[0])
        done = subprocess.run(
            [path, *command[1:]],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
        return done.stdout


def read_peers(file: Path, environments: Path) -> list[Peer]:
    """Read the list of other linters."""
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    return [
        Peer(name, peer["package"], peer["rules"], environments / name)
        for name, peer in content.items()
    ]


def _squawk(text: str, paths: Sequence[str]) -> Said:
    said: Said = {path: [] for path in paths}
    for item in _json(text):
        said[item["file"]].append(Remark(item["rule_name"], item["line"] + 1))
    return said


def _pgspot(text: str, _: Sequence[str]) -> Said:
    pieces = _PGSPOT_FILE.split(text)
    return {
        path: [Remark(match[1], int(match[2])) for match in _PGSPOT.finditer(part)]
        for path, part in zip(pieces[1::2], pieces[2::2], strict=True)
    }


def _sqlfluff(text: str, _: Sequence[str]) -> Said:
    return {
        item["filepath"]: [Remark(v["code"], v["start_line_no"]) for v in item["violations"]]
        for item in _json(text)
    }


def _json(text: str) -> Any:  # noqa: ANN401 - as the program wrote it
    start = min((at for at in (text.find("["), text.find("{")) if at >= 0), default=-1)
    try:
        return json.loads(text[start:]) if start >= 0 else []
    except ValueError:
        return []


_PROGRAMS: Mapping[str, tuple[Sequence[str], Callable[[str, Sequence[str]], Said]]] = {
    "squawk": (("--reporter", "json"), _squawk),
    "pgspot": ((), _pgspot),
    "sqlfluff": (
        ("lint", "--dialect", "postgres", "--rules", "AM04,CV05", "--format", "json"),
        _sqlfluff,
    ),
}
# One process for all cases: most of its time goes into the start.
_PGRLS = """
import contextlib, io, json, sys
from pgrls.cli import main
for arguments in json.load(sys.stdin):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        with contextlib.suppress(BaseException):
            main(arguments)
    print(json.dumps(out.getvalue()), flush=True)
"""
