"""Planted faults are found where they are, and clean files are left alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from tests.lint.corpus import NEAR, ROOT, Fault, cases, clean_cases, faults, name_of

from dsvault.lint.config import LintConfig
from dsvault.lint.findings import Severity
from dsvault.lint.rules import all_rules
from dsvault.lint.run import lint

if TYPE_CHECKING:
    from pathlib import Path

# What is style is off, and asked for by the rule's own examples.
PROMISED = {name for rule in all_rules() if rule.severity > Severity.INFO for name in rule.classes}
FAULTS = [fault for fault in faults() if fault.fault_class in PROMISED]
CLEAN = clean_cases()


@pytest.mark.parametrize("fault", FAULTS, ids=name_of)
def test_a_planted_fault_is_found_where_it_is(fault: Fault) -> None:
    found = lint([fault.case], LintConfig()).findings
    near = [
        finding
        for finding in found
        if finding.path == str(fault.path) and abs(finding.line - fault.line) <= NEAR
    ]
    assert fault.fault_class in {name for finding in near for name in finding.classes}, found


@pytest.mark.parametrize("case", CLEAN, ids=lambda path: path.name)
def test_a_clean_file_is_left_alone(case: Path) -> None:
    found = lint([case], LintConfig()).findings
    assert [finding for finding in found if finding.severity > Severity.INFO] == []


def test_the_corpus_plants_a_fault_of_every_class_that_a_rule_promises() -> None:
    assert PROMISED - {fault.fault_class for fault in FAULTS} == set()


def test_the_corpus_is_large_enough_to_say_something() -> None:
    files = Counter(path.suffix for path in ROOT.rglob("*") if path.is_file())
    assert files[".sql"] >= 250
    assert len(faults()) >= 165
    assert len(CLEAN) >= 50


def test_all_cases_together_are_read_as_each_alone() -> None:
    together = lint([ROOT / "faults"], LintConfig()).findings
    alone = [f for case in cases(ROOT / "faults") for f in lint([case], LintConfig()).findings]
    assert Counter(map(str, together)) == Counter(map(str, alone))
