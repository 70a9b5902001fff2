"""How quickly scripts are linted, beside the time that pglast takes to parse them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pglast import parser

from dsvault.bench import Benchmark, BenchmarkError, Bound, Comparison, Task, Work, compare, elapsed
from dsvault.lint.config import LintConfig
from dsvault.lint.project import read_paths
from dsvault.lint.run import lint, lint_sequences
from dsvault.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_EVERYTHING = LintConfig(select=("all",))


def _run(work: Work) -> Sequence[Comparison]:
    texts = _scripts()
    count = work.size["files"]
    with tempfile.TemporaryDirectory(prefix="dsvault-lint-") as name:
        folder = Path(name)
        for number in range(count):
            # Of one folder each hundred; no name says that they follow each other.
            place = folder / f"of{number // 100}"
            place.mkdir(exist_ok=True)
            (place / f"script{number}.sql").write_bytes(texts[number % len(texts)])
        reading = Task(
            name=f"{count} files, all rules",
            unit="ms",
            contestants={
                "pglast alone": elapsed(lambda: _parse(folder)),
                "one process": elapsed(lambda: lint_sequences(read_paths([folder]), _EVERYTHING)),
                "dsvault lint": elapsed(lambda: lint([folder], _EVERYTHING)),
            },
            bounds={"dsvault lint": Bound(most=3.6)},
        )
        found = compare(reading, work.rounds)
        for contestant in found.costs:
            work.say(f"{contestant}: {count / found.cost(contestant) * 1000:,.0f} files a second")
        single = folder / "of0" / "script0.sql"
        program = _Program(folder / "bytecode")
        start = Task(
            name="from the start of the program to its end",
            unit="ms",
            contestants={
                "python": elapsed(program.running("-c", "pass")),
                "--help": elapsed(program.running("-m", "dsvault", "--help")),
                "lint of one file": elapsed(program.running("-m", "dsvault", "lint", str(single))),
            },
            bounds={"lint of one file": Bound(most=15)},
        )
        return [found, compare(start, work.rounds)]


def _scripts() -> list[bytes]:
    """Return the scripts of the plan, in the order of their names."""
    root = project_root()
    paths = [p for task in ("deploy", "revert", "verify") for p in (root / task).rglob("*.sql")]
    if not paths:
        raise BenchmarkError("There are no scripts to read", hint="Run it in a checkout.")
    return [path.read_bytes() for path in sorted(paths)]


def _parse(folder: Path) -> None:
    for path in sorted(folder.rglob("*.sql")):
        parser.parse_sql(path.read_text(encoding="utf-8"))


class _Program:
    """Python, with the byte code of earlier runs, as after the first run by the launcher."""

    def __init__(self, bytecode: Path) -> None:
        self._environ = {**os.environ, "PYTHONPYCACHEPREFIX": str(bytecode)}
        self._environ.pop("PYTHONDONTWRITEBYTECODE", None)

    def running(self, *arguments: str) -> Callable[[], object]:
        """Return what runs it with arguments, to its end."""
        command = [sys.executable, *arguments]
        return lambda: subprocess.run(command, capture_output=True, check=False, env=self._environ)


BENCHMARK = Benchmark(
    explains=(
        "The scripts are those of the plan, each by itself and as often as it takes. pglast alone "
        "reads and parses them in one process and does nothing with the trees; one process lints "
        "them with every rule on; dsvault lint does so with as many processes as there are "
        "processors. The bound is 500 files a second where pglast parses 1,800. A program starts "
        "with its modules compiled, as from the second run on; the bound is 0.3 s where Python "
        "alone takes 20 ms."
    ),
    sizes={"full": {"files": 600}, "small": {"files": 40}},
    rounds=3,
    run=_run,
)
