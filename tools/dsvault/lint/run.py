"""A whole run: paths in, findings out."""

from __future__ import annotations

import gc
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.lint.allow import judge
from dsvault.lint.config import LintConfig
from dsvault.lint.engine import Engine, read_findings
from dsvault.lint.findings import Finding, Severity
from dsvault.lint.project import History, read_paths, scripts_of
from dsvault.lint.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MANY = 64  # files from which a second process is worth its start


@dataclass(frozen=True, slots=True)
class LintResult:
    """What a run found. `files` counts the scripts that were read for it."""

    findings: tuple[Finding, ...]
    files: int
    rules: int

    def count(self, severity: Severity) -> int:
        """Return how many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def worst(self) -> Severity | None:
        """Return the highest severity found, None if nothing was."""
        return max((finding.severity for finding in self.findings), default=None)

    def as_json(self) -> dict[str, object]:
        """Return the result as one JSON object."""
        return {
            "findings": [finding.as_json() for finding in self.findings],
            "files": self.files,
            "rules": self.rules,
            "errors": self.count(Severity.ERROR),
            "warnings": self.count(Severity.WARNING),
            "infos": self.count(Severity.INFO),
        }


def lint(paths: Sequence[Path], config: LintConfig | None = None) -> LintResult:
    """Read the paths and return what the rules find, in the order of plans and names.

    :raises dsvault.errors.DsvaultError: a path does not exist, or a setting means no rule.
    """
    config = config or LintConfig()
    rules = config.choose(all_rules())
    sequences = read_paths(paths)
    _leave_out(sequences, config)
    files = sum(1 for sequence in sequences for _ in scripts_of(sequence))
    findings = _all_findings(sequences, config, files)
    return LintResult(tuple(dict.fromkeys(findings)), files, len(rules))


def _leave_out(sequences: list[History], config: LintConfig) -> None:
    if config.exclude:
        for sequence in sequences:
            for script in scripts_of(sequence):
                script.is_wanted = script.is_wanted and not config.excludes(script.shown)


def lint_sequences(sequences: Sequence[History], config: LintConfig) -> list[Finding]:
    """Return the findings of sequences, one after the other, in this process."""
    rules = config.choose(all_rules())
    known = frozenset(rule.code for rule in all_rules())
    active = frozenset(rule.code for rule in rules)
    engine = Engine(rules, target_version=config.target_version, names=config.names)
    findings: list[Finding] = []
    for sequence in sequences:
        world = engine.run(sequence)
        judge(world, known, active)
        _in_order(world.findings, sequence)
        findings += read_findings(world)
    return findings


def _in_order(findings: list[Finding], sequence: History) -> None:
    """Sort findings by script in the order of the plan, then by place."""
    order = {script.shown: number for number, script in enumerate(scripts_of(sequence))}
    findings.sort(key=lambda f: (order.get(f.path, -1), f.line, f.column, f.code))


def _all_findings(sequences: list[History], config: LintConfig, files: int) -> list[Finding]:
    workers = min(os.cpu_count() or 1, 8, len(sequences))
    if files < _MANY or workers < 2:
        return lint_sequences(sequences, config)
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - few runs need it
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415
    from multiprocessing import get_context  # noqa: PLC0415

    # Parts small enough that no process is left alone with the last of them.
    size = max(1, min(200, len(sequences) // (workers * 8)))
    parts = [sequences[i : i + size] for i in range(0, len(sequences), size)]
    gc.freeze()  # what stands already is looked at, and so copied, by no child
    try:
        with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
            found = pool.map(lint_sequences, parts, [_portable(config)] * len(parts))
            return [finding for of_some in found for finding in of_some]
    except BrokenProcessPool:
        raise DsvaultError(
            "A process ended before it was done", hint="Is there memory enough?"
        ) from None
    finally:
        gc.unfreeze()


def _portable(config: LintConfig) -> LintConfig:
    return replace(config, severity=dict(config.severity), names=dict(config.names))
