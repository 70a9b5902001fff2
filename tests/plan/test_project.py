"""The project's own plan and scripts: complete, true to each other, and readable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pglast
import pytest

from dsvault.config import find_layout
from dsvault.paths import project_root
from dsvault.plan import Change, read_plan
from dsvault.scripts import Kind, header_problems, script_path

if TYPE_CHECKING:
    from pathlib import Path

ROOT = project_root()
PLAN = read_plan(ROOT / "sqitch.plan")
_, LAYOUT = find_layout(cwd=ROOT)
NAMES = [change.name for change in PLAN.changes]
SCRIPTS = [
    path for kind in ("deploy", "revert", "verify") for path in sorted((ROOT / kind).rglob("*.sql"))
]
GENERATED = {ROOT / "verify" / "seal.sql"}
KINDS: tuple[Kind, ...] = ("deploy", "revert", "verify")
FACTS = ("Why:", "Locks:", "Data:", "Revert:")


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("kind", KINDS)
def test_every_change_has_its_script_and_no_script_is_without_a_change(kind: Kind) -> None:
    folder = ROOT / kind
    planned = {script_path(LAYOUT, change, kind) for change in PLAN.changes}
    assert planned == set(folder.rglob("*.sql"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("change", PLAN.changes, ids=NAMES)
def test_header_repeats_the_plan(change: Change, kind: Kind) -> None:
    text = (ROOT / kind / f"{change.name}.sql").read_text()
    assert header_problems(PLAN, change, kind, text) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=shown)
def test_script_is_pure_sql(path: Path) -> None:
    assert pglast.parse_sql(path.read_text())


@pytest.mark.parametrize("path", SCRIPTS, ids=shown)
def test_script_can_be_held_in_the_head(path: Path) -> None:
    lines = path.read_text().splitlines()
    if path not in GENERATED:
        assert len(lines) <= 150
        assert [line for line in lines if len(line) > 100] == []
    assert "\t" not in path.read_text()


@pytest.mark.parametrize("name", NAMES)
def test_deploy_script_says_why_what_it_locks_and_how_it_is_undone(
    name: str,
) -> None:
    text = (ROOT / "deploy" / f"{name}.sql").read_text()
    head = text.split("\nBEGIN;")[0]
    assert [fact for fact in FACTS if not re.search(rf"(?m)^-- {fact} +\S", head)] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=shown)
def test_script_is_one_transaction(path: Path) -> None:
    kinds = [
        statement.stmt.kind.name
        for statement in pglast.parse_sql(path.read_text())
        if type(statement.stmt).__name__ == "TransactionStmt"
    ]
    last = "TRANS_STMT_ROLLBACK" if path.is_relative_to(ROOT / "verify") else "TRANS_STMT_COMMIT"
    assert kinds == ["TRANS_STMT_BEGIN", last]


@pytest.mark.parametrize("path", SCRIPTS, ids=shown)
def test_script_that_touches_an_existing_table_does_not_wait_for_ever(path: Path) -> None:
    text = path.read_text()
    touches = re.search(r"(?m)^(ALTER TABLE|DROP TABLE IF EXISTS dsvault\.)", text) or re.search(
        r"(?m)^(CREATE OR REPLACE TRIGGER|.*FOREIGN KEY)", text
    )
    if touches and not path.is_relative_to(ROOT / "verify") and "audit_logs_default" not in text:
        assert "SET LOCAL lock_timeout = '2s';" in text


def test_plan_ends_in_a_tag_after_a_seal() -> None:
    assert PLAN.changes[-1].name == "seal"
    assert PLAN.changes[-1].tags


def test_notes_are_sentences() -> None:
    for change in PLAN.changes:
        assert re.fullmatch(r"[A-Za-z].*[.]", change.note), change.name


def test_no_two_deploy_scripts_are_the_same() -> None:
    texts = [(ROOT / "deploy" / f"{name}.sql").read_bytes() for name in NAMES]
    assert len(set(texts)) == len(texts)


def test_every_definer_function_says_why_it_is_one() -> None:
    for name in NAMES:
        text = (ROOT / "deploy" / f"{name}.sql").read_text()
        for function in re.finditer(r"CREATE OR REPLACE FUNCTION [^$]*SECURITY DEFINER", text):
            before = text[: function.start()].rstrip().splitlines()
            comments = []
            while before and before[-1].startswith("--"):
                comments.append(before.pop())
            explained = "SECURITY DEFINER" in " ".join(comments) or "SECURITY DEFINER:" in text
            assert explained, f"{name}: {function.group(0).splitlines()[0]}"


def test_scripts_name_no_other_error_code_than_the_table_lists() -> None:
    listed = set(re.findall(r"(?m)^\| `(DV\d{3})`", (ROOT / "sql" / "README.md").read_text()))
    raised = {
        code
        for name in NAMES
        for code in re.findall(
            r"ERRCODE = '(DV\d{3})'", (ROOT / "deploy" / f"{name}.sql").read_text()
        )
    }
    assert raised == listed
