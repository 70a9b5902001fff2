"""The security and design families on faults in other dress than the rules' own, and on traps."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from tests.lint.examples import findings_of

from dsvault.lint.findings import Severity

SCRIPTS = tomllib.loads(Path(__file__).with_name("security_and_design.toml").read_text())


@pytest.mark.parametrize("name", SCRIPTS["faults"])
def test_a_fault_is_found_where_it_is(name: str, tmp_path: Path) -> None:
    fault = SCRIPTS["faults"][name]
    found = findings_of(fault["script"], tmp_path)
    lines = [finding.line for finding in found if finding.code == fault["code"]]
    assert lines, found
    assert min(abs(line - fault["line"]) for line in lines) <= 3


@pytest.mark.parametrize("name", SCRIPTS["traps"])
def test_a_trap_is_no_fault(name: str, tmp_path: Path) -> None:
    found = [
        f"{finding.line}: {finding.code} {finding.message}"
        for finding in findings_of(SCRIPTS["traps"][name], tmp_path)
        if finding.code[:2] in {"SE", "DS"} and finding.severity != Severity.INFO
    ]
    assert found == []
