"""What paths mean, and that a whole plan counts, not only a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.lint.examples import write_files

from dsvault.lint.project import read_paths, scripts_of
from dsvault.lint.run import lint

if TYPE_CHECKING:
    from pathlib import Path

PLAN = """%syntax-version=1.0.0
%project=p

b_first 2026-01-01T00:00:00Z X <x@example.org> # B.
a_second [b_first] 2026-01-02T00:00:00Z X <x@example.org> # A.
"""
FILES = {
    "sqitch.plan": PLAN,
    "deploy/b_first.sql": "CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);\n",
    "revert/b_first.sql": "DROP TABLE notes;\n",
    "verify/b_first.sql": "SELECT id, body FROM notes WHERE false;\n",
    "deploy/a_second.sql": "CREATE INDEX notes_body_idx ON notes (body);\n",
    "revert/a_second.sql": "DROP INDEX notes_body_idx;\n",
    "verify/a_second.sql": "SELECT 1 / count(*) FROM pg_class WHERE relname = 'notes_body_idx';\n",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "inner"
    write_files(FILES, root)
    monkeypatch.chdir(root)
    return root


def found(*paths: Path) -> list[tuple[str, int, str]]:
    return [(f.path.rpartition("/")[2], f.line, f.code) for f in lint(paths).findings]


def test_scripts_are_read_in_the_order_of_the_plan(project: Path) -> None:
    (history,) = read_paths([project])
    names = [script.path.name for script in scripts_of(history) if script.path]
    assert names[1::3] == ["b_first.sql", "a_second.sql"]


def test_an_index_on_a_table_of_an_earlier_change_blocks(project: Path) -> None:
    assert found(project) == [("a_second.sql", 1, "LK001")]


def test_a_single_script_is_read_with_its_plan_and_reported_alone(project: Path) -> None:
    assert found(project / "deploy" / "a_second.sql") == [("a_second.sql", 1, "LK001")]
    assert found(project / "deploy" / "b_first.sql") == []
    assert found(project / "deploy") == [("a_second.sql", 1, "LK001")]


def test_the_plan_stands_for_all_of_its_scripts(project: Path) -> None:
    assert found(project / "sqitch.plan") == [("a_second.sql", 1, "LK001")]


def test_a_project_below_a_folder_is_found(project: Path) -> None:
    assert found(project.parent) == [("a_second.sql", 1, "LK001")]


def test_a_project_without_a_plan_is_read_by_its_folders(project: Path) -> None:
    (project / "sqitch.plan").unlink()
    (project / "revert" / "b_first.sql").unlink()
    assert ("b_first.sql", 1, "RV001") in found(project)


def test_a_plan_that_sqitch_would_refuse_is_a_finding(project: Path) -> None:
    (project / "sqitch.plan").write_text(PLAN.replace("[b_first]", "[nothing]"))
    assert ("sqitch.plan", 5, "RV009") in found(project)


def test_scripts_of_a_reworked_change_are_no_strays(project: Path) -> None:
    plan = (
        PLAN
        + "@v1 2026-01-03T00:00:00Z X <x@example.org> # One.\n"
        + "a_second [a_second@v1] 2026-01-04T00:00:00Z X <x@example.org> # Again.\n"
    )
    (project / "sqitch.plan").write_text(plan)
    for folder in ("deploy", "revert", "verify"):
        text = (project / folder / "a_second.sql").read_text()
        (project / folder / "a_second@v1.sql").write_text(text)
    assert "RV008" not in {code for _, _, code in found(project)}


def test_migrations_are_read_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    write_files(
        {
            "migrations/10_index.sql": "CREATE INDEX n_idx ON notes (body);\n",
            "migrations/2_notes.sql": "CREATE TABLE notes (id bigint PRIMARY KEY, body text);\n",
        },
        tmp_path,
    )
    assert found(tmp_path) == [("10_index.sql", 1, "LK001")]


def test_files_of_a_plain_folder_know_nothing_of_each_other(tmp_path: Path) -> None:
    text = "CREATE TABLE notes (id bigint PRIMARY KEY, body text);\n"
    write_files({"1_one.sql": text, "2_two.sql": text}, tmp_path)
    assert found(tmp_path) == []


def test_a_later_script_puts_an_earlier_one_right(tmp_path: Path) -> None:
    write_files(
        {
            "migrations/1_a.sql": "CREATE TABLE a (id bigint PRIMARY KEY);\nCREATE TABLE b (\n"
            "    id bigint PRIMARY KEY, a_id bigint NOT NULL REFERENCES a (id));\n",
            "migrations/2_b.sql": "-- no-transaction\n"
            "CREATE INDEX CONCURRENTLY b_a_idx ON b (a_id);\n",
        },
        tmp_path,
    )
    assert found(tmp_path) == []


def test_sql_blocks_of_a_page_are_read_with_its_lines(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Page; '\n\n```sql\nTRUNCATE a CASCADE;\n```\n\ntext; with 'quotes\n")
    assert found(page) == [("page.md", 4, "LK035")]


def test_the_plan_of_this_project_is_clean_with_every_rule_on() -> None:
    from dsvault.lint.config import LintConfig
    from dsvault.paths import project_root

    findings = lint([project_root() / "sqitch.plan"], LintConfig(select=("all",))).findings
    assert [str(finding) for finding in findings] == []
