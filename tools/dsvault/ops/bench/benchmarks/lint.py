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
    from collections.abc import Mapping, Sequence

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
        scores[peer.name] = _of_peer(peer, planted, clean)
    others = [score for name, score in scores.items() if name != "dsvault"]
    if others:
        scores[_TOGETHER] = _Score(
            set().union(*(score.caught for score in others)),
            set().union(*(score.alarmed for score in others)),
            sum(score.seconds for score in others),
        )
    return list(_comparisons(scores, len(planted), len(clean)))


def _comparisons(scores: Mapping[str, _Score], planted: int, clean: int) -> Sequence[Comparison]:
    quiet = {name: [float(clean - len(s.alarmed))] for name, s in scores.items()}
    bound = {_TOGETHER: Bound(most=1.0)} if _TOGETHER in scores else {}
    return [
        Comparison(
            f"faults caught, of {planted}",
            "faults",
            {name: [float(len(s.caught))] for name, s in scores.items()},
            bound,
        ),
        Comparison(f"clean cases left alone, of {clean}", "cases", quiet, bound),
        Comparison(
            "time for all of it", "ms", {name: [s.seconds * 1000] for name, s in scores.items()}
        ),
    ]


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


def _of_peer(peer: Peer, planted: Sequence[Fault], clean: Sequence[Path]) -> _Score:
    begun = perf_counter()
    score = _Score(
        {fault for fault in planted if peer.catches(fault)},
        {case for case in clean if peer.is_alarmed(case)},
    )
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
        "sql/bench/lint/peers.toml; pgrls tells no lines, so that its word counts anywhere. The "
        "time of others includes the start of their programs for each file."
    ),
    sizes={"full": {"others": 4}, "small": {"others": 0}},
    rounds=1,
    run=_run,
)
