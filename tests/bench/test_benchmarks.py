"""Every benchmark runs at its small size. What it measures there is not looked at."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

import pytest

from dsvault.ops.bench import BenchmarkError, about, find, names, record_report
from dsvault.paths import project_root

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = project_root() / "sql" / "bench"
PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "dsvault", "bench", *arguments],
        cwd=project_root(),
        capture_output=True,
        text=True,
        check=False,
    )


@cache
def overview() -> str:
    """Return what the command says about all benchmarks."""
    return bench("--help").stdout


@pytest.mark.parametrize("name", names())
def test_a_benchmark_runs_at_its_small_size(name: str) -> None:
    done = bench(name, "--size", "small", "--rounds", "1", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["ok"]
    assert report["benchmark"] == name
    assert report["size"] == dict(find(name).sizes["small"])
    assert report["comparisons"]
    for comparison in report["comparisons"]:
        assert all(len(costs) == 1 for costs in comparison["costs"].values())
        # Sqitch may be at odds after every kill.
        assert all(costs[0] >= 0 for costs in comparison["costs"].values())


@pytest.mark.parametrize("name", names())
def test_a_benchmark_is_listed_and_explains_itself(name: str) -> None:
    assert about(name).endswith(".")
    assert find(name).explains
    assert next(iter(find(name).sizes)) != "small", "bounds are meant for another size"
    assert f"`{name}/`" in PAGE or not (FOLDER / name).is_dir()
    assert name in overview()


def test_what_cannot_be_run_is_refused_without_a_traceback() -> None:
    for arguments, words in (
        (["nothing"], "No such command 'nothing'"),
        (["isolation", "--set", "cows=3"], "The size has no number cows"),
        (["isolation", "--set", "tenants"], "write NAME=NUMBER"),
        (["isolation", "--size", "huge"], "'huge' is not one of"),
    ):
        done = bench(*arguments)
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_a_result_is_written_with_its_size_in_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dsvault.bench import Comparison, Report

    (tmp_path / "sql" / "bench").mkdir(parents=True)
    monkeypatch.setattr("dsvault.ops.bench.project_root", lambda: tmp_path)
    report = Report("sorting", {"numbers": 10}, 1, [Comparison("s", "ms", {"a": [1.0]})], True)
    path = record_report(report)
    assert path.name == "sorting-10-numbers.txt"
    assert path.read_text().splitlines() == list(report.lines())

    monkeypatch.setattr("dsvault.ops.bench.project_root", lambda: tmp_path / "_project")
    with pytest.raises(BenchmarkError, match="no results to keep"):
        record_report(report)


def test_recorded_results_say_version_date_and_machine() -> None:
    for path in (FOLDER / "results").glob("*.txt"):
        first, second, *_ = path.read_text(encoding="utf-8").splitlines()
        assert re.fullmatch(r"dsvault bench \w+, dsvault \S+, \d{4}-\d\d-\d\d \d\d:\d\d UTC", first)
        assert "cores" in second


def test_the_example_of_the_page_is_a_benchmark(tmp_path: Path) -> None:
    [example] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    scope: dict[str, object] = {"__name__": "example"}
    exec(compile(example, "example", "exec"), scope)  # noqa: S102 - our own page
    from dsvault.bench import Benchmark, Work

    benchmark = scope["BENCHMARK"]
    assert isinstance(benchmark, Benchmark)
    [comparison] = benchmark.run(Work(benchmark.sizes["small"], 2, lambda _: None))
    assert list(comparison.costs) == ["list.sort", "sorted"]
