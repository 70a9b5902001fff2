"""Everything that would stop a deployment is found before its first statement runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import deployed, events, ours, tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import psycopg
    from tests.runner.toys import Ran, Toy

    Refused = Callable[..., Ran]


@pytest.fixture
def refused(toy: Toy, db: psycopg.Connection) -> Refused:
    """A function that deploys and checks that nothing at all happened; it returns what was said."""

    def deploy(*words: str) -> Ran:
        before = _fingerprint(db)
        ran = ours("deploy", *words)
        assert ran.code == 2
        assert "  + " not in ran.out
        assert _fingerprint(db) == before
        return ran

    return deploy


def _fingerprint(db: psycopg.Connection) -> list[object]:
    exists = db.execute("SELECT to_regclass('sqitch.changes')").fetchone() != (None,)
    return [tables(db), deployed(db) if exists else None, events(db) if exists else None]


def test_all_findings_are_named_at_once(toy: Toy, refused: Refused) -> None:
    toy.change("same", "SELECT 1;").change("twin", "SELECT 1;")
    toy.change("wrong", "BEGIN;\nSELCT 1;\nCOMMIT;\n")
    toy.change("lonely", needs="other:thing")
    toy.planned("missing")
    ran = refused()
    assert "Missing required change: other:thing" in ran.err
    assert "deploy/twin.sql has the same content as deploy/same.sql" in ran.err
    assert 'deploy/wrong.sql:2: syntax error at or near "SELCT"' in ran.err
    assert "  found: SELCT 1;\n         ^\n" in ran.err
    assert "Deploy script deploy/missing.sql does not exist" in ran.err
    assert ran.err.splitlines()[-1] == "Nothing was deployed: 4 problems were found"


def test_a_broken_verify_or_revert_script_is_found_too(toy: Toy, refused: Refused) -> None:
    toy.change("t1", verify="SELECT FROM WHERE;", revert="DROP TABEL t1;")
    ran = refused("--verify")
    assert "verify/t1.sql:1: syntax error" in ran.err
    assert "revert/t1.sql:1: syntax error" in ran.err


@pytest.mark.parametrize("words", [[], ["--log-only"]])
def test_a_script_that_a_link_takes_out_of_the_project_is_one_finding_of_all(
    toy: Toy, refused: Refused, tmp_path: Path, words: list[str]
) -> None:
    outside = tmp_path / "outside.sql"
    outside.write_text("SELECT 1;\n", encoding="utf-8")
    toy.planned("out").change("same", "SELECT 2;").change("twin", "SELECT 2;")
    (toy.folder / "deploy" / "out.sql").symlink_to(outside)
    ran = refused(*words)
    assert ran.err.count('The deploy script of "out" is outside of the project') == 1
    assert "deploy/twin.sql has the same content as deploy/same.sql" in ran.err
    assert ran.err.splitlines()[-1] == "Nothing was deployed: 2 problems were found"


def test_scripts_that_will_not_run_need_not_parse(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1", verify="SELECT FROM WHERE;", revert="DROP TABEL t1;")
    assert ours("deploy", "--no-verify", "--mode", "change").code == 0


@pytest.mark.parametrize(
    ("script", "finding"),
    [
        ("SELECT 1;\nSELECT :'x';", "deploy/t1.sql:2: the psql variable :'x' is not set"),
        ("\\i other.sql\n", "deploy/t1.sql:1: other.sql: No such file or directory"),
        ("\\if true\nSELECT 1;\n", "deploy/t1.sql:3: an \\if has no \\endif"),
        ("BEGIN;\nVACUUM;\nCOMMIT;", "deploy/t1.sql:2: PostgreSQL refuses this statement inside"),
        ("SELECT 1;\nBEGIN;\nSELECT 2;\n", "deploy/t1.sql:2: this transaction is never ended"),
        ("SELECT 'abc", "deploy/t1.sql:1: unterminated quoted string"),
        ("CREATE TABLE x (\n", "deploy/t1.sql:1: syntax error at end of input"),
    ],
)
def test_a_script_that_cannot_be_run_is_found(
    toy: Toy, refused: Refused, script: str, finding: str
) -> None:
    toy.change("t1", script)
    assert finding in refused().err


def test_a_script_that_is_not_utf8_is_found(toy: Toy, refused: Refused) -> None:
    toy.change("t1")
    (toy.folder / "deploy/t1.sql").write_bytes(b"SELECT 1;\nSELECT '\xff';\n")
    assert "deploy/t1.sql:2: the file is not UTF-8" in refused().err


def test_a_script_with_the_content_of_a_deployed_one_is_found(toy: Toy, refused: Refused) -> None:
    toy.change("t1", "SELECT 1;")
    ours("deploy")
    toy.change("t2", "SELECT 1;")
    assert 'deploy/t2.sql has the same content as the deployed "t1"' in refused().err


def test_a_conflict_with_a_deployed_change_is_found(toy: Toy, refused: Refused) -> None:
    toy.change("t1")
    ours("deploy")
    toy.change("t2", needs="!t1")
    assert "Conflicts with previously deployed change: t1" in refused().err


def test_a_conflict_with_a_change_of_the_same_run_is_found(toy: Toy, refused: Refused) -> None:
    toy.change("t1").change("t2").change("t3", needs="!t1 !t2")
    assert "Conflicts with previously deployed changes: t1 t2" in refused().err


def test_a_conflict_with_what_is_nowhere_planned_is_found(toy: Toy, refused: Refused) -> None:
    toy.change("t1", needs="!ghost")
    assert 'Unable to find change "ghost" in plan sqitch.plan' in refused().err


def test_a_dependency_in_two_spellings_is_found(toy: Toy, refused: Refused) -> None:
    toy.change("t1").change("t2", needs="t1 toy:t1")
    assert 'Change "t2" names the dependency t1 twice' in refused().err


def test_another_project_under_the_same_name_is_found(toy: Toy, refused: Refused) -> None:
    toy.uri = "https://example.org/ours"
    toy.change("t1")
    assert ours("deploy").code == 0
    toy.uri = "https://example.org/theirs"
    toy.tag("v1")
    ran = refused()
    assert (
        'Cannot register "toy" with URI https://example.org/theirs: '
        "already exists with URI https://example.org/ours"
    ) in ran.err
    toy.uri = None
    toy.tag("v2")
    assert 'Cannot register "toy" without URI: already exists with URI' in refused().err


def test_a_uri_that_another_project_has_is_found(toy: Toy, refused: Refused) -> None:
    toy.uri = "https://example.org/ours"
    toy.change("t1")
    assert ours("deploy").code == 0
    toy.name = "other"
    toy.change("t2")
    assert 'project "toy" already using that URI' in refused().err


def test_a_deployed_change_that_left_the_plan_is_found(
    toy: Toy, refused: Refused, db: psycopg.Connection
) -> None:
    toy.change("t1").change("t2", note="first").tag("v1")
    ours("deploy")
    [(found,)] = db.execute("SELECT change_id FROM sqitch.changes WHERE change = 't2'").fetchall()
    toy.lines[1] = toy.lines[1].replace("# first", "# second")
    toy.change("t3")
    assert f"Cannot find change {found} (t2 @v1) in sqitch.plan" in refused().err


def test_what_is_to_be_done_about_several_findings_is_said_once(
    toy: Toy, refused: Refused, db: psycopg.Connection
) -> None:
    toy.change("t1", note="first").change("t2").change("t3").change("t4")
    ours("deploy")
    toy.lines[0] = toy.lines[0].replace("# first", "# second")  # on which all later IDs rest
    toy.change("t5")
    *found, last = refused().err.splitlines()
    assert [line.split()[:3] for line in found[:4]] == [["Cannot", "find", "change"]] * 4
    assert [line.split()[0] for line in found[4:]] == ["do:"]
    assert last == "Nothing was deployed: 4 problems were found"


def test_changes_out_of_order_are_found(toy: Toy, refused: Refused, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2")
    ours("deploy")
    db.execute(
        "UPDATE sqitch.changes SET committed_at = committed_at - interval '1 hour'"
        " WHERE change = 't2'"
    )
    toy.change("t3")
    assert 'Change "t2" is deployed where the plan has "t1"' in refused().err


def test_an_edited_tag_is_found(toy: Toy, refused: Refused) -> None:
    toy.change("t1").tag("v1")
    ours("deploy")
    toy.lines[1] = toy.lines[1].replace("Tag v1.", "Another note.")
    toy.change("t2")
    assert "Tag @v1 is recorded with another ID than the plan's" in refused().err


def test_an_edited_tag_of_an_older_change_does_not_matter(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").tag("v1").change("t2")
    ours("deploy")
    toy.lines[1] = toy.lines[1].replace("Tag v1.", "Another note.")
    toy.change("t3")
    assert ours("deploy").code == 0


def test_a_plan_with_an_unknown_dependency_is_refused(toy: Toy, refused: Refused) -> None:
    toy.change("t1", needs="ghost")
    assert 'Unknown change "ghost" required by change "t1"' in refused().err


def test_harmless_psql_commands_are_taken(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1", "\\set ON_ERROR_STOP on\n\\timing off\nBEGIN;\nCREATE TABLE t1 ();\nCOMMIT;\n")
    assert ours("deploy").code == 0
    assert tables(db) == {"t1"}
