"""Benchmarks by pairs: several contestants do the same, in turn, and only ratios are judged.

A benchmark is a module in dsvault.ops.bench.benchmarks that says BENCHMARK = Benchmark(…). Its
function returns Comparisons, each made by compare(task, rounds). sql/bench/README.md explains it.
Nothing here touches a server.
"""

from __future__ import annotations

from dsvault.bench.model import Benchmark, BenchmarkError, Work
from dsvault.bench.pairs import Bound, Comparison, Task, compare, elapsed, joined
from dsvault.bench.report import Report

__all__ = [
    "Benchmark",
    "BenchmarkError",
    "Bound",
    "Comparison",
    "Report",
    "Task",
    "Work",
    "compare",
    "elapsed",
    "joined",
]
