"""The values of a plan: what other code relies on."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dsvault.plan import (
    AmbiguousChange,
    Dependency,
    Plan,
    PlanError,
    UnknownChange,
    parse_plan,
    read_plan,
)

TEXT = r"""%syntax-version=1.0.0
%project=vault
%uri=<https://Example.org/vault>

core 2024-01-01T00:00:00Z Ada <ada@example.org> # One.\nTwo.
tables/users [core !old q:x@t] 2016-12-31T23:59:60Z Ada  L. <ada@example.org>
@v1 2024-01-02T00:00:00Z Bob <bob@example.org> # First.
@v1.1 2024-01-02T00:00:01Z Bob <bob@example.org>
-core [core@v1] 2024-01-03T00:00:00Z Ada <ada@example.org>
@v2 2024-01-04T00:00:00Z Bob <bob@example.org>
core [core@v2 q:0123456789abcdef0123456789abcdef01234567] 2024-01-05T00:00:00Z A <a@x>
"""

# As real Sqitch 1.3.1 computes them for TEXT.
CHANGE_IDS = [
    "e9eb0d43e0f1931dec812ef002a52f2829adf402",
    "0db1e3ca90cfa10fe4392da534dd6d12ce42630c",
    "62659aef4e38040300797cf7ad2cfe88634ef459",
    "7bebc57a5a89252d95c966ab2bd8446e14dd7ed9",
]
TAG_IDS = [
    "066ec561e6b69b39bbe82aa45976ee8df21a22b6",
    "5c1a05e6331af37214a6440f389b6e60c7078243",
    "d12877917a631bfed0ecb7d652cea25623a6e3c2",
]


@pytest.fixture
def plan() -> Plan:
    return parse_plan(TEXT.encode(), Path("sqitch.plan"))


def test_ids_are_those_of_sqitch(plan: Plan) -> None:
    assert [change.id for change in plan.changes] == CHANGE_IDS
    assert [tag.id for tag in plan.tags] == TAG_IDS


def test_parent_is_the_change_on_the_line_before(plan: Plan) -> None:
    assert [change.parent_id for change in plan.changes] == [None, *CHANGE_IDS[:-1]]


def test_uri_is_unwrapped_but_not_canonical(plan: Plan) -> None:
    assert plan.uri == "https://Example.org/vault"
    assert "\nuri https://example.org/vault\n" in plan.changes[0].info


def test_note_is_decoded(plan: Plan) -> None:
    assert plan.changes[0].note == "One.\nTwo."
    assert plan.tags[0].note == "First."
    assert plan.changes[1].note == ""


def test_requirements_and_conflicts_are_apart_and_in_order(plan: Plan) -> None:
    users = plan.changes[1]
    assert [str(item) for item in users.requires] == ["core", "q:x@t"]
    assert [str(item) for item in users.conflicts] == ["old"]
    assert users.dependencies == (*users.requires, *users.conflicts)
    assert [item.plan_text for item in users.dependencies] == ["core", "q:x@t", "!old"]


def test_dependency_on_another_project_is_foreign(plan: Plan) -> None:
    own, foreign = plan.changes[1].requires
    assert (own.project, own.is_foreign("vault")) == (None, False)
    assert (foreign.project, foreign.change, foreign.tag) == ("q", "x", "t")
    assert foreign.is_foreign("vault")
    assert not foreign.is_foreign("q")
    assert plan.changes[3].requires[1].id == "0123456789abcdef0123456789abcdef01234567"


def test_leap_second_is_hashed_as_it_is_and_stored_as_the_second_after(plan: Plan) -> None:
    assert "\ndate 2016-12-31T23:59:60Z\n" in plan.changes[1].info
    assert plan.changes[1].timestamp == datetime(2017, 1, 1, tzinfo=UTC)


def test_year_0_is_hashed_but_cannot_be_stored() -> None:
    text = b"%project=p\n\na 0000-01-01T00:00:00Z A <a@x>\n"
    (change,) = parse_plan(text, Path("p")).changes
    with pytest.raises(PlanError, match="cannot be stored"):
        _ = change.timestamp


def test_planner_keeps_its_inner_blanks(plan: Plan) -> None:
    assert plan.changes[1].planner_name == "Ada  L."
    assert plan.changes[1].planner == "Ada  L. <ada@example.org>"
    assert plan.changes[1].planner_email == "ada@example.org"


def test_reworked_change_knows_the_names_of_its_scripts(plan: Plan) -> None:
    first, users, second, third = plan.changes
    assert first.is_reworked
    assert first.file_stems == ("core@v1", "core@v1.1")
    assert [str(tag) for tag in plan.rework_tags(first)] == ["@v1", "@v1.1"]
    assert second.file_stems == ("core@v2",)
    assert not third.is_reworked
    assert third.file_stems == ("core",)
    assert users.file_stems == ("tables/users",)


def test_change_is_named_with_its_tags(plan: Plan) -> None:
    assert plan.changes[1].format_name_with_tags() == "tables/users @v1 @v1.1"
    assert plan.changes[0].format_name_with_tags() == "core"


def test_every_instance_has_a_name_of_its_own(plan: Plan) -> None:
    names = [change.format_tag_qualified_name() for change in plan.changes]
    assert names == ["core@v1", "tables/users@v1", "core@v2", "core@HEAD"]
    assert [plan.find(name) for name in names] == list(plan.changes)


def test_operator_and_line_are_kept(plan: Plan) -> None:
    assert [change.operator for change in plan.changes] == ["", "", "-", ""]
    assert [change.line for change in plan.changes] == [5, 6, 9, 11]


def test_look_up_by_id_never_raises(plan: Plan) -> None:
    assert plan.by_id(CHANGE_IDS[2]) is plan.changes[2]
    assert plan.index_of(CHANGE_IDS[2]) == 2
    assert plan.by_id("0" * 40) is None
    assert plan.index_of("core") is None


@pytest.mark.parametrize(
    ("spec", "index"),
    [
        ("tables/users", 1), ("core@v1", 0), ("core@v2", 2), ("core@HEAD", 3), ("@v1", 1),
        ("@v1.1", 1), ("HEAD", 3), ("@HEAD", 3), ("ROOT", 0), ("@ROOT", 0), ("HEAD^", 2),
        ("@HEAD^^", 1), ("HEAD^3", 0), ("ROOT~", 1), ("ROOT~~", 2), ("@v1~2", 3), ("core@v2^", 1),
        ("HEAD^0", 3),
    ],
)  # fmt: skip
def test_find_understands(plan: Plan, spec: str, index: int) -> None:
    assert plan.find(spec) is plan.changes[index]


def test_find_understands_ids_of_changes_and_tags(plan: Plan) -> None:
    assert plan.find(CHANGE_IDS[1]) is plan.changes[1]
    assert plan.find(CHANGE_IDS[1] + "~") is plan.changes[2]
    assert plan.find(TAG_IDS[0]) is plan.changes[1]


@pytest.mark.parametrize(
    "spec", ["x", "HEAD~", "ROOT^", "HEAD^99", "@x", "x@v1", "", "@", "^", "core@x"]
)
def test_find_refuses_what_is_not_there(plan: Plan, spec: str) -> None:
    with pytest.raises(UnknownChange) as caught:
        plan.find(spec)
    assert caught.value.exit_code == 2
    assert caught.value.hint


def test_find_refuses_a_name_that_several_changes_have(plan: Plan) -> None:
    with pytest.raises(AmbiguousChange) as caught:
        plan.find("core")
    assert caught.value.detail == "core@HEAD\ncore@v2\ncore@v1"


def test_dependency_on_an_ambiguous_name_means_its_first_instance(plan: Plan) -> None:
    assert plan.resolve(Dependency("require", change="core")) is plan.changes[0]
    assert plan.resolve(Dependency("require", change="core", tag="v2")) is plan.changes[2]
    assert plan.resolve(Dependency("require", tag="v1")) is plan.changes[1]
    assert plan.resolve(Dependency("require", project="q", change="core")) is None
    assert plan.first("core") is plan.changes[0]


def test_conflict_with_an_unplanned_change_cannot_be_resolved(plan: Plan) -> None:
    with pytest.raises(UnknownChange, match='Unable to find change "old" in plan'):
        plan.resolve(plan.changes[1].conflicts[0])


def test_plan_without_changes_has_no_head() -> None:
    plan = parse_plan(b"%project=p\n", Path("p"))
    assert plan.changes == ()
    with pytest.raises(UnknownChange):
        plan.find("HEAD")


def test_plan_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "sqitch.plan"
    path.write_bytes(TEXT.encode())
    assert read_plan(path).path == path
    assert [change.id for change in read_plan(str(path)).changes] == CHANGE_IDS


def test_missing_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="does not exist"):
        read_plan(tmp_path / "sqitch.plan")


def test_folder_is_no_plan(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="is not a regular file"):
        read_plan(tmp_path)


def test_unreadable_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"Cannot open .*: File name too long"):
        read_plan(tmp_path / ("x" * 300))


def test_control_characters_of_a_plan_do_not_get_into_messages() -> None:
    with pytest.raises(PlanError) as caught:
        parse_plan(b"%project=\x1b[31m!\n", Path("p"))
    assert "\x1b" not in "".join(caught.value.lines())
    assert r"\x1b[31m!" in caught.value.message


def _calls(count: int) -> int:
    """Count the function calls that a plan of so many changes costs."""
    lines = [b"%project=p\n"]
    for number in range(count):
        needs = f" [n{number - 1} !x{number}]" if number else ""
        lines.append(f"n{number}{needs} 2024-01-01T00:00:00Z A <a@x> # n\\n".encode())
        if number % 10 == 9:
            lines.append(f"@t{number} 2024-01-01T00:00:00Z A <a@x>".encode())
    data = b"\n".join(lines)
    calls = 0

    def count_call(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count_call)
    try:
        parse_plan(data, Path("p"))
    finally:
        sys.setprofile(None)
    return calls


def test_cost_grows_with_the_plan_and_not_faster() -> None:
    small, large = _calls(250), _calls(2000)
    assert large < 9 * small
