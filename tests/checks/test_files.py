"""The files of the checks: their form, their columns, and what they may read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pglast import ast, parse_sql, visitors
from tests.checks.conftest import BY_CODE, ask

from dsvault.checks import (
    LEVELS,
    MATRIX,
    Check,
    CheckFileError,
    Finding,
    UnknownCheckError,
    checks_folder,
    choose,
    page,
    read_checks,
)

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    from tests.support.database import Database

CHECKS = [check for check in BY_CODE.values() if check is not MATRIX]
BY_NAME = [pytest.param(check, id=check.name) for check in CHECKS]
COLUMNS = ("code", "level", "object", "detail", "remedy", "key")
ENVIRONMENT = {"C0076", "C0082"}  # a server for tests trades safety for speed


class _Names(visitors.Visitor):
    """Collects the relations and functions that a query names, without the names of WITH."""

    def __init__(self) -> None:
        self.relations: list[tuple[str | None, str]] = []
        self.functions: list[tuple[str, ...]] = []
        self.ctes: set[str] = set()

    def visit_CommonTableExpr(self, _: object, node: ast.CommonTableExpr) -> None:  # noqa: N802
        self.ctes.add(node.ctename)

    def visit_RangeVar(self, _: object, node: ast.RangeVar) -> None:  # noqa: N802
        self.relations.append((node.schemaname, node.relname))

    def visit_FuncCall(self, _: object, node: ast.FuncCall) -> None:  # noqa: N802
        self.functions.append(tuple(part.sval for part in node.funcname))


@pytest.mark.parametrize("check", BY_NAME)
def test_a_check_is_one_select_of_the_six_columns(check: Check) -> None:
    [statement] = parse_sql(check.sql)
    assert isinstance(statement.stmt, ast.SelectStmt)
    names = [item.name or item.val.fields[-1].sval for item in statement.stmt.targetList]
    assert tuple(names) == COLUMNS
    assert f"'{check.code}' AS code" in check.sql
    assert statement.stmt.sortClause or check.code in {"C0079", "C0080", "C0081"}


@pytest.mark.parametrize("check", BY_NAME)
def test_a_check_reads_the_catalog_by_qualified_names(check: Check) -> None:
    names = _Names()
    names(parse_sql(check.sql))
    schemas = {"pg_catalog", "dsvault"} if check.code >= "C0090" else {"pg_catalog"}
    if check.needs.startswith("a superuser"):
        schemas |= {"dsvault_private"}
    read = {schema for schema, name in names.relations if name not in names.ctes or schema}
    assert read <= schemas
    assert {name[0] for name in names.functions if len(name) > 1} <= {"pg_catalog"}
    assert [name for name in names.functions if len(name) == 1] == []


@pytest.mark.parametrize("check", BY_NAME)
def test_every_threshold_of_a_header_is_asked_for_with_its_default(check: Check) -> None:
    asked = re.findall(r"'doctor\.(\w+)', true\),?\s*(?:''\),\s*(?:'(\d+)')?)?", check.sql)
    assert {name for name, _ in asked} == {name for name, _ in check.settings}
    for name, default in check.settings:
        assert (name, default) in asked or check.code == "C0080"


def test_all_checks_unite(shared: psycopg.Connection) -> None:
    union = "\nUNION ALL\n".join(f"(\n{check.sql})" for check in CHECKS)
    found = [Finding(*row) for row in shared.execute(union.encode())]
    assert {item.code for item in found} <= ENVIRONMENT


@pytest.mark.parametrize("check", BY_NAME)
def test_a_fresh_vault_is_silent_but_for_its_server(
    shared: psycopg.Connection, check: Check
) -> None:
    found = ask(shared, check)
    assert found == [] or check.code in ENVIRONMENT
    assert all(item.level in LEVELS for item in found)


@pytest.mark.parametrize("check", BY_NAME)
def test_a_login_without_rights_is_answered_or_told_that_it_is_not(
    shared_vault: Database, shared: psycopg.Connection, check: Check
) -> None:
    """Only a check that says what it needs may refuse, or tell of what it did not see."""
    import psycopg as driver

    shared.execute("CREATE ROLE nobody_special")
    shared.execute("SET ROLE nobody_special")
    shared.execute("SET LOCAL row_security = off")
    try:
        found = ask(shared, check)
    except driver.errors.InsufficientPrivilege:
        assert check.needs
    else:
        assert {item.level for item in found} <= set(LEVELS) or check.needs


def test_numbers_are_in_order_and_names_distinct() -> None:
    codes = [check.code for check in BY_CODE.values()]
    assert codes == sorted(set(codes))
    assert len({check.name for check in BY_CODE.values()}) == len(codes)
    assert len(codes) >= 40


def test_a_file_without_a_header_is_refused(tmp_path: Path) -> None:
    (tmp_path / "0001_nothing.sql").write_text("SELECT 1\n")
    with pytest.raises(CheckFileError, match="header"):
        read_checks(tmp_path)
    (tmp_path / "0001_nothing.sql").rename(tmp_path / "nothing.sql")
    with pytest.raises(CheckFileError, match="name"):
        read_checks(tmp_path)


def test_checks_are_chosen_by_code_and_name() -> None:
    everything = tuple(BY_CODE.values())
    chosen = choose(everything, ["C0001", "rls_not_forced"], ["C0002"])
    assert [check.code for check in chosen] == ["C0001"]
    assert choose(everything, [], ["C0001 dsvault.tokens"]) == everything
    with pytest.raises(UnknownCheckError):
        choose(everything, ["C9999"], [])
    with pytest.raises(UnknownCheckError):
        choose(everything, ["C0001 dsvault.tokens"], [])


def test_the_page_names_every_check_and_is_fresh() -> None:
    text = page(tuple(BY_CODE.values()))
    for check in BY_CODE.values():
        assert f"### {check.code} {check.name}\n" in text
    assert (checks_folder() / "README.md").read_text(encoding="utf-8") == text
