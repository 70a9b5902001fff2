"""Reverting and deploying again, on this branch or another, and old registries."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import Toy, deployed, ours, sqitch_uri, tables
from tests.sqitch.twins import run_ours

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    from tests.sqitch.twins import Twins
    from tests.support.database import Database
    from tests.support.sqitch import RunSqitch

pytestmark = pytest.mark.sqitch("1.3")


@pytest.fixture
def project(deployed_twins: Twins) -> Twins:
    """Three changes, of which two are deployed."""
    twins = deployed_twins
    twins.write("sqitch.plan", "%project=p\n\n")
    for name in ("a", "b", "c"):
        twins.both("add", name, "-n", name)
        twins.write(f"deploy/{name}.sql", f"CREATE TABLE {name} AS SELECT :'x'::text AS x;\n")
        twins.write(f"revert/{name}.sql", f"\\echo :x\nDROP TABLE {name};\n")
        twins.write(f"verify/{name}.sql", f"SELECT x FROM {name} WHERE false;\n")
    twins.both("tag", "v1", "-n", "x")
    twins.align()
    twins.both("deploy", "--to", "b", "-s", "x=1")
    return twins


def test_a_rebase_reverts_and_deploys_with_variables_for_both_or_each(project: Twins) -> None:
    project.both("rebase", "--onto", "a", "-y", "-s", "x=2", swap=True)
    project.both("rebase", "a", "b", "-y", "-s", "x=2", "-e", "x=3", "--set-revert", "x=4")
    project.both("rebase", "--onto", "a", "--upto", "@v1", "--verify", "-y", "-s", "x=5")
    project.both("rebase", "--onto", "@HEAD", "-y", "-s", "x=5")
    project.both("rebase", "--onto", "nothing", "-y", "-s", "x=5")
    project.both("rebase", "-y", "-s", "x=6", also_ours=["--all"])
    project.both("rebase", "-y", "-m", "-s", "x=6")
    project.write("deploy/b.sql", "CREATE TABLE b AS SELECT 'edited'::text AS x;\n")
    project.both("rebase", "-y", "-m", "-s", "x=7", "--mode", "change")
    project.write("deploy/a.sql", "CREATE TABLE a AS SELECT 'edited'::text AS x;\n")
    project.both("revert", "-y", "-m", "-s", "x=8", swap=True)
    project.both("revert", "-y", "--to", "a")


def test_what_is_too_much_is_left_out_with_a_warning(project: Twins) -> None:
    project.both("verify", "a", "b", "c", "-s", "x=1")
    project.both("check", "--from", "a", "b", "c", swap=True)
    project.both("deploy", "c", "b", "-s", "x=1")
    project.both("revert", "--to", "b", "a", "-y", "-s", "x=1")
    project.both("plan", "a", "--oneline")


def test_a_rebase_never_reverts_everything_unasked(project: Twins) -> None:
    os.chdir(project.mine)
    ran = ours("rebase", "-y")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "Nothing says what to revert")
    assert "--all" in ran.err


def git(folder: Path, *words: str) -> None:
    """Run git in a folder."""
    names = ["-c", "user.name=x", "-c", "user.email=x@x", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *names, *words], cwd=folder, check=True, capture_output=True)


def test_a_branch_is_checked_out_with_its_changes(project: Twins) -> None:
    for folder in (project.mine, project.theirs):
        branched(folder)
    project.both("deploy", "-s", "x=1")
    project.both("checkout", "main", "-y")
    project.both("checkout", "other", "-y", "-s", "x=1")
    project.both("checkout", "main", "-y", "-s", "x=1", "--verify")
    project.both("status")


def branched(folder: Path) -> None:
    """Let the branch `other` have a change d in place of c, and main be checked out."""
    git(folder, "init")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "one")
    git(folder, "checkout", "-b", "other")
    plan = folder / "sqitch.plan"
    lines = plan.read_text().replace("\nc ", "\nd ").splitlines(keepends=True)
    plan.write_text("".join(line for line in lines if not line.startswith("@")))
    for kind in ("deploy", "revert", "verify"):
        (folder / kind / "c.sql").rename(folder / kind / "d.sql")
    (folder / "deploy/d.sql").write_text("CREATE TABLE d ();\n")
    (folder / "revert/d.sql").write_text("DROP TABLE d;\n")
    git(folder, "add", ".")
    git(folder, "commit", "-m", "two")
    git(folder, "checkout", "main")


def recommit(folder: Path, branch: str, name: str, text: str | None) -> None:
    """Change or remove a file of a branch."""
    git(folder, "checkout", branch)
    (folder / name).unlink() if text is None else (folder / name).write_text(text)
    git(folder, "commit", "-am", "again")
    git(folder, "checkout", "main")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CREATE TABEL d ();\n", 'deploy/d.sql:1: syntax error at or near "TABEL"'),
        (None, "Deploy script deploy/d.sql does not exist"),
        ("\\i shared.sql\n", "shared.sql: No such file or directory"),
    ],
)
def test_a_branch_that_could_not_be_deployed_is_not_checked_out(
    project: Twins, text: str | None, found: str
) -> None:
    os.chdir(project.mine)
    branched(project.mine)
    assert ours("deploy", "-s", "x=1").code == 0
    before = ours("status").out
    recommit(project.mine, "other", "deploy/d.sql", text)
    ran = ours("checkout", "other", "-y", "-s", "x=1")
    assert (ran.code, ran.lines) == (2, ["Last change before the branches diverged: b"])
    assert found in ran.err
    assert ours("status").out == before
    recommit(project.mine, "other", "deploy/d.sql" if text else "sqitch.conf", "\n" * 2)
    if text:
        assert ours("checkout", "other", "-y", "-s", "x=1").code == 0
        assert ours("status").lines[3] == "# Name:     d"


def test_a_branch_that_git_would_not_check_out_reverts_nothing(project: Twins) -> None:
    os.chdir(project.mine)
    branched(project.mine)
    assert ours("deploy", "-s", "x=1").code == 0
    before = ours("status").out
    (project.mine / "deploy/c.sql").write_text("SELECT 1;\n")  # the branch has it no more
    ran = ours("checkout", "other", "-y", "-s", "x=1")
    assert (ran.code, ours("status").out) == (2, before)
    assert "deploy/c.sql" in ran.err
    git(project.mine, "checkout", "deploy/c.sql")
    (project.mine / "deploy/c.sql").touch()
    assert ours("checkout", "other", "-y", "-s", "x=1").code == 0


def make_old(twins: Twins, *, before_1_0: bool = False) -> None:
    """Let both registries be as an older Sqitch made them."""
    assert twins.databases is not None
    for database in twins.databases:
        with database.connect(superuser=True, autocommit=True) as conn:
            conn.execute(
                "ALTER TABLE sqitch.changes DROP CONSTRAINT changes_project_script_hash_key"
            )
            if before_1_0:
                conn.execute("DROP TABLE sqitch.releases")
                conn.execute("ALTER TABLE sqitch.changes DROP COLUMN script_hash")
            else:
                conn.execute("ALTER TABLE sqitch.changes ADD UNIQUE (script_hash)")
                conn.execute("UPDATE sqitch.releases SET version = 1.0")


def test_a_registry_of_version_1_0_is_upgraded_and_then_the_same(deployed_twins: Twins) -> None:
    twins = deployed_twins
    twins.write("sqitch.plan", "%project=p\n\n")
    twins.both("add", "a", "-n", "x")
    twins.align()
    twins.both("deploy")
    twins.both("upgrade")
    make_old(twins)
    twins.both("upgrade")
    twins.both("status")


@pytest.mark.parametrize("before_1_0", [False, True])
def test_deploy_upgrades_an_old_registry_on_the_way(
    deployed_twins: Twins, before_1_0: bool
) -> None:
    twins = deployed_twins
    twins.write("sqitch.plan", "%project=p\n\n")
    for name in ("a", "b"):
        twins.both("add", name, "-n", name)
    twins.align()
    twins.both("deploy", "--to", "a")
    make_old(twins, before_1_0=before_1_0)
    for words in (["status"], ["verify"]):  # the one reads it, the other refuses it
        twins.both(*words, is_readable=not before_1_0)
    ran = run_ours(twins.mine, "deploy", "--dry-run")
    assert (ran.code, "upgrade" in ran.err) == ((2, True) if before_1_0 else (0, False)), ran
    # Where there is nothing to do, it is upgraded only if it has no hashes.
    for words in (["deploy", "--to", "a"], ["deploy"], ["check"], ["deploy"]):
        twins.both(*words)


def test_a_registry_that_is_not_there_or_too_old_to_be_used_is_told_apart(
    toy: Toy, db: psycopg.Connection, uri: str, empty_database: Database
) -> None:
    toy.change("t1")
    ran = ours("upgrade")
    assert (ran.code, "No registry found in" in ran.err) == (2, True)
    assert ours("deploy").code == 0
    db.execute("UPDATE sqitch.releases SET version = 0.9")
    ran = ours("verify")
    assert (ran.code, "Registry is at version 0.9 but latest is 1.1" in ran.err) == (2, True)
    db.execute("UPDATE sqitch.releases SET version = 2")
    assert "Registry version is 2 but 1.1 is the latest known" in ours("upgrade").err


def test_a_registry_from_before_version_1_0_is_upgraded_as_by_sqitch(
    toy: Toy, db: psycopg.Connection, uri: str, sqitch: RunSqitch
) -> None:
    toy.change("t1")
    assert ours("deploy").code == 0
    db.execute("DROP TABLE sqitch.releases")
    db.execute("ALTER TABLE sqitch.changes DROP COLUMN script_hash")
    assert ours("upgrade").lines[-2:] == ["  * From 0 to 1.0", "  * From 1.0 to 1.1"]
    assert ours("verify").code == 0
    assert sqitch("status", sqitch_uri(uri)).code == 0
    assert (deployed(db), tables(db)) == (["t1"], {"t1"})


def test_a_rebase_that_could_not_deploy_again_reverts_nothing(project: Twins) -> None:
    os.chdir(project.mine)
    (project.mine / "deploy" / "c.sql").write_text("CREATE TABEL c ();\n")
    before = ours("status").out
    ran = ours("rebase", "--onto", "a", "-y", "-s", "x=2")
    assert (ran.code, ran.out) == (2, "")
    assert 'deploy/c.sql:1: syntax error at or near "TABEL"' in ran.err
    assert ours("status").out == before
    ran = ours("rebase", "--onto", "b", "--upto", "a", "-y", "-s", "x=2")
    assert (ran.code, ours("status").out) == (2, before)
    ran = ours("rebase", "--onto", "a", "--upto", "b", "-y", "-s", "x=2")
    assert ran.code == 0, ran.err


def test_common_options_stand_before_and_behind_each_command(project: Twins) -> None:
    for words in (
        ["--quiet", "status"],
        ["status", "--quiet", "-v"],
        ["--verbose", "status", "--no-pager"],
        ["-v", "--no-pager", "log", "-n", "1", "--oneline"],
        ["log", "--no-pager", "--quiet", "-n", "1", "--format", "oneline"],
        ["verify", "--quiet", "-s", "x=1"],
        ["check", "--quiet"],
        ["plan", "-v", "--quiet", "--no-pager", "-n", "1"],
        ["show", "--quiet", "change", "a"],
        ["target", "--quiet"],
        ["config", "--quiet", "--get", "core.engine"],
        ["deploy", "--quiet", "--no-pager", "-s", "x=1"],
        ["revert", "--quiet", "--to", "b", "-y", "-s", "x=1"],
        ["tag", "--quiet", "v2", "-n", "x"],
        ["--etc-path"],
    ):
        project.both(*words)


def test_what_verify_scripts_print_is_shown_to_who_asks_twice(project: Twins) -> None:
    project.write("verify/a.sql", "\\echo seen\nSELECT 7 AS x, NULL AS y;\n")
    own = ["-s", "x=1"]
    for words in (
        ["verify"],
        ["verify", "-v"],
        ["verify", "-vv"],
        ["-V", "verify", "-V"],
        ["-VV", "verify"],
        ["verify", "--verbose", "--verbose"],
    ):
        project.both(*words, *own)
    project.both("revert", "--to", "a", "-y", *own)
    project.both("rebase", "--onto", "@ROOT", "-y", "--verify", "-v", *own)
