"""This project's own plan and scripts keep the rules of deploy/README.md."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest
from pglast import parse_sql
from tests.plan import project_rules as rules

from dsvault.paths import project_root
from dsvault.plan import read_plan
from dsvault.scripts import KINDS, header_problems

if TYPE_CHECKING:
    from pathlib import Path

    from dsvault.plan import Change, Plan
    from dsvault.scripts import Kind

ROOT = project_root()
FOLDERS = {"facts", "functions", "policies", "privileges", "roles", "schemas", "seed", "tables"}
FOLDERS |= {"triggers", "views"}


@cache
def plan() -> Plan:
    return read_plan(ROOT / "sqitch.plan")


def path(change: Change, kind: Kind) -> Path:
    return ROOT / kind / f"{change.name}.sql"


def text(change: Change, kind: Kind) -> str:
    return path(change, kind).read_text(encoding="utf-8")


def scripts(*kinds: Kind) -> dict[str, str]:
    """Return the text of every planned script, of all kinds or of these, by its name."""
    return {
        f"{kind}/{change.name}.sql": text(change, kind)
        for kind in kinds or KINDS
        for change in plan().changes
    }


# The plan


def test_plan_has_changes() -> None:
    assert len(plan().changes) > 60


def test_every_change_is_planned_once_but_for_reworks() -> None:
    counted = Counter(change.name for change in plan().changes)
    reworked = {change.name for change in plan().changes if change.is_reworked}
    assert {name for name, times in counted.items() if times > 1} == reworked


def test_plan_ends_in_a_tag_right_after_a_seal() -> None:
    last = plan().changes[-1]
    assert last.name == "seal"
    assert last.tags, "a release is tagged"


def test_every_tag_follows_a_seal() -> None:
    tagged = [change.name for change in plan().changes if change.tags]
    assert tagged
    assert set(tagged) == {"seal"}


def test_what_a_change_requires_comes_before_it() -> None:
    seen: set[str] = set()
    for change in plan().changes:
        early = {str(other) for other in change.requires} - seen
        assert not early, f"{change.name} requires what comes later or never: {early}"
        seen.add(change.name)


def test_no_change_requires_the_same_twice() -> None:
    for change in plan().changes:
        names = [str(other) for other in change.requires]
        assert len(names) == len(set(names)), change.name


def test_changes_are_planned_in_the_order_of_their_times() -> None:
    moments = [change.timestamp for change in plan().changes]
    assert moments == sorted(moments)
    assert len(set(moments)) == len(moments)


def test_every_change_says_why_in_its_note() -> None:
    for change in plan().changes:
        assert change.note.endswith("."), f"{change.name}: {change.note!r} is no sentence"


def test_change_names_are_a_known_folder_and_an_object() -> None:
    for change in plan().changes:
        folder, slash, name = change.name.partition("/")
        known = change.name == "seal" if not slash else folder in FOLDERS
        assert known, change.name
        assert (name or folder).replace("_", "").isalnum(), change.name
        assert change.name == change.name.lower()


def test_every_folder_has_changes_and_its_line_in_the_readme() -> None:
    used = {change.name.partition("/")[0] for change in plan().changes} - {"seal"}
    readme = (ROOT / "deploy/README.md").read_text(encoding="utf-8")
    assert used == FOLDERS
    assert [folder for folder in sorted(FOLDERS) if f"| `{folder}/` |" not in readme] == []


# The scripts


def test_every_change_has_its_three_scripts() -> None:
    assert [
        str(path(c, kind)) for c in plan().changes for kind in KINDS if not path(c, kind).is_file()
    ] == []


def test_no_script_is_outside_of_the_plan() -> None:
    planned = {path(change, kind) for change in plan().changes for kind in KINDS}
    found = {file for kind in KINDS for file in (ROOT / kind).rglob("*") if file.is_file()}
    readmes = {ROOT / kind / "README.md" for kind in KINDS}
    assert found - planned - readmes == set()


def test_scripts_are_plain_text_that_ends_in_a_statement() -> None:
    for name, script in scripts().items():
        assert script.isascii(), name
        assert not {"\t", "\r"} & set(script), name
        assert script.endswith(";\n"), name


def test_headers_say_what_the_plan_says() -> None:
    for change in plan().changes:
        for kind in KINDS:
            assert header_problems(plan(), change, kind, text(change, kind)) == [], change.name


def test_deploy_headers_state_the_four_facts() -> None:
    missing = {name: rules.missing_facts(script) for name, script in scripts("deploy").items()}
    assert {name: facts for name, facts in missing.items() if facts} == {}


def test_scripts_are_pure_sql_in_one_transaction_that_verify_takes_back() -> None:
    # Commands and variables of psql do not parse.
    for name, script in scripts().items():
        last = "ROLLBACK" if name.startswith("verify/") else "COMMIT"
        assert rules.transaction_control(script) == ["BEGIN", last], name


def test_lines_are_short() -> None:
    long = {name: rules.lines_too_long(script) for name, script in scripts().items()}
    assert [name for name, lines in long.items() if lines] == ["verify/seal.sql"]
    assert "-- Generated by" in scripts("verify")["verify/seal.sql"], "nobody reads it in full"


def test_scripts_are_short_enough_to_be_read() -> None:
    # Verify scripts are lists of facts, one a line.
    sizes = {name: len(script.splitlines()) for name, script in scripts("deploy", "revert").items()}
    assert {name: size for name, size in sizes.items() if size > rules.MOST_LINES} == {}


def test_relations_and_routines_are_qualified() -> None:
    names = {name: rules.unqualified_names(script) for name, script in scripts().items()}
    assert {name: found for name, found in names.items() if found} == {}


def test_what_changes_an_existing_table_does_not_wait_long_for_its_lock() -> None:
    patient = {
        name: tables
        for name, script in scripts().items()
        if (tables := rules.changed_tables(script)) and not rules.sets_lock_timeout(script)
    }
    assert patient == {}


def test_every_definer_function_says_why_it_is_one() -> None:
    unexplained = {
        name: rules.unexplained_definers(text) for name, text in scripts("deploy").items()
    }
    assert {name: functions for name, functions in unexplained.items() if functions} == {}


def test_no_two_scripts_of_a_kind_are_the_same() -> None:
    for kind in KINDS:
        bodies: dict[str, str] = {}
        for change in plan().changes:
            body = "\n".join(text(change, kind).splitlines()[1:])
            assert body not in bodies, f"{kind}/{change.name} is {kind}/{bodies[body]} again"
            bodies[body] = change.name


def test_every_error_code_is_in_the_table_and_every_entry_is_raised() -> None:
    table = (ROOT / "sql/README.md").read_text(encoding="utf-8").split("## Error codes")[1]
    listed = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `DV")]
    raised = set().union(*(rules.error_codes(text(c, "deploy")) for c in plan().changes))
    assert len(listed) == len(set(listed))
    assert set(listed) == raised


# The rules themselves


def test_a_header_without_a_fact_is_found() -> None:
    whole = "-- Deploy p:x to pg\n--\n-- Why:    a.\n-- Locks:  b.\n-- Data:   c.\n-- Revert: d.\n"
    assert rules.missing_facts(whole) == []
    assert rules.missing_facts(whole.replace("-- Data:   c.\n", "")) == ["Data"]
    assert rules.missing_facts(whole.replace("c.", "")) == ["Data"]
    moved = whole.replace("Why: ", "Lock:").replace("Locks:", "Why:").replace("Lock:", "Locks:")
    assert rules.missing_facts(moved) == ["another order"]
    assert rules.missing_facts("\n" + whole) == list(rules.FACTS), "the header comes first"


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("ALTER TABLE a.b ADD c integer", {"a.b"}),
        ("CREATE INDEX i ON a.b (c)", {"a.b"}),
        ("CREATE TABLE a.c (d integer REFERENCES a.b)", {"a.b"}),
        ("CREATE TABLE a.c (d integer, FOREIGN KEY (d) REFERENCES a.b (e))", {"a.b"}),
        ("CREATE TRIGGER t BEFORE UPDATE ON a.b EXECUTE FUNCTION f()", {"a.b"}),
        ("CREATE POLICY p ON a.b", {"a.b"}),
        ("DROP POLICY p ON a.b", {"a.b"}),
        ("DROP TRIGGER t ON a.b", {"a.b"}),
        ("DROP TABLE IF EXISTS a.b", {"a.b"}),
        ("CREATE TABLE a.b (c integer); CREATE INDEX i ON a.b (c)", set()),
        ("INSERT INTO a.b VALUES (1)", set()),
        ("DROP FUNCTION a.b()", set()),
    ],
)
def test_a_change_of_a_table_is_found(statement: str, tables: set[str]) -> None:
    assert rules.changed_tables(statement) == tables


def test_only_a_local_lock_timeout_counts() -> None:
    assert rules.sets_lock_timeout("SET LOCAL lock_timeout = '2s'")
    assert not rules.sets_lock_timeout("SET lock_timeout = '2s'")
    assert not rules.sets_lock_timeout("SET LOCAL statement_timeout = '2s'")


def test_a_definer_function_without_a_reason_is_found() -> None:
    function = "CREATE FUNCTION a.b() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';\n"
    reason = "-- SECURITY DEFINER: the caller holds no right to the table.\n"
    assert rules.unexplained_definers(function) == ["a.b"]
    assert rules.unexplained_definers(reason + function) == []
    assert rules.unexplained_definers(reason + "SELECT 1;\n" + function) == ["a.b"]
    assert rules.unexplained_definers(function + reason + function) == ["a.b"]
    assert rules.unexplained_definers(function.replace("SECURITY DEFINER", "")) == []


def test_a_name_without_its_schema_is_found() -> None:
    assert rules.unqualified_names("SELECT 1 FROM a") == {"a"}
    assert rules.unqualified_names("ALTER TABLE a ADD b integer") == {"a"}
    assert rules.unqualified_names("WITH a AS (SELECT 1 FROM b.c) SELECT 1 FROM a") == set()
    assert rules.unqualified_names(
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'SELECT 1'"
    ) == {"f"}


def test_a_long_line_is_found() -> None:
    assert rules.lines_too_long("x" * 100 + "\n" + "x" * 101) == [2]


def test_a_command_of_psql_is_no_sql() -> None:
    for command in ("\\set a 1", "\\ir other.sql", "SELECT :a;"):
        with pytest.raises(Exception, match="syntax error"):
            parse_sql(command)
