"""Every rule: its page, its examples, and what a real PostgreSQL says to them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from tests.lint.examples import (
    files_of_tables,
    findings_of,
    locks_taken,
    run,
    scripts_in_order,
)

from dsvault.lint.rules import FAMILIES, all_rules
from dsvault.paths import project_root

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    from tests.lint.examples import Sandbox
    from tests.support.cluster import Cluster

    from dsvault.lint.rule import Example, Rule

RULES = all_rules()
LINT = project_root() / "tools" / "dsvault" / "lint"
PREFIXES = {"running": "RN", "locks": "LK", "undoing": "RV", "security": "SE", "design": "DS"}
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


@every_rule
def test_a_rule_explains_itself(rule: Rule) -> None:
    text = type(rule).__doc__ or ""
    assert re.search(r"^    Why: ", text, re.MULTILINE)
    assert re.search(r"^    Instead: ", text, re.MULTILINE)
    assert rule.title().endswith(".")
    assert rule.bad
    assert rule.good


@every_rule
def test_a_rule_stands_where_its_code_says(rule: Rule) -> None:
    module = type(rule).__module__.rpartition(".")[2]
    assert rule.code[:2] == PREFIXES[rule.family()]
    assert re.fullmatch(r"[A-Z]{2}\d{3}", rule.code)
    assert module.startswith(rule.code.lower() + "_")


def test_codes_are_given_once_and_classes_exist() -> None:
    known = json.loads((LINT / "classes.json").read_text())
    assert list(PREFIXES) == list(FAMILIES)
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert {name for rule in RULES for name in rule.classes} <= set(known)


def test_each_class_of_fault_has_a_rule() -> None:
    known = json.loads((LINT / "classes.json").read_text())
    assert set(known) - {name for rule in RULES for name in rule.classes} == set()


@every_rule
def test_a_rule_finds_its_bad_example(rule: Rule, tmp_path: Path) -> None:
    found = findings_of(rule.bad, tmp_path, rule.setup)
    assert rule.code in {finding.code for finding in found}, found


@every_rule
def test_a_rule_is_silent_on_its_good_example(rule: Rule, tmp_path: Path) -> None:
    found = findings_of(rule.good, tmp_path, rule.setup)
    assert rule.code not in {finding.code for finding in found}, found


@every_rule
def test_postgresql_agrees_with_a_rule(rule: Rule, sandbox: Sandbox, server: Cluster) -> None:
    """Run both examples; what the rule claims must be so for the bad and not for the good one."""
    if int(server.version.split(".")[0]) < rule.claim.since:
        pytest.skip(f"the claim is about PostgreSQL {rule.claim.since} and later")
    for example, is_bad in ((rule.bad, True), (rule.good, False)):
        with sandbox.connect() as conn:
            assert run(conn, rule.setup) == ""
            check(conn, rule, example, is_bad=is_bad)


def check(conn: psycopg.Connection, rule: Rule, example: Example, *, is_bad: bool) -> None:
    claim = rule.claim
    files = files_of_tables(conn)
    if claim.locks:
        conn.execute("BEGIN")
    states = [run(conn, text) for text in scripts_in_order(example)]
    failed = next(filter(None, states), "")
    if claim.locks:
        # CONCURRENTLY fails in this transaction, so it held nothing.
        assert (claim.locks in locks_taken(conn)) is is_bad
        conn.execute("ROLLBACK")
        return
    assert failed == (claim.fails if is_bad else ""), example
    if claim.rewrites:
        after = files_of_tables(conn)
        assert any(after[name] != files[name] for name in files if name in after) is is_bad
    if claim.shows:
        row = conn.execute(claim.shows.encode()).fetchone()
        assert row is not None
        assert row[0] is is_bad
