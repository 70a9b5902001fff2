"""Whatever a file holds, the linter says something clear, and never fails."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lint.corpus import ROOT
from tests.lint.examples import EVERYTHING

from dsvault.lint.project import Change, History, Script
from dsvault.lint.run import lint, lint_sequences

if TYPE_CHECKING:
    from pathlib import Path

    from dsvault.lint.findings import Finding

SEEDS = [path.read_text() for path in sorted(ROOT.rglob("*.sql"))]
WORDS = [
    "CREATE", "TABLE", "ALTER", "DROP", "INDEX", "POLICY", "FUNCTION", "(", ")", ";", ",", "$$",
    "'", '"', "--", "/*", "*/", "BEGIN", "END", "IF", "THEN", "LOOP", "x", "y.z", "1", "NULL", "\\",
    ":", "::", "é", "\n", " ", "\t", "SELECT", "FROM", "USING", "GRANT", "TO", "AS", "DO",
    "EXECUTE", "format", "%I", "DECLARE", ":=", "RETURN", "NEW", "EXCEPTION", "WHEN", "OTHERS",
    "PARTITION OF",
]  # fmt: skip


def said(raw: bytes) -> list[Finding]:
    script = Script(None, "x.sql", text=raw)
    return lint_sequences([History("file", [Change("x", script)])], EVERYTHING)


@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))
@settings(max_examples=60)
def test_made_up_text_never_fails(text: str) -> None:
    for finding in said(text.encode()):
        assert 1 <= finding.line <= text.count("\n") + 1
        assert finding.column >= 1
        assert finding.message


@given(st.binary(max_size=300))
@settings(max_examples=50)
def test_made_up_bytes_never_fail(raw: bytes) -> None:
    said(raw)


@given(st.integers(min_value=0, max_value=2**32))
@settings(max_examples=60)
def test_real_scripts_with_pieces_cut_out_or_swapped_never_fail(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    text = chance.choice(SEEDS)
    for _ in range(chance.randint(1, 4)):
        a, b = sorted(chance.randint(0, len(text)) for _ in range(2))
        b = min(b, a + 40)
        piece = chance.choice(["", text[a:b] * 2, chance.choice(WORDS), text[a:b][::-1]])
        text = text[:a] + piece + text[b:]
    said(text.encode())


@pytest.mark.parametrize(
    ("raw", "words", "line"),
    [
        (b"SELECT 1;\nSELECT '\0';\n", "NUL", 2),
        ("SELECT 'é';\n".encode("latin-1"), "not UTF-8", 1),
        ("SELECT 1;\n".encode("utf-16"), "UTF-16", 1),
        (b"SELECT 1;\nSELECT 'open;\n", "unterminated quoted string", 2),
        (b"SELECT " + b"(" * 30_000 + b"1" + b")" * 30_000, "", 1),
        (b"SELECT 1" + b" + 1" * 30_000, "", 1),
        (b"SELECT 1;\n/* never closed\n", "unterminated /* comment", 2),
    ],
)
def test_what_cannot_be_read_is_one_clear_finding(raw: bytes, words: str, line: int) -> None:
    found = [f for f in said(raw) if f.code in {"RN001", "RN002"}]
    assert found
    assert words in " ".join(finding.message for finding in found)
    assert line in {finding.line for finding in found}


def test_a_byte_order_mark_moves_nothing() -> None:
    found = said("\ufeffCREATE TABLE notes (id bigint PRIMARY KEY,);\n".encode())
    assert [(finding.line, finding.code) for finding in found if finding.code == "RN001"] == [
        (1, "RN001")
    ]


def test_an_error_leaves_the_other_statements_readable() -> None:
    text = "SELECT FROM WHERE;\nTRUNCATE a CASCADE;\nDROP VIEW v CASCADE;\n"
    assert {"RN001", "LK034", "LK035"} <= {finding.code for finding in said(text.encode())}


def test_columns_count_characters_and_lines_survive_psql() -> None:
    text = "\\set x 'é'\n\\echo it''s\nSELECT 'éé', :'x', :y; TRUNCATE a CASCADE;\n"
    found = [f for f in said(text.encode()) if f.code == "LK035"]
    assert [(f.line, f.column) for f in found] == [(3, text.split("\n")[2].index("TRUNCATE") + 1)]


def test_five_megabytes_are_read() -> None:
    row = "    (1, 'text that fills a line; and -- more')"
    block = "INSERT INTO notes (id, body) VALUES\n" + ",\n".join([row] * 400) + ";\n"
    raw = (block * (5_000_000 // len(block)) + "TRUNCATE a CASCADE;\n").encode()
    assert "LK035" in {finding.code for finding in said(raw)}


def test_tables_by_the_thousand_are_read_and_the_last_of_them_as_well() -> None:
    block = (
        "CREATE TABLE app.t{0} (id bigint PRIMARY KEY, a text NOT NULL);\n"
        "CREATE INDEX t{0}_a ON app.t{0} (a);\nGRANT SELECT ON app.t{0} TO reader;\n"
    )
    text = "".join(block.format(number) for number in range(1000))
    text += "CREATE INDEX again ON app.t999 (a);\n"
    assert [f.line for f in said(text.encode()) if f.code == "DS002"] == [3001]


def test_links_that_lead_back_are_followed_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.sql").write_text("TRUNCATE a CASCADE;\n")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to("self")
    (tmp_path / "dead.sql").symlink_to(tmp_path / "nowhere.sql")
    found = lint([tmp_path]).findings
    assert [finding.code for finding in found if finding.path.endswith("x.sql")] == ["LK035"]
    assert any("cannot be read" in finding.message for finding in found)


@pytest.mark.parametrize("line", ["", "a 2026-01-01T00:00:00Z X <x@example.org>\n"])
def test_a_link_out_of_a_project_is_told_and_not_read(tmp_path: Path, line: str) -> None:
    (tmp_path / "secret").write_text("TRUNCATE secret CASCADE;\n")
    root = tmp_path / "project"
    (root / "deploy").mkdir(parents=True)
    (root / "sqitch.plan").write_text(f"%project=p\n\n{line}")
    (root / "deploy" / "a.sql").symlink_to(tmp_path / "secret")
    (root / "deploy" / "b.sql").write_text("TRUNCATE b CASCADE;\n")
    (root / "deploy" / "c.sql").symlink_to("b.sql")
    found = lint([root]).findings
    assert "secret" not in "".join(map(str, found))
    assert [f.message for f in found if f.path.endswith("deploy/a.sql")][:1] == [
        "a link leads out of the project, so the file was not read"
    ]
    assert {f.path.rpartition("/")[2] for f in found if f.code == "LK035"} == {"b.sql", "c.sql"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "x.sql"
    file.write_text("SELECT 1;\n")
    file.chmod(0)
    assert "cannot be read" in lint([file]).findings[0].message
