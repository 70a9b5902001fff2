"""The paired runner: turns, ratios, bounds, and how they are shown."""

from __future__ import annotations

import math

import pytest

from dsvault.bench import (
    Benchmark,
    BenchmarkError,
    Bound,
    Comparison,
    Report,
    Task,
    Work,
    compare,
    elapsed,
    joined,
)

COSTS = {"theirs": [10.0, 100.0, 12.0], "ours": [11.0, 130.0, 12.0]}


def report(comparison: Comparison, *, is_judged: bool) -> Report:
    return Report("sorting", {"numbers": 1000}, 3, [comparison], is_judged, ["About."])


class TestTurns:
    def test_everybody_takes_part_in_every_round_in_an_order_that_turns(self) -> None:
        calls: list[str] = []

        def contestant(name: str) -> float:
            calls.append(name)
            return float(len(calls))

        names = ("a", "b", "c")
        task = Task("count", "calls", {name: lambda n=name: contestant(n) for name in names})
        found = compare(task, 3)
        assert "".join(calls) == "abc" + "abc" + "bca" + "cab"
        assert found.costs == {"a": [4.0, 9.0, 11.0], "b": [5.0, 7.0, 12.0], "c": [6.0, 8.0, 10.0]}

    def test_one_round_is_not_prepared_by_another(self) -> None:
        calls: list[str] = []
        task = Task(
            "t", "ms", {name: lambda name=name: float(calls.append(name) or 1) for name in "ab"}
        )
        compare(task, 1)
        assert calls == ["a", "b"]

    def test_elapsed_counts_milliseconds(self) -> None:
        assert 0.0 <= elapsed(lambda: None)() < 1000.0


class TestRatios:
    def test_rounds_of_several_sittings_are_joined_pair_by_pair(self) -> None:
        bound = {"ours": Bound(most=1.1)}
        first = Comparison("sort", "ms", {"theirs": [10.0, 20.0], "ours": [10.0, 22.0]}, bound)
        second = Comparison("sort", "ms", {"theirs": [40.0], "ours": [48.0]}, bound)
        whole = joined([first, second])
        assert whole == Comparison(
            "sort", "ms", {"theirs": [10.0, 20.0, 40.0], "ours": [10.0, 22.0, 48.0]}, bound
        )
        assert whole.ratios("ours") == pytest.approx([1.0, 1.1, 1.2])

    def test_a_ratio_is_the_median_of_those_of_each_round(self) -> None:
        found = Comparison("sort", "ms", COSTS)
        assert found.base == "theirs"
        assert found.ratios("ours") == pytest.approx([1.1, 1.3, 1.0])
        assert found.ratio("ours") == pytest.approx(1.1)
        assert found.cost("ours") == 12.0

    @pytest.mark.parametrize(
        ("bound", "missed"),
        [
            (Bound(most=1.2), []),
            (Bound(most=1.05), ["ours"]),
            (Bound(least=1.05), []),
            (Bound(least=8), ["ours"]),
        ],
    )
    def test_a_ratio_out_of_its_bound_is_missed(self, bound: Bound, missed: list[str]) -> None:
        assert Comparison("sort", "ms", COSTS, {"ours": bound}).missed == missed

    def test_a_bound_says_what_it_is(self) -> None:
        assert [str(Bound(most=1.05)), str(Bound(least=8))] == ["≤ 1.05", "≥ 8"]
        assert str(Bound(least=1, most=2)) == "≥ 1 and ≤ 2"
        assert Bound().most == math.inf


class TestReports:
    def test_lines_say_machine_date_size_costs_and_verdict(self) -> None:
        comparison = Comparison("sort", "ms", COSTS, {"ours": Bound(most=1.05)})
        lines = list(report(comparison, is_judged=True).lines())
        assert lines[0].startswith("dsvault bench sorting, dsvault ")
        assert "cores" in lines[1]
        assert lines[2].startswith("1,000 numbers; medians of 3 rounds")
        assert lines[5] == "sort   12.0 ms   12.0 ms  × 1.10 (≤ 1.05!)"  # noqa: RUF001
        assert lines[-1] == "Out of bounds: sort"

    def test_bounds_are_not_judged_at_another_size(self) -> None:
        comparison = Comparison("sort", "ms", COSTS, {"ours": Bound(most=1.05)})
        found = report(comparison, is_judged=False)
        assert found.missed == []
        assert list(found.lines())[-1] == "Bounds are not judged at this size."

    def test_json_has_its_keys(self) -> None:
        comparison = Comparison("sort", "ms", COSTS, {"ours": Bound(most=1.2)})
        content = report(comparison, is_judged=True).as_json()
        assert list(content) == [
            "benchmark", "version", "at", "machine", "size", "rounds", "comparisons", "missed",
            "remarks",
        ]  # fmt: skip
        [inner] = content["comparisons"]  # type: ignore[misc]
        assert list(inner) == ["task", "unit", "base", "costs", "ratios", "bounds", "missed"]


class TestSizes:
    BENCHMARK = Benchmark(
        "", {"full": {"a": 9, "b": 8}, "small": {"a": 1, "b": 2}}, 1, lambda _: []
    )

    def test_the_first_size_is_the_default_and_the_one_that_is_judged(self) -> None:
        assert self.BENCHMARK.size(None, {}) == {"a": 9, "b": 8}
        assert self.BENCHMARK.judges({"a": 9, "b": 8})
        assert not self.BENCHMARK.judges(self.BENCHMARK.size("small", {}))
        assert not self.BENCHMARK.judges(self.BENCHMARK.size(None, {"b": 7}))

    def test_a_size_or_number_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(BenchmarkError, match="no size huge"):
            self.BENCHMARK.size("huge", {})
        with pytest.raises(BenchmarkError, match="no number c"):
            self.BENCHMARK.size(None, {"c": 1})

    def test_work_is_what_was_asked_for(self) -> None:
        said: list[str] = []
        Work({"a": 1}, 2, said.append).say("hello")
        assert said == ["hello"]
