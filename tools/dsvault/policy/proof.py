"""What came of the cells, as values, JSON and JUnit XML. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from dsvault.policy.errors import MatrixError
from dsvault.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one cell. statement and actor tell how to see it again."""

    table: str
    role: str
    command: str
    case: str
    passed: bool
    expected: str
    seen: str
    statement: str
    actor: str

    @property
    def name(self) -> str:
        """The cell's name."""
        return f"{self.table} {self.role} {self.command}, {self.case}"

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "table": self.table,
            "role": self.role,
            "command": self.command,
            "case": self.case,
            "passed": self.passed,
            "expected": self.expected,
            "seen": self.seen,
            "statement": self.statement,
            "actor": self.actor,
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of all cells, in their order; at is the moment in UTC as ISO 8601."""

    target: str
    server: str
    at: str
    seconds: float
    outcomes: Sequence[Outcome]

    @property
    def failed(self) -> list[Outcome]:
        """The cells that are not as declared."""
        return [outcome for outcome in self.outcomes if not outcome.passed]

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "target": self.target,
            "server": self.server,
            "at": self.at,
            "seconds": round(self.seconds, 3),
            "cells": len(self.outcomes),
            "failed": len(self.failed),
            "results": [outcome.as_json() for outcome in self.outcomes],
        }

    def as_junit(self) -> str:
        """Return it as JUnit XML: one suite a table, one case a cell."""
        root = ET.Element(
            "testsuites",
            name="dsvault policy test",
            tests=str(len(self.outcomes)),
            failures=str(len(self.failed)),
            time=f"{self.seconds:.3f}",
        )
        for table in dict.fromkeys(outcome.table for outcome in self.outcomes):
            outcomes = [outcome for outcome in self.outcomes if outcome.table == table]
            failures = sum(not outcome.passed for outcome in outcomes)
            suite = ET.SubElement(
                root,
                "testsuite",
                name=table,
                tests=str(len(outcomes)),
                failures=str(failures),
                timestamp=self.at,
            )
            for outcome in outcomes:
                _add_case(suite, outcome)
        ET.indent(root)
        return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def read_proof(text: str) -> Proof:
    """Read what `dsvault policy test --json` printed.

    :raises MatrixError: it is something else.
    """
    try:
        content = json.loads(text)
        outcomes = [Outcome(**result) for result in content["results"]]
        head = {key: content[key] for key in ("target", "server", "at", "seconds")}
        return Proof(**head, outcomes=outcomes)
    except (ValueError, KeyError, TypeError):
        raise MatrixError(
            "These are no results of a policy test",
            hint="Write them by: dsvault policy test --json > results.json",
        ) from None


def _add_case(suite: ET.Element, outcome: Outcome) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=f"dsvault.policy.{outcome.table}.{outcome.role}",
        name=f"{outcome.command}, {outcome.case}",
    )
    if not outcome.passed:
        message = f"expected {outcome.expected}; seen {outcome.seen}"
        failure = ET.SubElement(case, "failure", message=printable(message))
        failure.text = printable(f"{outcome.actor}\n{outcome.statement}")
