"""What scripts for psql may do: variables, conditions, includes, data; and psql where it must."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.runner.toys import Toy, deployed, ours, tables

from dsvault.server.binaries import find_binaries
from dsvault.sqlscript import Kind, ScriptError, parse_script, read_script
from dsvault.sqlscript.expand import expand
from dsvault.sqlscript.files import File
from dsvault.sqlscript.reading import is_for_psql

if TYPE_CHECKING:
    import psycopg


def test_variables_are_filled_in_by_their_three_forms_and_nowhere_else(
    toy: Toy, db: psycopg.Connection, uri: str
) -> None:
    toy.change(
        "t",
        "\\set tab 'o''dd \"name\"'\n\\set two 1 ' + ' 1\n"
        'CREATE TABLE :"tab" (a text);\n'
        "INSERT INTO :\"tab\" VALUES (:'tab'), ((:two)::text), (':two'), ($$:two$$);\n"
        "INSERT INTO :\"tab\" VALUES ('x' /* :two */);\n"
        "INSERT INTO :\"tab\" SELECT (ARRAY['p', 'q'])[1:1][1] -- :two\n;\n",
        'DROP TABLE "o\'dd ""name""";\n',
        'SELECT 1/count(*) FROM "o\'dd ""name""";\n',
    )
    assert ours("deploy", "--verify").code == 0
    rows = db.execute('SELECT a FROM "o\'dd ""name"""').fetchall()
    assert [a for (a,) in rows] == ['o\'dd "name"', "2", ":two", ":two", "x", "{}"]


def test_variables_come_from_options_then_target_engine_command_and_core(
    toy: Toy, db: psycopg.Connection, uri: str
) -> None:
    toy.write(
        "sqitch.conf",
        "[core]\n\tengine = pg\n"
        '[core "variables"]\n\ta = core\n\tb = core\n\tc = core\n\td = core\n\te = core\n'
        '[deploy "variables"]\n\tb = deploy\n\tc = deploy\n\td = deploy\n\te = deploy\n'
        '[engine "pg.variables"]\n\tc = engine\n\td = engine\n\te = engine\n'
        f'[target "t"]\n\turi = "{uri}"\n[target "t.variables"]\n\td = target\n\te = target\n'
        '[revert "variables"]\n\tb = revert\n[verify "variables"]\n\tb = verify\n',
    )
    toy.change(
        "t1",
        "CREATE TABLE t1 AS SELECT :'a' || :'b' || :'c' || :'d' || :'e' || :'registry' AS v;\n",
        "CREATE TABLE gone AS SELECT :'b' AS v; DROP TABLE t1;\n",
        "\\echo :b\n",
    )
    ran = ours("deploy", "t", "--verify", "-s", "e=set", "--registry", "meta")
    assert ran.code == 0, ran.err
    assert db.execute("SELECT v FROM t1").fetchone() == ("coredeployenginetargetsetmeta",)
    assert ours("revert", "--all", "-y", "t", "--registry", "meta").code == 0
    assert db.execute("SELECT v FROM gone").fetchone() == ("revert",)


def test_conditions_choose_and_texts_are_printed_where_they_stand(toy: Toy, uri: str) -> None:
    toy.change(
        "t",
        "\\if :{?x}\n\\echo x :x\n\\elif true\n\\echo none\n\\else\nSELECT 1/0;\n\\endif\n"
        "SELECT 'row', NULL, 1;\n\\echo 'a  b' c\n\\if 0\n\\if 1\nSELECT 1/0;\n\\endif\n\\endif\n",
        "SELECT 1;\n",
        "SELECT 'unseen';\n\\echo unseen\n",
    )
    assert ours("deploy", "--verify").lines[2:] == ["  + t .. none", "row||1", "a  b c", "ok"]
    assert ours("verify").lines[1:] == ["  * t .. ok", "Verify successful"]
    assert ours("revert", "--all", "-y").lines[1:] == ["  - t .. 1", "ok"]
    assert "  + t .. x 5" in ours("deploy", "-s", "x=5").lines


def test_texts_are_printed_with_and_without_line_end_and_on_standard_error(
    toy: Toy, uri: str
) -> None:
    toy.change(
        "t",
        "\\echo -n one\n\\qecho ' two'\n\\warn 'look: \\x1b[1m'\nSELECT 3 \\g\n\\q\nSELECT 1/0;\n",
        "SELECT 1;\n",
        "\\warn seen\n\\echo unseen\nSELECT 1;\n",
    )
    ran = ours("deploy", "--verify")
    assert ran.lines[2:] == ["  + t .. one two", "3", "ok"]
    assert ran.err.splitlines() == [r"look: \x1b[1m", "seen"]


def test_a_script_that_quits_leaves_the_rest_and_one_that_includes_it_goes_on(
    toy: Toy, db: psycopg.Connection, uri: str
) -> None:
    toy.change(
        "t", "\\i first.sql\nCREATE TABLE three (a int) \\g\n\\quit\nCREATE TABLE four (a int);\n"
    )
    toy.write("first.sql", "CREATE TABLE one (a int);\n\\if 1\n\\q\nCREATE TABLE two (a int);\n")
    assert ours("deploy").code == 0
    assert tables(db) == {"one", "three"}


def test_data_follow_a_copy_that_ends_in_g(toy: Toy, db: psycopg.Connection, uri: str) -> None:
    toy.change(
        "t", "CREATE TABLE t (a int);\nCOPY t FROM STDIN \\g\n1\n2\n\\.\nUPDATE t SET a = -a;\n"
    )
    assert ours("deploy").code == 0
    assert db.execute("SELECT a FROM t").fetchall() == [(-1,), (-2,)]


UNKNOWN_WHERE_NOTHING_IS_DONE = "\\if false\n\\dt+\n\\bogus\n\\endif\n"


@pytest.mark.parametrize(
    "text",
    ["\\g", "SELECT 1 \\g out.txt", "SELECT 1 \\gx", "\\q now", UNKNOWN_WHERE_NOTHING_IS_DONE],
)
def test_what_repeats_or_redirects_or_is_unknown_is_left_to_psql(text: str) -> None:
    with pytest.raises(ScriptError, match="works in psql only"):
        parse_script("a.sql", text)


def test_files_are_included_from_the_working_folder_or_beside_the_script(
    toy: Toy, db: psycopg.Connection, uri: str
) -> None:
    toy.change("a/b", "\\i common/one.sql\n\\ir ../../common/two.sql\nCREATE TABLE b (a :type);\n")
    toy.write("common/one.sql", "\\set type int\nCREATE TABLE one (a int)")  # no semicolon
    toy.write("common/two.sql", "\\ir three.sql\n")
    toy.write("common/three.sql", "CREATE TABLE three (a int);\n")
    assert ours("deploy").code == 0
    assert tables(db) == {"one", "three", "b"}
    toy.change("c", "\\i common/three.sql\n")
    ran = ours("deploy")
    assert ran.err.splitlines()[0] == 'common/three.sql:1: relation "three" already exists'
    assert deployed(db) == ["a/b"]


def test_an_included_file_that_is_missing_or_broken_is_found_before_anything_runs(
    toy: Toy, db: psycopg.Connection, uri: str
) -> None:
    toy.change("t1").change("t2", "\\ir gone.sql\n").change("t3", "\\i bad.sql\n")
    toy.change("t4", "\\i t4.sql\n")
    toy.write("bad.sql", "SELECT 1;\nSELECT FROM FROM;\n")
    toy.write("t4.sql", "\\i t4.sql\n")
    ran = ours("deploy")
    assert ran.code == 2
    assert "deploy/t2.sql:1: deploy/gone.sql: No such file or directory" in ran.err
    assert 'bad.sql:2: syntax error at or near "FROM"' in ran.err
    assert "t4.sql:1: t4.sql is included too deep" in ran.err
    assert tables(db) == set()


def test_copy_takes_its_data_from_the_script_in_the_same_transaction(
    toy: Toy, db: psycopg.Connection, uri: str
) -> None:
    toy.change(
        "t",
        "BEGIN;\nCREATE TABLE t (a int, b text);\nCOPY t FROM STDIN;\n1\t:x ; '\n2\t\\N\n\\.\n"
        "copy t (a) from stdin with (format csv) ; -- more\n3\n\\.\n"
        "UPDATE t SET a = a + 1;\nCOMMIT;\n",
    )
    toy.change("bad", "CREATE TABLE u (a int);\nCOPY u FROM STDIN;\n1\nx\n\\.\n")
    ran = ours("deploy", "--mode", "change")
    assert ran.code == 2
    assert 'deploy/bad.sql:2: invalid input syntax for type integer: "x"' in ran.err
    assert 'COPY u, line 2, column a: "x"' in ran.err
    assert db.execute("SELECT a, b FROM t").fetchall() == [(2, ":x ; '"), (3, None), (4, None)]
    assert (tables(db), deployed(db)) == ({"t"}, ["t"])


def test_much_data_is_copied_and_a_dry_run_copies_none(
    toy: Toy, db: psycopg.Connection, uri: str
) -> None:
    rows = "".join(f"{i}\t{'x' * 90}\n" for i in range(20_000))
    toy.change("t", f"CREATE TABLE t (a int, b text);\nCOPY t FROM STDIN;\n{rows}\\.\n")
    assert ours("deploy", "--dry-run").code == 0
    assert tables(db) == set()
    assert ours("deploy").code == 0
    assert db.execute("SELECT count(*), sum(a) FROM t").fetchone() == (20_000, 199_990_000)


# What only psql can do.


@pytest.fixture
def psql(toy: Toy) -> str:
    """The psql that comes along, named in the configuration."""
    program = str(find_binaries().program("psql"))
    toy.write("sqitch.conf", f"[core]\n\tengine = pg\n\tclient = {program}\n")
    return program


def test_psql_runs_what_nobody_else_can(
    toy: Toy, db: psycopg.Connection, uri: str, psql: str
) -> None:
    toy.change("t1").change(
        "t2",
        "BEGIN;\nCREATE TABLE t2 (a int);\nINSERT INTO t2 VALUES (:x) RETURNING a AS got \\gset\n"
        "\\echo got :got in :registry\nCOMMIT;\n",
        "SELECT 'DROP TABLE t2' \\gexec\n",
        "SELECT count(*) = 1 AS fine FROM t2 \\gset\n\\if :fine\n\\else\nSELECT 1/0;\n\\endif\n",
    )
    ran = ours("deploy", "--verify", "--set", "x=7")
    assert ran.code == 0, ran.err
    assert ran.lines[-2:] == ["  + t2 .. got 7 in sqitch", "ok"]
    assert deployed(db) == ["t1", "t2"]
    assert ours("verify").code == 0
    db.execute("DELETE FROM t2")
    ran = ours("verify")
    assert ran.code == 2
    assert "division by zero" in ran.err
    assert ours("revert", "--to", "t1", "-y").code == 0
    assert (tables(db), deployed(db)) == ({"t1"}, ["t1"])


def test_a_failing_psql_is_reported_and_what_it_ran_is_noted_for_repair(
    toy: Toy, db: psycopg.Connection, uri: str, psql: str
) -> None:
    toy.change("t1", "CREATE TABLE t1 (a int);\nSELECT 1 AS one \\gset\nSELECT 1/0;\n")
    ran = ours("deploy")
    assert ran.code == 2
    assert "ERROR:  division by zero" in ran.err
    assert '"psql" unexpectedly returned exit value 3' in ran.err
    assert deployed(db) == []


def test_without_psql_such_a_script_is_refused_before_anything_runs(
    toy: Toy, db: psycopg.Connection, uri: str
) -> None:
    toy.write("sqitch.conf", "[core]\n\tengine = pg\n\tclient = /no/such/psql\n")
    toy.change("t1").change("t2", "SELECT 1 AS one \\gset\n")
    ran = ours("deploy")
    assert ran.code == 2
    assert r"deploy/t2.sql:1: the psql command \gset works in psql only" in ran.err
    assert "core.client" in ran.err
    assert tables(db) == set()


# Ours and psql on the same scripts.

_VALUES = st.sampled_from(
    ["1", "on", "'a b'", "'it''s'", "'x\\ty'", "''", "a:b", ":a", "'\\n'", '"q"']
)
_NAMES = st.sampled_from(["a", "b", "c"])
_DASHES = st.sampled_from(["-n", "-n -n", "'-n'", '"-n"', "-nn", "a -n", ""])
_LINES = st.one_of(
    st.builds("\\set {} {}".format, _NAMES, _VALUES),
    st.builds("\\set {} {} {}".format, _NAMES, _VALUES, _VALUES),
    st.builds("\\unset {}".format, _NAMES),
    st.builds("\\echo {} {}".format, _VALUES, _VALUES),
    st.builds("\\echo :{0} :'{0}' :\"{0}\" :{{?{0}}}".format, _NAMES),
    st.builds("SELECT :'{}' AS \"col\"; -- :a".format, _NAMES),
    st.builds("SELECT ':{0}', E'\\':{0}', $x$:{0}$x$ /* /* :{0} */ */;".format, _NAMES),
    st.builds("SELECT 'one' \\echo mid :{}\n || 'two';".format, _NAMES),
    st.just("SELECT (ARRAY[1,2,3])[1:2];"),
    st.just("\\echo a \\\\ SELECT 1;"),
    st.builds("\\{} {} {}".format, st.sampled_from(["echo", "qecho", "warn"]), _DASHES, _VALUES),
    st.builds("\\set a -n\n\\echo :a {}".format, _VALUES),
    st.builds("SELECT :'{}' \\g".format, _NAMES),
    st.builds("SELECT '{0}' -- ; {0}\n\\g \\echo then".format, _NAMES),
    st.just("SELECT 'last' \\q\nSELECT 1/0;"),
    st.just("\\quit"),
)
_BRANCHES = st.builds(
    "\\if {}\n{}\n\\elif {}\n{}\n\\else\n{}\n\\endif".format,
    *[st.sampled_from(["1", "0", "on", "of", "TRUE", "n", ":{?a}", ":{?b}"]), _LINES] * 2,
    _LINES,
)
_SCRIPTS = st.lists(_LINES | _BRANCHES, min_size=1, max_size=8).map("\n".join)


@settings(max_examples=40)
@given(text=_SCRIPTS)
def test_scripts_mean_to_us_what_they_mean_to_psql(
    tmp_path: Path, db: psycopg.Connection, uri: str, text: str
) -> None:
    path = tmp_path / "a.sql"
    path.write_text("\\set a 1\n\\set b 'x y'\n" + text)
    program = find_binaries().program("psql")
    words = ["-XqAt", "-v", "ON_ERROR_STOP=1", "-f", str(path), uri]
    psqls = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    if psqls.returncode != 0:
        with pytest.raises(ScriptError, match=r"^(?!.*psql only)"):
            read_script(path, "a.sql")
        return
    assert run_as_we_do(path, db) == (psqls.stdout, psqls.stderr)


def run_as_we_do(path: Path, db: psycopg.Connection) -> tuple[str, str]:
    """Return what a script prints, and what it prints on standard error."""
    out, err = [], []
    for statement in read_script(path, "a.sql").statements:
        if statement.kind in (Kind.ECHO, Kind.WARN):
            (out if statement.kind is Kind.ECHO else err).append(statement.data or "")
        else:
            rows = db.execute(statement.text.encode()).fetchall()
            out += ["|".join(map(shown, row)) + "\n" for row in rows]
    return "".join(out), "".join(err)


def shown(value: object) -> str:
    """Return a value as psql prints it."""
    return f"{{{','.join(map(str, value))}}}" if isinstance(value, list) else str(value)


LINES = st.sampled_from(
    r"""
    -- Deploy toy:t to pg
    -- it's
    -- $$
    SELECT '
    -- :x' || :'x';
    /*
    -- */ :x
    SELECT :'x';
    SELECT a::int;
    $$
    -- \i
    \set x 1
    E'\'
    "
    -- :x
    """.strip().splitlines()
)


@given(st.lists(LINES, max_size=6))
def test_a_text_that_psql_reads_as_the_server_does_is_not_expanded_for_nothing(
    lines: list[str],
) -> None:
    text = "\n".join(lines)
    if is_for_psql(text):
        return
    file = File("a.sql", text, text.encode())
    assert expand(file, Path("a.sql"), {"x": "1"}, lambda _: file).text == text


def test_the_first_line_of_every_script_is_no_reason_to_expand_it() -> None:
    assert not is_for_psql("-- Deploy toy:t to pg\n-- requires: other:u\nSELECT 1;\n")
    assert is_for_psql("SELECT '\n-- ' || :'x';\n")
    assert is_for_psql("/*\n-- */ SELECT :x;\n")
    assert is_for_psql("$$\n-- $$ || :'x'\n")
