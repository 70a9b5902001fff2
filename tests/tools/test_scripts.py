"""The scripts of a change: their places, their hashes, their headers."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from dsvault.config import Config, Layout
from dsvault.plan import Plan, parse_plan, read_plan
from dsvault.scripts import (
    KINDS,
    HeaderProblem,
    ScriptError,
    content_hash,
    expected_header,
    header_problems,
    read_script,
    script_hash,
    script_path,
)

REST = "2024-01-01T00:00:00Z Ada <ada@example.org>"


def _plan(*lines: str) -> Plan:
    text = "\n".join(["%project=vault", "", *(f"{line} {REST}" for line in lines), ""])
    return parse_plan(text.encode(), Path("sqitch.plan"))


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    for kind in KINDS:
        (tmp_path / kind).mkdir()
    return Layout.of(Config({}), base=tmp_path)


def test_slashes_of_a_name_are_folders(layout: Layout) -> None:
    (change,) = _plan("tables/users").changes
    found = [script_path(layout, change, kind).relative_to(layout.top_dir) for kind in KINDS]
    assert list(map(str, found)) == [
        "deploy/tables/users.sql",
        "revert/tables/users.sql",
        "verify/tables/users.sql",
    ]


def test_dots_of_a_name_stay(layout: Layout) -> None:
    (change,) = _plan("v1.0").changes
    assert script_path(layout, change, "deploy").name == "v1.0.sql"


def test_extension_and_folders_are_those_of_the_layout(tmp_path: Path) -> None:
    config_layout = Layout.of(
        Config({}), base=tmp_path, overrides={"extension": "psql", "verify_dir": "proof"}
    )
    (change,) = _plan("a").changes
    assert script_path(config_layout, change, "verify") == tmp_path / "proof/a.psql"


def test_reworked_change_has_the_first_tag_in_its_names(layout: Layout) -> None:
    old, _, new = _plan("d/a", "b", "@t1", "@t2", "d/a").changes
    assert script_path(layout, old, "deploy") == layout.deploy_dir / "d/a@t1.sql"
    assert script_path(layout, new, "deploy") == layout.deploy_dir / "d/a.sql"


def test_deploy_script_that_exists_decides_for_all_three(layout: Layout) -> None:
    old, _ = _plan("a", "@t1", "@t2", "a").changes
    (layout.revert_dir / "a@t1.sql").touch()
    (layout.deploy_dir / "a@t2.sql").touch()
    for kind in KINDS:
        assert script_path(layout, old, kind).name == "a@t2.sql"


def test_latest_tagged_change_comes_first_among_candidates(layout: Layout) -> None:
    old, *_ = _plan("a", "@t1", "b", "@t2", "@t3", "a").changes
    assert old.file_stems == ("a@t2", "a@t3", "a@t1")
    (layout.deploy_dir / "a@t1.sql").touch()
    (layout.deploy_dir / "a@t3.sql").touch()
    assert script_path(layout, old, "verify").name == "a@t3.sql"


def test_reworked_scripts_can_have_folders_of_their_own(tmp_path: Path) -> None:
    layout = Layout.of(Config({}), base=tmp_path, overrides={"reworked_dir": "old"})
    old, new = _plan("a", "@t1", "a").changes
    assert script_path(layout, old, "revert") == tmp_path / "old/revert/a@t1.sql"
    assert script_path(layout, new, "revert") == tmp_path / "revert/a.sql"


@pytest.mark.parametrize("name", ["a/../../etc/passwd", "a/..", "a/../b", "a/../../../x", "a\0b"])
def test_name_cannot_lead_out_of_the_project(layout: Layout, name: str) -> None:
    escaping = _plan("a").changes[0].but(name=name)
    for kind in KINDS:
        with pytest.raises(ScriptError, match="is no path below") as caught:
            script_path(layout, escaping, kind)
        assert "\0" not in "".join(caught.value.lines())


def test_planned_name_with_dots_between_slashes_is_refused(layout: Layout) -> None:
    (change,) = _plan("a/../../b").changes
    with pytest.raises(ScriptError):
        read_script(layout, change, "deploy")


def test_link_cannot_lead_out_of_the_project(
    layout: Layout, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("outside") / "secret.sql"
    secret.write_text("SELECT 1;")
    (layout.deploy_dir / "a.sql").symlink_to(secret)
    (change,) = _plan("a").changes
    with pytest.raises(ScriptError, match="outside of the project"):
        script_hash(layout, change)


def test_link_inside_of_the_project_is_followed(layout: Layout) -> None:
    (layout.top_dir / "shared.sql").write_text("SELECT 1;")
    (layout.deploy_dir / "a.sql").symlink_to("../shared.sql")
    (change,) = _plan("a").changes
    assert read_script(layout, change, "deploy") == b"SELECT 1;"


def test_hash_is_sha_1_of_the_bytes_as_they_are(layout: Layout) -> None:
    (change,) = _plan("a").changes
    content = b"\xef\xbb\xbfBEGIN;\r\n\xff\n"
    (layout.deploy_dir / "a.sql").write_bytes(content)
    assert script_hash(layout, change) == hashlib.sha1(content).hexdigest()  # noqa: S324
    assert content_hash(b"") == "da39a3ee5e6b4b0d3255bfef95601890afd80709"


def test_missing_script_has_no_hash(layout: Layout) -> None:
    (change,) = _plan("a").changes
    assert script_hash(layout, change) is None
    (layout.deploy_dir / "a.sql").mkdir()
    assert script_hash(layout, change) is None


def test_name_that_no_file_can_have_is_reported(layout: Layout) -> None:
    old, new = _plan("x" * 300, "@t1", "x" * 300).changes
    for change in (old, new):
        with pytest.raises(ScriptError, match="File name too long"):
            read_script(layout, change, "deploy")


HEADERS = _plan("a", "b", "c [a b q:x !z !q:y]")
C = HEADERS.changes[2]


def test_header_is_what_sqitch_add_writes() -> None:
    assert expected_header(HEADERS, C, "deploy") == [
        "-- Deploy vault:c to pg",
        "-- requires: a",
        "-- requires: b",
        "-- requires: q:x",
        "-- conflicts: z",
        "-- conflicts: q:y",
    ]
    assert expected_header(HEADERS, C, "revert") == ["-- Revert vault:c from pg"]
    assert expected_header(HEADERS, C, "verify") == ["-- Verify vault:c on pg"]


@pytest.mark.parametrize("kind", KINDS)
def test_header_that_agrees_has_no_problems(kind: str) -> None:
    text = "\n".join([*expected_header(HEADERS, C, kind), "--", "-- Why: x.", "BEGIN;"])  # type: ignore[arg-type]
    assert header_problems(HEADERS, C, kind, text) == []  # type: ignore[arg-type]


def test_other_name_in_a_header_is_a_problem() -> None:
    assert header_problems(HEADERS, HEADERS.changes[0], "verify", "-- Verify vault:b on pg\n") == [
        HeaderProblem(1, "-- Verify vault:b on pg", "-- Verify vault:a on pg")
    ]


def test_empty_script_lacks_its_header() -> None:
    (problem,) = header_problems(HEADERS, HEADERS.changes[0], "deploy", "")
    assert problem == HeaderProblem(1, "", "-- Deploy vault:a to pg")


def test_missing_and_extra_dependencies_are_problems() -> None:
    lines = expected_header(HEADERS, C, "deploy")
    lines[2] = "-- requires: d"
    problems = header_problems(HEADERS, C, "deploy", "\n".join(lines))
    assert {(p.found, p.expected) for p in problems} == {
        ("", "-- requires: b"),
        ("-- requires: d", ""),
    }
    assert [p.line for p in problems if p.found] == [3]


def test_revert_may_leave_dependencies_out_but_not_invent_them() -> None:
    text = "-- Revert vault:c from pg\n-- requires: a\n-- requires: d\n"
    assert header_problems(HEADERS, C, "revert", text) == [HeaderProblem(3, "-- requires: d", "")]


def test_comment_below_the_header_is_no_dependency() -> None:
    text = "-- Verify vault:a on pg\n\n-- requires: nothing\n"
    assert header_problems(HEADERS, HEADERS.changes[0], "verify", text) == []


def test_own_headers_agree_with_the_own_plan() -> None:
    root = Path(__file__).parents[2]
    plan = read_plan(root / "sqitch.plan")
    layout = Layout.of(Config({}), base=root)
    assert len(plan.changes) > 10
    for change in plan.changes:
        for kind in KINDS:
            script = read_script(layout, change, kind)
            assert script is not None, (change.name, kind)
            assert header_problems(plan, change, kind, script.decode()) == [], (change.name, kind)
