"""Other linters, each in an environment of its own, and what they say about a corpus."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsvault.bench import BenchmarkError
from dsvault.lint.corpus import NEAR, files_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from dsvault.lint.corpus import Fault

_PGSPOT = re.compile(r"(PS\d+): .* at line (\d+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Remark:
    """What a linter said: its rule, and the line if it tells one."""

    rule: str
    line: int | None


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

    def remarks(self, case: Path) -> dict[str, list[Remark]]:
        """Return what it says about the scripts of a case, by path."""
        scripts = [path for path in files_of(case) if path.suffix == ".sql"]
        found: dict[str, list[Remark]] = {}
        for path in scripts:
            found[str(path)] = list(_READERS[self.name](self, path))
        return found

    def catches(self, fault: Fault) -> bool:
        """Say whether one of its rules that name the fault's class speaks up near it."""
        return any(
            fault.fault_class in self.rules.get(remark.rule, ())
            and (remark.line is None or abs(remark.line - fault.line) <= NEAR)
            for remark in self.remarks(fault.case).get(str(fault.path), ())
        )

    def is_alarmed(self, case: Path) -> bool:
        """Say whether one of its rules that name any class speaks up."""
        return any(r.rule in self.rules for said in self.remarks(case).values() for r in said)

    def run(self, program: str, *arguments: str) -> str:
        """Return what one of its programs prints, whatever its exit code."""
        path = str(self.environment / "bin" / program)
        done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False)
        return done.stdout


def read_peers(file: Path, environments: Path) -> list[Peer]:
    """Read the list of other linters."""
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    return [
        Peer(name, peer["package"], peer["rules"], environments / name)
        for name, peer in content.items()
    ]


def _squawk(peer: Peer, path: Path) -> Iterator[Remark]:
    for item in _json(peer.run("squawk", "--reporter", "json", str(path))):
        yield Remark(item["rule_name"], item["line"] + 1)


def _pgspot(peer: Peer, path: Path) -> Iterator[Remark]:
    for match in _PGSPOT.finditer(peer.run("pgspot", str(path))):
        yield Remark(match[1], int(match[2]))


def _pgrls(peer: Peer, path: Path) -> Iterator[Remark]:
    text = peer.run("pgrls", "lint", "--sql-file", str(path), "--format", "json")
    for item in (_json(text) or {"violations": []})["violations"]:
        yield Remark(item["rule_id"], None)


def _sqlfluff(peer: Peer, path: Path) -> Iterator[Remark]:
    text = peer.run("sqlfluff", "lint", "--dialect", "postgres", "--format", "json", str(path))
    for item in _json(text):
        for violation in item["violations"]:
            yield Remark(violation["code"], violation["start_line_no"])


def _json(text: str) -> Any:  # noqa: ANN401 - as the program wrote it
    start = min((at for at in (text.find("["), text.find("{")) if at >= 0), default=-1)
    try:
        return json.loads(text[start:]) if start >= 0 else []
    except ValueError:
        return []


_READERS: Mapping[str, Callable[[Peer, Path], Iterator[Remark]]] = {
    "squawk": _squawk,
    "pgspot": _pgspot,
    "pgrls": _pgrls,
    "sqlfluff": _sqlfluff,
}
