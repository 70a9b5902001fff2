"""The JSON form of each command: one object, always the same keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.runner.toys import ours

if TYPE_CHECKING:
    import psycopg
    from tests.runner.toys import Toy


def _json(code: int, *words: str) -> dict[str, Any]:
    ran = ours(*words, "--json")
    assert ran.code == code, ran.err
    content: dict[str, Any] = json.loads(ran.out)
    assert content["ok"] is (code == 0)
    assert (content["error"] is None) is (code == 0)
    return content


def test_deploy(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").tag("v1").change("t2", "DO $$ BEGIN RAISE WARNING 'careful'; END $$;")
    content = _json(0, "deploy")
    assert list(content) == ["ok", "target", "project", "dry_run", "changes", "error"]
    assert [list(change) for change in content["changes"]] == [
        ["id", "name", "tags", "outcome", "seconds", "lock_retries"]
    ] * 2
    assert content["changes"][0]["tags"] == ["@v1"]
    assert content["changes"][0]["outcome"] == "ok"
    assert content["project"] == "toy"
    assert _json(0, "deploy")["changes"] == []


def test_a_failing_deploy(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("boom", "SELECT 1/0;")
    content = _json(2, "deploy", "--mode", "change")
    assert [change["name"] for change in content["changes"]] == ["t1"]
    assert content["error"] == {
        "message": "deploy/boom.sql:1: division by zero",
        "detail": "SELECT 1/0;\nSQLSTATE: 22012",
        "hint": None,
        "sqlstate": "22012",
        "findings": [],
    }
    assert _json(2, "deploy")["changes"] == []


def test_findings_before_a_deploy(toy: Toy, db: psycopg.Connection) -> None:
    toy.planned("t1").change("t2", needs="x:y")
    content = _json(2, "deploy")
    assert list(content) == ["ok", "error"]
    assert len(content["error"]["findings"]) == 2


def test_revert(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2").change("t3", revert="SELECT 1/0;")
    ours("deploy", "--to", "t2")
    content = _json(0, "revert", "--to", "t1", "-y")
    assert list(content) == ["ok", "target", "project", "reverted", "error"]
    assert content["reverted"] == ["t2"]
    ours("deploy")
    content = _json(2, "revert", "--all", "-y")
    assert content["reverted"] == []
    assert content["error"]["message"] == "revert/t3.sql:1: division by zero"


def test_verify(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").change("t2").change("t3")
    ours("deploy", "--to", "t2")
    keys = ["ok", "target", "project", "errors", "changes", "undeployed", "error"]
    content = _json(0, "verify")
    assert list(content) == keys
    assert content["undeployed"] == ["t3"]
    db.execute("DROP TABLE t1")
    content = _json(2, "verify")
    assert list(content) == keys
    assert content["errors"] == 1
    bad, good = content["changes"]
    assert list(bad) == ["id", "name", "ok", "faults"]
    assert bad["faults"][0].startswith('verify/t1.sql:2: relation "t1" does not exist')
    assert good["ok"] is True


def test_status(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1").tag("v1").change("t2")
    keys = ["ok", "target", "project", "current", "in_plan", "undeployed", "changes", "tags"]
    keys += ["unfinished", "error"]
    content = _json(1, "status")
    assert list(content) == keys
    assert content["current"] is None
    assert content["undeployed"] == ["t1 @v1", "t2"]
    ours("deploy", "--to", "t1")
    content = _json(0, "status")
    assert list(content) == keys
    assert content["in_plan"] is True
    assert content["undeployed"] == ["t2"]
    assert list(content["current"]) == [
        "id", "name", "tags", "script_hash", "note", "deployed_at", "deployed_by"
    ]  # fmt: skip
    assert [tag["name"] for tag in content["tags"]] == ["@v1"]


def test_check(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    ours("deploy")
    keys = ["ok", "target", "project", "diverges_at", "modified", "faults", "error"]
    assert list(_json(0, "check")) == keys
    toy.script("deploy", "t1", "-- edited")
    content = _json(1, "check")
    assert list(content) == keys
    assert content["diverges_at"] == "t1"
    assert content["modified"] == ["deploy/t1.sql"]


def test_log(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1")
    _json(1, "log")
    ours("deploy")
    content = _json(0, "log")
    assert list(content) == ["ok", "target", "events", "error"]
    assert list(content["events"][0]) == [
        "event", "project", "change_id", "change", "note", "requires", "conflicts", "tags",
        "committed_at", "committed_by", "planned_at", "planned_by",
    ]  # fmt: skip


def test_an_error_without_result_has_the_same_form(toy: Toy) -> None:
    toy.change("t1")
    content = _json(2, "deploy", "--target", "postgresql://127.0.0.1:1/x")
    assert list(content["error"]) == ["message", "detail", "hint", "sqlstate", "findings"]


def test_warnings_still_go_to_stderr(toy: Toy, db: psycopg.Connection) -> None:
    toy.change("t1", "DO $$ BEGIN RAISE WARNING 'careful'; END $$;")
    assert ours("deploy", "--json").err == "deploy/t1.sql:1: WARNING:  careful\n"
