"""What a registry holds, and which change a person means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dsvault.model import DeployedChange, DeployedTag, Moment, State
from dsvault.plan import AmbiguousChange, Dependency

START = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def identity(number: int) -> str:
    return f"{number:040x}"


def change(number: int, name: str, *tags: str, project: str = "p") -> DeployedChange:
    moment = START + timedelta(seconds=number)
    who = ("A", "a@b")
    return DeployedChange(
        identity(number), name, project, None, "", moment, *who, moment, *who, tags
    )


def state(*changes: DeployedChange) -> State:
    tags = [
        DeployedTag(name, name, item.project, item.id,
                    item.committed_at + timedelta(microseconds=1), "A", "a@b")
        for item in changes
        for name in item.tags
    ]  # fmt: skip
    return State("1.1", {"p": None, "q": None}, changes, tags)


LIFE = state(
    change(1, "a"),
    change(2, "b", "@v1"),
    change(3, "x", "@v1", project="q"),
    change(4, "a", "@v2", "@v2.1"),
    change(5, "c"),
)


@pytest.mark.parametrize(
    ("spec", "number"),
    [
        ("b", 2), ("c", 5), ("x", None), ("ghost", None),
        ("@v1", 2), ("@v2", 4), ("@v3", None), ("@", None),
        ("HEAD", 5), ("@HEAD", 5), ("ROOT", 1), ("@ROOT", 1),
        ("a@v1", 1), ("a@v2", 4), ("a@v2.1", 4), ("a@HEAD", 4), ("a@ROOT", None), ("c@v2", None),
        (identity(4), 4), (identity(9), None),
        ("HEAD^", 4), ("HEAD^^", 2), ("HEAD^3", 1), ("HEAD^4", None), ("HEAD~", None),
        ("ROOT~", 2), ("ROOT~~", 4), ("b~2", 5), ("@v1^", 1), ("a@v1~", 2), (identity(1) + "~", 2),
    ],
)  # fmt: skip
def test_a_person_means(spec: str, number: int | None) -> None:
    found = LIFE.find(spec, "p")
    assert (found and found.id) == (number and identity(number))


def test_a_name_of_several_changes_is_ambiguous() -> None:
    with pytest.raises(AmbiguousChange) as caught:
        LIFE.find("a", "p")
    assert caught.value.detail == "a@v2\na@v1"


@pytest.mark.parametrize(
    ("dependency", "number"),
    [
        (Dependency("require", change="a"), 1),
        (Dependency("require", change="a", tag="v2"), 4),
        (Dependency("require", tag="v1"), 2),
        (Dependency("require", project="q", change="x"), 3),
        (Dependency("require", project="q", tag="v1"), 3),
        (Dependency("require", project="q", change="a"), None),
        (Dependency("require", project="q", id=identity(5)), 5),
        (Dependency("require", change="ghost"), None),
    ],
)
def test_a_dependency_means(dependency: Dependency, number: int | None) -> None:
    found = LIFE.satisfying(dependency, "p")
    assert (found and found.id) == (number and identity(number))


def test_projects_do_not_mix() -> None:
    assert [item.name for item in LIFE.changes_of("q")] == ["x"]
    assert [tag.name for tag in LIFE.tags_of("p")] == ["@v1", "@v2", "@v2.1"]
    assert LIFE.current("q") == LIFE.changes[2]
    assert LIFE.current("r") is None


def test_a_name_is_qualified_by_the_first_tag_at_or_after_it() -> None:
    names = [LIFE.tag_qualified_name(item) for item in LIFE.changes]
    assert names == ["a@v1", "b@v1", "x@v1", "a@v2", "c@HEAD"]


def test_a_moment_is_written_in_utc() -> None:
    assert Moment(START).date == "2024-05-06T07:08:09Z"
