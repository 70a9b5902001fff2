"""What our linter finds in a corpus of planted faults, and what others find."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from dsvault.bench import Benchmark, BenchmarkError, Bound, Comparison, Work
from dsvault.lint.config import LintConfig
from dsvault.lint.corpus import NEAR, cases, faults
from dsvault.lint.findings import Severity
from dsvault.lint.run import lint
from dsvault.ops.bench.peers import Peer, read_peers
from dsvault.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dsvault.lint.corpus import Fault

_TOGETHER = "the others together"


@dataclass(slots=True)
class _Score:
    """What one linter, or several together, found."""

    caught: set[Fault] = field(default_factory=set)
    alarmed: set[Path] = field(default_factory=set)
    seconds: float = 0.0


def _run(work: Work) -> Sequence[Comparison]:
    corpus = project_root() / "tests" / "lint" / "corpus"
    if not corpus.is_dir():
        raise BenchmarkError(
            "An installed dsvault has no corpus", hint="Run ./dsvault bench lint in a checkout."
        )
    planted = list(faults(corpus / "faults"))
    clean = cases(corpus / "clean")
    scores = {"dsvault": _ours(planted, clean)}
    for peer in _peers(work):
        work.say(f"asking {peer.name}")
        reading = peer.read([*cases(corpus / "faults"), *clean])
        if reading.unread:
            work.say(f"{peer.name} was too slow for {len(reading.unread)} files, or refused them")
        scores[peer.name] = _Score(
            {fault for fault in planted if reading.catches(fault)},
            {case for case in clean if reading.is_alarmed(case)},
            reading.seconds,
        )
    others = [score for name, score in scores.items() if name != "dsvault"]
    if others:
        together = _Score(
            set().union(*(score.caught for score in others)),
            set().union(*(score.alarmed for score in others)),
            sum(score.seconds for score in others),
        )
        for fault in sorted(together.caught - scores["dsvault"].caught, key=str):
            work.say(f"only others find {fault.fault_class} in {fault.path.relative_to(corpus)}")
        scores[_TOGETHER] = together
    return _comparisons(scores, len(planted), len(clean))


def _comparisons(scores: Mapping[str, _Score], planted: int, clean: int) -> Sequence[Comparison]:
    bound = {_TOGETHER: Bound(most=1.0)} if _TOGETHER in scores else {}
    counted: Sequence[tuple[str, str, Callable[[str, _Score], float], Mapping[str, Bound]]] = (
        (f"faults caught, of {planted}", "faults", lambda _, s: len(s.caught), bound),
        ("faults that nobody else caught", "faults", lambda n, _: len(_alone(n, scores)), bound),
        (
            f"clean cases left alone, of {clean}",
            "cases",
            lambda _, s: clean - len(s.alarmed),
            bound,
        ),
        ("time for all of it", "ms", lambda _, s: s.seconds * 1000, {}),
    )
    return [
        Comparison(task, unit, {name: [float(of(name, s))] for name, s in scores.items()}, limits)
        for task, unit, of, limits in counted
    ]


def _alone(name: str, scores: Mapping[str, _Score]) -> set[Fault]:
    """Return what one linter caught and no other; for the others together, what ours did not."""
    rest = {n: s for n, s in scores.items() if n not in {name, _TOGETHER}}
    if name == _TOGETHER:
        rest = {n: s for n, s in rest.items() if n == "dsvault"}
    return {f for f in scores[name].caught if not any(f in s.caught for s in rest.values())}


def _ours(planted: Sequence[Fault], clean: Sequence[Path]) -> _Score:
    begun = perf_counter()
    score = _Score()
    for fault in planted:
        for finding in lint([fault.case], LintConfig()).findings:
            is_near = finding.path == str(fault.path) and abs(finding.line - fault.line) <= NEAR
            if is_near and fault.fault_class in finding.classes:
                score.caught.add(fault)
    for case in clean:
        if any(f.severity > Severity.INFO for f in lint([case], LintConfig()).findings):
            score.alarmed.add(case)
    score.seconds = perf_counter() - begun
    return score


def _peers(work: Work) -> list[Peer]:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "dsvault" / "linters"
    peers = read_peers(project_root() / "sql" / "bench" / "lint" / "peers.toml", folder)
    wanted = peers[: work.size["others"]]
    for peer in wanted:
        peer.install(work.say)
    return wanted


BENCHMARK = Benchmark(
    explains=(
        "Each linter reads every case of tests/lint/corpus. A fault is caught if a rule that names "
        "its class speaks up within three lines of it; a clean case is left alone if no such rule "
        "speaks up. Which rule of another linter names which class stands in "
        "sql/bench/lint/peers.toml; pgrls tells no lines, so that its word counts anywhere. Others "
        "get many files at a time, pgrls those of one case, and a limit of time."
    ),
    sizes={"full": {"others": 4}, "small": {"others": 0}},
    rounds=1,
    run=_run,
)
