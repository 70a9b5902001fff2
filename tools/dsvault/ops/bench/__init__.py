"""Find and run benchmarks: one module each in the folder benchmarks/."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.bench import Benchmark, BenchmarkError, Report
from dsvault.paths import project_root

if TYPE_CHECKING:
    from dsvault.bench import Work

_FOLDER = Path(__file__).with_name("benchmarks")


def names() -> list[str]:
    """Return the names of all benchmarks."""
    return sorted(path.stem for path in _FOLDER.glob("[!_]*.py"))


def about(name: str) -> str:
    """Return the first line of a benchmark's module, without importing what that needs."""
    source = (_FOLDER / f"{name}.py").read_text(encoding="utf-8")
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


def find(name: str) -> Benchmark:
    """Return a benchmark by its name.

    :raises BenchmarkError: there is none of that name.
    """
    if name not in names():
        raise BenchmarkError(f"There is no benchmark {name}", hint="See `dsvault bench --help`.")
    found = importlib.import_module(f"{__name__}.benchmarks.{name}").BENCHMARK
    assert isinstance(found, Benchmark)  # noqa: S101 - a fault of ours, not of input
    return found


def run(name: str, work: Work) -> Report:
    """Run a benchmark and return what came of it.

    :raises BenchmarkError: it cannot be run as asked.
    :raises dsvault.server.ServerError: a server that it needs cannot be run.
    """
    benchmark = find(name)
    return Report(
        benchmark=name,
        size=work.size,
        rounds=work.rounds,
        comparisons=benchmark.run(work),
        is_judged=benchmark.judges(work.size),
        remarks=[benchmark.explains],
    )


def record_report(report: Report) -> Path:
    """Write a report below sql/bench/results of a checkout; return its path.

    :raises BenchmarkError: this is an installed dsvault, or the file cannot be written.
    """
    root = project_root()
    if root.name == "_project":
        raise BenchmarkError(
            "An installed dsvault has no results to keep",
            hint="Run ./dsvault bench in a checkout, or keep what --json prints.",
        )
    numbers = "-".join(f"{number}-{name}" for name, number in report.size.items())
    path = root / "sql" / "bench" / "results" / f"{report.benchmark}-{numbers}.txt"
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([*report.lines(), ""]), encoding="utf-8")
    except OSError as error:
        raise BenchmarkError(f"Cannot write {path}", detail=error.strerror) from None
    return path
