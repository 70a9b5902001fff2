"""Scripts as the parser sees them: statements, places, transactions, what only psql can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dsvault.sqlscript import Kind, Place, Script, ScriptError, parse_script, read_script

if TYPE_CHECKING:
    from pathlib import Path


def parse(text: str) -> Script:
    return parse_script("a.sql", text)


def texts(script: Script, *, undone: bool = False) -> list[str]:
    return [statement.text for statement in script.folded(undone=undone)]


def refusal(text: str) -> ScriptError:
    with pytest.raises(ScriptError) as caught:
        parse(text)
    return caught.value


# How statements are cut.


def test_statements_keep_their_text_and_offset() -> None:
    text = "-- ü\n/* a /* b; */ ; */ SELECT 'ß;' AS x -- ;\n;\n\n  DO $a$ SELECT $$;$$; $a$ ;;"
    script = parse(text)
    found = [(item.text, text[item.start :][: len(item.text)]) for item in script.statements]
    assert found == [
        ("SELECT 'ß;' AS x -- ;", "SELECT 'ß;' AS x -- ;"),
        ("DO $a$ SELECT $$;$$; $a$", "DO $a$ SELECT $$;$$; $a$"),
    ]


def test_semicolons_inside_of_bodies_and_rules_do_not_cut() -> None:
    body = "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END"
    rule = "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)"
    assert [item.text for item in parse(f"{body};\n{rule};").statements] == [body, rule]


def test_the_last_statement_needs_no_semicolon_and_none_at_all_is_fine() -> None:
    assert texts(parse("SELECT 1;\nSELECT 2")) == ["SELECT 1", "SELECT 2"]
    assert texts(parse("")) == texts(parse("-- only\n/* this */")) == []


WORDS = st.sampled_from(
    ["SELECT 'é;'", "TABLE t", "DO $$ a; b $$", "SELECT /* ; */ 1", 'SELECT "a;b" FROM t']
)
GAPS = st.sampled_from([";", " ;\n", ";\r\n", "; -- ü;\n", ";/* ; /* x */ */", ";;\t"])


@given(st.lists(st.tuples(WORDS, GAPS), max_size=8))
@example([("SELECT 'é;'", "; -- ü;\n"), ("TABLE t", ";")])
def test_cutting_finds_exactly_what_was_joined(parts: list[tuple[str, str]]) -> None:
    text = "".join(word + gap for word, gap in parts)
    script = parse(text)
    assert [item.text for item in script.statements] == [word for word, _ in parts]
    assert all(text.startswith(item.text, item.start) for item in script.statements)


# What they mean for a transaction.


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("BEGIN", Kind.BEGIN),
        ("begin work", Kind.BEGIN),
        ("START TRANSACTION READ WRITE", Kind.BEGIN),
        ("COMMIT", Kind.COMMIT),
        ("END TRANSACTION", Kind.COMMIT),
        ("ROLLBACK", Kind.ROLLBACK),
        ("ABORT", Kind.ROLLBACK),
        ("COMMIT AND CHAIN", Kind.CONTROL),
        ("ROLLBACK AND CHAIN", Kind.CONTROL),
        ("PREPARE TRANSACTION 'x'", Kind.CONTROL),
        ("COMMIT PREPARED 'x'", Kind.CONTROL),
        ("SAVEPOINT s", Kind.PLAIN),
        ("ROLLBACK TO s", Kind.PLAIN),
        ("RELEASE s", Kind.PLAIN),
        ("PREPARE q AS SELECT 1", Kind.PLAIN),
        ("CREATE INDEX CONCURRENTLY i ON t (a)", Kind.OUTSIDE),
        ("CREATE UNIQUE INDEX /* x */ concurrently i ON t (a)", Kind.OUTSIDE),
        ("CREATE INDEX i ON t (a)", Kind.PLAIN),
        ("DROP INDEX CONCURRENTLY i", Kind.OUTSIDE),
        ("REINDEX (CONCURRENTLY) TABLE t", Kind.OUTSIDE),
        ("REINDEX TABLE t", Kind.PLAIN),
        ("REINDEX SCHEMA s", Kind.OUTSIDE),
        ("ALTER TABLE t DETACH PARTITION p CONCURRENTLY", Kind.OUTSIDE),
        ("ALTER TABLE t DETACH PARTITION p", Kind.PLAIN),
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", Kind.PLAIN),
        ("COMMENT ON TABLE t IS 'built CONCURRENTLY'", Kind.PLAIN),
        ("VACUUM", Kind.OUTSIDE),
        ("VACUUM (ANALYZE) t", Kind.OUTSIDE),
        ("ANALYZE t", Kind.PLAIN),
        ("CLUSTER", Kind.OUTSIDE),
        ("CLUSTER t", Kind.PLAIN),
        ("CREATE DATABASE d", Kind.OUTSIDE),
        ("DROP DATABASE d", Kind.OUTSIDE),
        ("ALTER DATABASE d SET TABLESPACE s", Kind.OUTSIDE),
        ("ALTER DATABASE d SET work_mem = '1MB'", Kind.PLAIN),
        ("CREATE TABLESPACE s LOCATION '/x'", Kind.OUTSIDE),
        ("ALTER SYSTEM SET work_mem = '1MB'", Kind.OUTSIDE),
        ("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", Kind.OUTSIDE),
        ("DISCARD ALL", Kind.OUTSIDE),
        ("DISCARD TEMP", Kind.PLAIN),
        ("COPY t FROM '/x'", Kind.PLAIN),
        ("COPY t FROM PROGRAM 'x'", Kind.PLAIN),
    ],
)
def test_kinds_of_statements(statement: str, kind: Kind) -> None:
    closing = "; COMMIT" if kind is Kind.BEGIN else ""
    assert parse(f"-- first\n{statement}{closing};").statements[0].kind is kind


@pytest.mark.parametrize(
    ("text", "inside", "undone"),
    [
        ("BEGIN; SELECT 1; COMMIT;", ["SELECT 1"], ["SELECT 1"]),
        ("SELECT 1; SELECT 2;", ["SELECT 1", "SELECT 2"], ["SELECT 1", "SELECT 2"]),
        ("SELECT 0; BEGIN; SELECT 1; END; SELECT 2", ["SELECT 0", "SELECT 1", "SELECT 2"], None),
        ("BEGIN; SELECT 1; ROLLBACK", ["SAVEPOINT", "SELECT 1", "ROLLBACK TO"], ["SELECT 1"]),
        ("BEGIN; BEGIN; SELECT 1; COMMIT; COMMIT", ["SELECT 1"], None),
        (
            "BEGIN; SELECT 1; ROLLBACK; SELECT 2",
            ["SAVEPOINT", "SELECT 1", "ROLLBACK TO", "SELECT 2"],
            ["SAVEPOINT", "SELECT 1", "ROLLBACK TO", "SELECT 2"],
        ),
        (
            "BEGIN; SAVEPOINT a; SELECT 1; ROLLBACK TO a; COMMIT",
            ["SAVEPOINT a", "SELECT 1", "ROLLBACK TO a"],
            None,
        ),
    ],
)
def test_folding_drops_the_scripts_own_transaction(
    text: str, inside: list[str], undone: list[str] | None
) -> None:
    script = parse(text)
    assert script.is_transactional

    def short(found: list[str]) -> list[str]:
        return [word.removesuffix(" dsvault_block").removesuffix(" SAVEPOINT") for word in found]

    assert short(texts(script)) == inside
    assert short(texts(script, undone=True)) == (undone or inside)


@pytest.mark.parametrize(
    "text",
    [
        "VACUUM t",
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT",
        "BEGIN; SELECT 1; COMMIT AND CHAIN; COMMIT",
        "BEGIN; PREPARE TRANSACTION 'x'",
        "BEGIN READ ONLY; SELECT 1; COMMIT",
    ],
)
def test_scripts_that_no_transaction_of_ours_can_hold(text: str) -> None:
    assert not parse(text).is_transactional


def test_one_kept_and_one_undone_transaction_fold_into_one() -> None:
    assert parse("BEGIN; SELECT 1; ROLLBACK; BEGIN; SELECT 2; COMMIT").is_transactional


def test_the_opening_statement_is_kept_with_its_level() -> None:
    level = "BEGIN ISOLATION LEVEL SERIALIZABLE"
    assert parse(f"{level}; SELECT 1; COMMIT").begin == level
    assert parse("SELECT 1").begin == "BEGIN"


def test_read_only_and_read_write_are_told_apart() -> None:
    assert parse("BEGIN READ ONLY; COMMIT").is_read_only
    assert parse("START TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY; COMMIT").is_read_only
    assert not parse("BEGIN READ WRITE; COMMIT").is_read_only


# What is refused, and where.


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("SELECT 1;\nSELCT 2;", 2, 1, 'syntax error at or near "SELCT"'),
        ("SELECT 'ü',\n\tFROM FROM;", 2, 2, 'syntax error at or near "FROM"'),
        ("CREATE TABLE t (\n\n", 1, 17, "syntax error at end of input"),
        ("SELECT 'a\nb", 1, 8, "unterminated quoted string"),
        ("SELECT $$a", 1, 8, "unterminated dollar-quoted string"),
        ("/* a", 1, 1, "unterminated /* comment"),
        ("SELECT 1\\;", 1, 9, "the psql command \\; works in psql only, and there is no psql"),
        ("\\i nowhere.sql\n", 1, 1, "nowhere.sql: No such file"),
        ("-- \\i x\n/* \\i */ SELECT '\\i';\n  \\ir nowhere", 3, 3, "nowhere: No such file"),
        ("SELECT :a;", 1, 8, "the psql variable :a is not set"),
        ("SELECT ':a', :'b';", 1, 14, "the psql variable :'b' is not set"),
        ('SELECT * FROM :"t";', 1, 15, 'the psql variable :"t" is not set'),
        ("SELECT a[1:2], b::int, :c;", 1, 24, "the psql variable :c is not set"),
        ("\\set a b\nSELECT :a FROM FROM;", 2, 16, 'syntax error at or near "FROM"'),
        ("\\if x\n\\endif", 1, 1, '"x" is neither true nor false'),
        ("\\if 1", 1, 6, r"an \if has no \endif"),
        ("SELECT 1;\n\\else", 2, 1, r"\else does not belong to any \if"),
        ("SELECT 1 \\gset", 1, 10, "the psql command \\gset works in psql only"),
        ("SELECT :DBNAME;", 1, 8, "the psql variable :DBNAME works in psql only"),
        ("\\set x `date`", 1, 8, "the output of a program works in psql only"),
        ("SELECT a[b:c] FROM FROM;", 1, 20, 'syntax error at or near "FROM"'),
        ("COPY t TO STDOUT;", 1, 1, "COPY to or from the client"),
        ("BEGIN;\nVACUUM;\nCOMMIT;", 2, 1, "PostgreSQL refuses this statement inside"),
        ("SELECT 1;\nBEGIN;\nSELECT 2;", 2, 1, "this transaction is never ended"),
        ("SELECT 1;\n\0SELECT 2;", 2, 1, "NUL character"),
    ],
)
def test_refusals_name_line_and_column(text: str, line: int, column: int, words: str) -> None:
    error = refusal(text)
    assert words in error.message
    assert (error.place.line, error.place.column) == (line, column)
    assert error.message.startswith(f"a.sql:{line}: ")


@pytest.mark.parametrize(
    "text",
    [
        "\\set ON_ERROR_STOP on\nSELECT 1;",
        "\\set ON_ERROR_STOP 1\n\\timing\n\\pset pager off\nSELECT 1;",
        "SELECT 1;\n\\timing off",
    ],
)
def test_psql_commands_without_effect_are_left_out(text: str) -> None:
    script = parse(text)
    assert texts(script) == ["SELECT 1"]
    place = script.place_of(script.statements[0], 1, None)
    assert text.splitlines()[place.line - 1].startswith("SELECT 1")


def test_what_changes_how_psql_runs_a_script_is_not_left_out() -> None:
    assert r"\set ON_ERROR_STOP works" in refusal("\\set ON_ERROR_STOP off\nSELECT 1;").message
    assert r"\set AUTOCOMMIT works" in refusal("\\timing\n\\set AUTOCOMMIT 0").message


def test_a_commit_without_begin_is_dropped_as_psql_does_nothing_about_it() -> None:
    assert texts(parse("SELECT 1; COMMIT; SELECT 2;")) == ["SELECT 1", "SELECT 2"]


def test_a_byte_order_mark_is_no_part_of_the_script(tmp_path: Path) -> None:
    path = tmp_path / "a.sql"
    path.write_bytes(b"\xef\xbb\xbfSELECT 1;")
    assert texts(read_script(path, "a.sql")) == ["SELECT 1"]


def test_bytes_that_are_no_utf8_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "a.sql"
    path.write_bytes(b"SELECT 1;\r\n-- \xe9\n")
    with pytest.raises(ScriptError, match=r"a\.sql:2: the file is not UTF-8"):
        read_script(path, "a.sql")


# Places of the server's errors.


def test_a_position_of_the_server_becomes_line_and_column() -> None:
    script = parse("SELECT 1;\n  SELECT 'é',\n    nope FROM t;")
    statement = script.statements[1]
    position = statement.text.index("nope") + 1
    place = script.place_of(statement, position, None)
    assert (place.line, place.column) == (3, 5)
    assert place.excerpt() == ["    nope FROM t;", "    ^"]


def test_without_position_the_statements_first_line_is_meant() -> None:
    script = parse("-- a\n/* b\n */ SELECT 1,\n 2;")
    place = script.place_of(script.statements[0], None, None)
    assert (str(place), place.excerpt()) == ("a.sql:3", [" */ SELECT 1,"])


def test_the_line_of_a_do_block_is_taken_from_the_outermost_frame() -> None:
    script = parse("SELECT 1;\nDO LANGUAGE plpgsql $x$\nBEGIN\n  PERFORM f();\nEND $x$;")
    context = (
        "PL/pgSQL function inline_code_block line 9 at RAISE\n"
        'SQL statement "SELECT f()"\nPL/pgSQL function inline_code_block line 3 at PERFORM'
    )
    assert script.place_of(script.statements[1], None, context).line == 4
    assert script.place_of(script.statements[0], None, context).line == 1


@pytest.mark.parametrize(
    ("text", "column", "mark"),
    [
        ("abc", 2, " ^"),
        ("\ta\tb", 4, "\t \t^"),
        ("漢字x", 3, "    ^"),
        ("e\u0301x", 3, " ^"),
        ("x" * 500 + "!", 501, " " * 99 + "^"),
        ("x" * 500, 3, "  ^"),
        ("x" * 500, 90, " " * 50 + "^"),
        ("x" * 101, 90, " " * 88 + "^"),
    ],
)
def test_the_caret_stands_below_its_character(text: str, column: int, mark: str) -> None:
    line, below = Place("a.sql", 1, column, text).excerpt()
    assert below == mark
    assert len(line) <= 100


def test_an_empty_line_has_no_excerpt() -> None:
    assert Place("a.sql", 1, None, "  ").excerpt() == []
