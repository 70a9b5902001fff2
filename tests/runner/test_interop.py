"""Real Sqitch and ours on the same projects and the same databases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import Toy, deployed, ours, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.cluster import Cluster
    from tests.support.database import Database, Deployer
    from tests.support.programs import Ran
    from tests.support.sqitch import RunSqitch

from tests.support.database import new_database

pytestmark = pytest.mark.sqitch("1.3")

_ROWS = {
    "projects": "SELECT project, uri, creator_name, creator_email FROM sqitch.projects ORDER BY 1",
    "releases": "SELECT version, installer_name, installer_email FROM sqitch.releases",
    "changes": "SELECT change_id, script_hash, change, project, note, committer_name,"
    " committer_email, planned_at, planner_name, planner_email"
    " FROM sqitch.changes ORDER BY committed_at",
    "tags": "SELECT tag_id, tag, project, change_id, note, committer_name, committer_email,"
    " planned_at, planner_name, planner_email FROM sqitch.tags ORDER BY committed_at, tag",
    "dependencies": "SELECT * FROM sqitch.dependencies ORDER BY change_id, dependency",
    "events": "SELECT event, change_id, change, project, note, requires, conflicts, tags,"
    " committer_name, committer_email, planned_at, planner_name, planner_email"
    " FROM sqitch.events ORDER BY committed_at",
}


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return all that a registry holds but the times of its writing."""
    with database.connect(superuser=True, autocommit=True) as conn:
        if conn.execute("SELECT to_regclass('sqitch.changes')").fetchone() == (None,):
            return {}
        return {name: conn.execute(query).fetchall() for name, query in _ROWS.items()}


@pytest.fixture
def pair(server: Cluster, deployer: Deployer) -> Iterator[tuple[Database, Database]]:
    """Two empty databases."""
    with new_database(server, deployer) as one, new_database(server, deployer) as two:
        yield one, two


@pytest.fixture
def rich(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Toy:
    """A project with tags, requirements, conflicts, a rework, notes and folders."""
    toy = Toy(tmp_path / "rich", "rich", "https://Example.org/rich")
    toy.change("users", note="Users.\\nAnd more of them: ünïcode.").tag("v1.0").tag("v1.1")
    toy.change(
        "a/b",
        "CREATE TABLE ab (a int);",
        "DROP TABLE ab;",
        "SELECT a FROM ab;",
        needs="users !other:x !gone:@v9",
    )
    toy.planned("f").tag("v2").planned("f", needs="f@v2 a/b")
    for kind in ("deploy", "revert", "verify"):
        toy.script(kind, "f@v2", f"COMMENT ON TABLE users IS 'old {kind}';\n")
        toy.script(kind, "f", f"COMMENT ON TABLE users IS 'new {kind}';\n")
    toy.change("last")
    monkeypatch.chdir(toy.folder)
    return toy


def plain(ran: Ran, database: Database) -> tuple[int, list[str]]:
    """Return exit code and stdout without destination and times, and without what we add."""
    out = re.sub(r"(db:)?postgresql://\S*?/\S*?" + database.name + r"\S*", "DEST", ran.out)
    out = re.sub(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(Z| [+-]\d{4})", "WHEN", out)
    added = "was edited after it was deployed"
    return ran.code, [line for line in out.splitlines() if not line.endswith(added)]


def test_a_whole_life_reads_the_same_and_leaves_the_same_rows(
    rich: Toy, pair: tuple[Database, Database], sqitch: RunSqitch
) -> None:
    theirs, mine = pair

    def both(*words: str, only: str = "") -> None:
        extra = [only] if only else []
        expected = sqitch(*words, "--target", f"db:{theirs.url}")
        found = ours(*words, "--target", mine.url, *extra)
        assert plain(found, mine) == plain(expected, theirs), (found.err, expected.err)
        assert rows(mine) == rows(theirs)

    both("status")
    both("log")
    both("verify")
    both("deploy", "--to", "a/b", "--verify")
    both("status", "--show-changes", "--show-tags")
    both("deploy", "--to", "a/b")
    both("deploy", "--to", "users")
    rich.change("boom", "SELECT 1/0;\n")
    both("deploy", "--verify")  # reverts what it deployed
    both("deploy", "--mode", "tag")
    both("status")
    both("verify")
    both("check")
    rich.script("deploy", "a/b", "-- edited\n")
    both("check")
    both("revert", "--to", "@v1.1", "-y")
    both("revert", "--to", "boom", "-y")
    both("deploy", "--mode", "change", "--log-only", "--to", "last")
    both("log", "--format", "raw")
    both("log", "--oneline", "--reverse", "-n", "3")
    both("revert", "-y", only="--all")
    both("revert", "-y", only="--all")
    both("status")


@pytest.mark.parametrize("ours_first", [True, False])
def test_the_tools_take_turns_on_one_database(
    rich: Toy, empty_database: Database, ours_first: bool, sqitch: RunSqitch
) -> None:
    uri = empty_database.url

    def mine(*words: str) -> Ran:
        return ours(*words, "--target", uri)

    def real(*words: str) -> Ran:
        return sqitch(*words, "--target", f"db:{uri}")

    one, two = (mine, real) if ours_first else (real, mine)
    everything = ["--all"] if ours_first else []
    assert one("deploy", "--verify", "--to", "@v2").code == 0
    for words in (["status"], ["verify"]):
        assert plain(two(*words), empty_database) == plain(one(*words), empty_database)
    assert two("deploy", "--verify").code == 0
    assert one("verify").code == 0
    assert one("revert", "--to", "users", "-y").code == 0
    assert two("status").lines[3] == "# Name:     users"
    rich.tag("v3").change("late")
    assert two("deploy").code == 0
    assert one("revert", "-y", *everything).code == 0
    with empty_database.connect(superuser=True, autocommit=True) as conn:
        assert deployed(conn) == []
        assert tables(conn) == set()


def test_a_dependency_on_the_other_tools_project_is_resolved(
    rich: Toy,
    pair: tuple[Database, Database],
    sqitch: RunSqitch,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theirs, mine = pair
    assert sqitch("deploy", f"db:{theirs.url}").code == 0
    assert ours("deploy", mine.url).code == 0
    other = Toy(tmp_path / "other", "other")
    other.change("o1", needs="rich:users").change("o2", needs="rich:a/b@v2 rich:@v1.0 o1")
    monkeypatch.chdir(other.folder)
    assert ours("deploy", theirs.url).code == 0
    assert sqitch("deploy", f"db:{mine.url}").code == 0
    assert rows(theirs)["dependencies"] == rows(mine)["dependencies"]
    monkeypatch.chdir(rich.folder)
    ran, expected = (
        ours("revert", "--all", "-y", mine.url),
        sqitch("revert", "-y", f"db:{mine.url}"),
    )
    assert ran.code == expected.code == 2
    assert expected.err.strip() in ran.err


def test_the_registries_are_the_same_to_pg_dump(
    rich: Toy, pair: tuple[Database, Database], dump: Callable[[Database], str], sqitch: RunSqitch
) -> None:
    theirs, mine = pair
    assert sqitch("deploy", "--to", "users", f"db:{theirs.url}").code == 0
    assert ours("deploy", "--to", "users", mine.url).code == 0
    found = dump(mine)
    assert found == dump(theirs)
    assert found.count("CREATE TABLE") == 6
