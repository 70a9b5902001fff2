"""Verifying deployed changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.runner.toys import deployed, ours

if TYPE_CHECKING:
    import psycopg
    from tests.runner.toys import Toy


def test_verify_runs_every_script_and_lists_what_is_pending(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").tag("v1").change("t2").change("t3").change("t4")
    ours("deploy", "--to", "t2")
    ran = ours("verify")
    assert ran.code == 0
    assert ran.lines[0].startswith("Verifying postgresql://")
    assert ran.lines[1:] == [
        "  * t1 @v1 .. ok",
        "  * t2 ...... ok",
        "Undeployed changes:",
        "  * t3",
        "  * t4",
        "Verify successful",
    ]


def test_a_failing_script_is_reported_with_its_claim_and_the_others_still_run(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").change("t2").change("t3")
    ours("deploy")
    db.execute("DROP TABLE t2")
    ran = ours("verify")
    assert ran.code == 2
    assert ran.lines[1:] == [
        "  * t1 .. ok",
        '  * t2 .. # Verify script "verify/t2.sql" failed.',
        "not ok",
        "  * t3 .. ok",
        "",
        "Verify Summary Report",
        "---------------------",
        "Changes: 3",
        "Errors:  1",
    ]
    assert ran.err.splitlines()[0] == 'verify/t2.sql:2: relation "t2" does not exist'
    assert ran.err.splitlines()[-1] == "Verify failed"


def test_a_script_that_does_not_parse_is_a_failure_of_its_change(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", verify="SELECT FROM WHERE;").change("t2")
    ours("deploy")
    ran = ours("verify")
    assert ran.code == 2
    assert "verify/t1.sql:1: syntax error" in ran.err
    assert "  * t2 .. ok" in ran.lines


def test_a_missing_script_is_worth_a_warning(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    ours("deploy")
    (toy.folder / "verify/t1.sql").unlink()
    ran = ours("verify")
    assert (ran.code, ran.err) == (0, "Verify script verify/t1.sql does not exist\n")


def test_a_reworked_change_is_not_verified(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("f").tag("v1").planned("f", needs="f@v1")
    toy.script("deploy", "f@v1", "CREATE TABLE f1 ();").script("verify", "f@v1", "SELECT 1/0;")
    toy.script("deploy", "f", "CREATE TABLE f2 ();").script("verify", "f", "TABLE f2;")
    ours("deploy")
    assert ours("verify").code == 0


def test_changes_out_of_order_unplanned_and_missing_are_reported(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1").change("t2").change("t3", note="first")
    ours("deploy")
    toy.lines[2] = toy.lines[2].replace("# first", "# second")
    toy.tag("v1")
    ran = ours("verify")
    assert ran.code == 2
    assert "  * t3 ...... # Not present in the plan" in ran.lines
    assert "  * t3 @v1 .. not ok # Not deployed" in ran.lines
    toy.lines[2] = toy.lines[2].replace("# second", "# first")
    toy.lines.pop()
    toy.change("t4")
    db.execute(
        "UPDATE sqitch.changes SET committed_at = committed_at - interval '1h' WHERE change = 't2'"
    )
    ran = ours("verify")
    assert ran.out.count("# Out of order") == 2
    assert "Errors:  2" in ran.lines


def test_from_and_to_limit_what_is_verified(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1", verify="SELECT 1/0;").change("t2").change("t3", verify="SELECT 1/0;")
    toy.change("t4")
    ours("deploy")
    assert ours("verify", "--from", "t2", "--to", "t2").lines[1:] == [
        "  * t2 .. ok",
        "Verify successful",
    ]
    assert ours("verify", "t2", "t2").code == 0
    assert ours("verify", "--from", "t4").code == 0
    assert ours("verify", "--from", "t2").code == 2
    assert "was deployed before" in ours("verify", "--from", "t4", "--to", "t2").err


def test_changes_that_cannot_be_limits_are_told_apart(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2", note="first").change("t3")
    ours("deploy", "--to", "t2")
    assert 'Change "t3" has not been deployed' in ours("verify", "--to", "t3").err
    assert 'Cannot find "ghost" in the database or the plan' in ours("verify", "--to", "ghost").err
    toy.lines[1] = toy.lines[1].replace("# first", "# second")
    toy.tag("v1")
    assert 'Change "t2" is deployed, but not planned' in ours("verify", "--to", "t2").err


def test_verify_before_any_deploy_says_so(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    ran = ours("verify")
    assert ran.code == 2
    assert "Have you ever deployed?" in ran.err
    ours("deploy")
    ours("revert", "--all", "-y")
    ran = ours("verify")
    assert (ran.code, ran.lines[-1]) == (0, "No changes deployed")


def test_verify_leaves_a_failed_script_behind_without_a_trace(
    toy: Toy, db: psycopg.Connection
) -> None:
    toy.change("t1", verify="BEGIN;\nINSERT INTO t1 VALUES (1);\nSELECT 1/0;\nROLLBACK;\n")
    toy.change("t2", verify="SELECT 1/(1 - count(*)) FROM t1;")
    ours("deploy")
    assert "  * t2 .. ok" in ours("verify").lines
    assert deployed(db) == ["t1", "t2"]
