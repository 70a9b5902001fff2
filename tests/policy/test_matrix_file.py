"""The file of the matrix: what it holds, and what it may not hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from dsvault.paths import project_root
from dsvault.policy import Command, Matrix, MatrixError, matrix_path, parse_matrix, read_matrix

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
[matrix.roles]
app = { name = "dsvault_app", about = "Applications." }
reader = { name = "dsvault_reader", about = "Reports." }
public = { name = "PUBLIC", about = "Everybody else." }
[matrix.floor]
ALL = ["app"]
if = "own-tenant"
says = "Never."
restated = "Never what may not be read."
"""
TABLE = """
[things]
about = "Things."
floor = "things_floor"
words.mine = { column = "owner_id", is = "me", about = "mine" }
[things.things_select]
SELECT = ["app"]
if = "thing:read or mine"
says = "Sees."
"""


def test_every_table_of_the_plan_is_in_the_matrix(matrix: Matrix) -> None:
    planned = set()
    for path in (project_root() / "deploy" / "tables").glob("*.sql"):
        made = re.compile(r"CREATE TABLE IF NOT EXISTS dsvault\.(\w+) \($", re.MULTILINE)
        planned |= set(made.findall(path.read_text(encoding="utf-8")))
    assert {table.name for table in matrix.tables} == planned


def test_every_policy_of_the_deploy_scripts_is_in_the_matrix(matrix: Matrix) -> None:
    created = set()
    for path in (project_root() / "deploy" / "policies").glob("*.sql"):
        created |= set(re.findall(r"CREATE POLICY (\w+) ON", path.read_text(encoding="utf-8")))
    declared = {rule.policy for _, rule in matrix.rules()}
    assert declared.union(*(table.floors for table in matrix.tables)) == created


def test_no_comment_of_the_file_is_longer_than_a_line_of_the_house() -> None:
    lines = matrix_path().read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("#") and len(line) > 100] == []


def test_a_small_matrix_is_read() -> None:
    matrix = parse_matrix(HEAD + TABLE)
    [table] = matrix.tables
    rule = table.rule("app", Command.SELECT)
    assert rule is not None
    assert (rule.policy, rule.columns, rule.condition.text) == (
        "things_select",
        None,
        "thing:read or mine",
    )
    assert table.tenant_column == "tenant_id"
    assert table.rule("reader", Command.SELECT) is None
    assert table.rule("app", Command.DELETE) is None
    assert matrix.permissions == {"thing:read"}


def test_check_is_if_unless_it_is_given() -> None:
    text = HEAD + TABLE + '[things.things_update]\nUPDATE = ["app"]\nif = "mine"\nsays = "x"\n'
    [table] = parse_matrix(text + 'check = "thing:read"\n').tables
    rule = table.rule("app", Command.UPDATE)
    assert rule is not None
    assert (rule.condition.text, rule.check.text) == ("mine", "thing:read")
    [table] = parse_matrix(text).tables
    rule = table.rule("app", Command.UPDATE)
    assert rule is not None
    assert rule.check is rule.condition


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('SELECT = ["app"]', "", "names 0 commands"),
        ('SELECT = ["app"]', 'SELECT = ["app"]\nINSERT = ["app"]', "names 2 commands"),
        ('SELECT = ["app"]', "SELECT = []", "needs its roles as a list of names"),
        ('SELECT = ["app"]', 'SELECT = ["app", "app"]', "twice"),
        ('SELECT = ["app"]', 'SELECT = ["public"]', "names the role 'public'"),
        ('SELECT = ["app"]', 'SELECT = ["ap"]', "names the role 'ap'"),
        ('SELECT = ["app"]', 'DELETE = ["app"]\ncolumns = ["id"]', "only SELECT, INSERT and"),
        ('SELECT = ["app"]', 'SELECT = ["app"]\ncheck = "mine"', "only UPDATE and ALL"),
        ('SELECT = ["app"]', 'SELECT = ["app"]\nusing = "true"', "unknown key 'using'"),
        ('if = "thing:read or mine"', "", "needs if = a text"),
        ('if = "thing:read or mine"', 'if = " "', "needs if = a text"),
        ('if = "thing:read or mine"', 'if = "yours"', "does not know 'yours'"),
        ('says = "Sees."', "", "needs says = a text"),
        ('floor = "things_floor"', "", "needs floor = a text"),
        ('floor = "things_floor"', 'floor = "f"\nread_floor = "g"', "needs { policy, rule }"),
        (
            'floor = "things_floor"',
            'floor = "f"\nread_floor = { policy = "g", rule = "things_insert" }',
            "names the rule 'things_insert'",
        ),
        ('is = "me"', 'is = "me", within = "mine"', "needs either"),
        ('is = "me"', "is = 3", "needs either"),
        ('is = "me"', 'within = "yours"', "needs either"),
        ('is = "me", about = "mine"', 'is = "me"', "needs about = a text"),
        ("[things]", "[things", "not valid TOML"),
        ("[matrix.floor]", "[matrix.ceiling]", "unknown key 'ceiling'"),
        ('name = "PUBLIC", ', "", "needs name = a text"),
    ],
)
def test_a_faulty_matrix_is_refused(old: str, new: str, fault: str) -> None:
    text = HEAD + TABLE
    assert old in text
    with pytest.raises(MatrixError) as caught:
        parse_matrix(text.replace(old, new))
    assert fault in caught.value.message
    assert caught.value.exit_code == 2


def test_two_rules_for_one_role_and_command_are_refused() -> None:
    second = '[things.more]\nALL = ["app"]\nif = "mine"\nsays = "x"\n'
    with pytest.raises(MatrixError, match="things_select and more are both about app SELECT"):
        parse_matrix(HEAD + TABLE + second)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MatrixError, match=r"Cannot read .*missing\.toml"):
        read_matrix(tmp_path / "missing.toml")


def test_a_matrix_without_roles_is_refused() -> None:
    with pytest.raises(MatrixError, match="no section for matrix"):
        parse_matrix(TABLE)
