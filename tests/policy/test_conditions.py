"""Conditions: what they mean, and which texts are none."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsvault.policy import MatrixError
from dsvault.policy.conditions import (
    MEMBER,
    SYSTEM_TENANT,
    Actor,
    Row,
    Scope,
    Word,
    parse_condition,
)

WORDS = {
    word.name: word
    for word in (
        Word("owner", "owner_id", "", is_me=True),
        Word("draft", "status", "", value="draft"),
        Word("system", "is_system_role", "", value=True),
        Word("bounded", "permissions", "", is_within=True),
        Word("live", "deleted_at", "", is_unset=True),
    )
}
VALUES: dict[str, str | None] = {
    "owner_id": "u",
    "status": "draft",
    "is_system_role": "f",
    "permissions": '["a:b"]',
    "deleted_at": None,
}


def holds(
    text: str, *, user: str | None = "u", held: str = "", tenant: str = "t", **values: str | None
) -> bool:
    actor = Actor("t", user, frozenset({MEMBER, *held.split()}))
    return parse_condition(text, WORDS, "here").holds(actor, Row(tenant, VALUES | values))


def test_a_permission_is_about_the_users_tenant_only() -> None:
    assert holds("a:b", held="a:b")
    assert not holds("a:b", held="a:b", tenant="another")
    assert not holds("a:b", held="c:d")


def test_a_word_alone_still_needs_a_live_user() -> None:
    condition = parse_condition("owner", WORDS, "here")
    row = Row("t", VALUES)
    assert condition.holds(Actor("t", "u", frozenset({MEMBER})), row)
    assert not condition.holds(Actor("t", "u", frozenset()), row)


def test_or_binds_weaker_than_and() -> None:
    text = "a:b or c:d and draft"
    assert holds(text, held="a:b", status="published")
    assert holds(text, held="c:d", status="draft")
    assert not holds(text, held="c:d", status="published")


def test_parentheses_bind_first() -> None:
    assert not holds("(a:b or c:d) and draft", held="a:b", status="published")


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("owner", {"owner_id": "u"}, True),
        ("owner", {"owner_id": "other"}, False),
        ("not owner", {"owner_id": "other"}, True),
        ("draft", {"status": "published"}, False),
        ("system", {"is_system_role": "t"}, True),
        ("not system", {"is_system_role": "t"}, False),
        ("bounded", {"permissions": '["x:y"]'}, True),
        ("bounded", {"permissions": "[]"}, True),
        ("bounded", {"permissions": '["x:y", "z:z"]'}, False),
    ],
)
def test_a_word_compares_its_column(text: str, values: dict[str, str], expected: bool) -> None:
    assert holds(text, held="x:y", **values) is expected


@pytest.mark.parametrize("text", ["owner", "not owner", "draft", "not draft"])
def test_null_is_neither_a_word_nor_its_opposite(text: str) -> None:
    assert not holds(text, owner_id=None, status=None)


def test_what_is_unset_is_live_and_what_was_set_is_not() -> None:
    assert holds("live")
    assert not holds("not live")
    assert not holds("live", deleted_at="2000-01-01 00:00:00+00")
    assert holds("not live", deleted_at="2000-01-01 00:00:00+00")


@pytest.mark.parametrize("text", ["owner", "not owner"])
def test_nobody_is_neither_the_owner_nor_somebody_else(text: str) -> None:
    assert not holds(text, user=None)


def test_scopes_tell_whose_rows_without_a_user() -> None:
    nobody, tenant = Actor(), Actor("t")
    own, system, every = (
        parse_condition(text, {}, "here") for text in ("own-tenant", "system-tenant", "any-tenant")
    )
    row, foreign, template = Row("t", {}), Row("other", {}), Row(SYSTEM_TENANT, {})
    assert [own.holds(tenant, r) for r in (row, foreign, template)] == [True, False, False]
    assert [own.holds(nobody, r) for r in (row, foreign, template)] == [False, False, False]
    assert [system.holds(nobody, r) for r in (row, foreign, template)] == [False, False, True]
    assert [every.holds(nobody, r) for r in (row, foreign, template)] == [True, True, True]
    assert own.scope is Scope.OWN


def test_a_scope_joins_words_by_and() -> None:
    condition = parse_condition("own-tenant and system", WORDS, "here")
    assert condition.holds(Actor("t"), Row("t", {"is_system_role": "t"}))
    assert not condition.holds(Actor("t"), Row("t", {"is_system_role": "f"}))


def test_permissions_and_words_are_listed_once() -> None:
    condition = parse_condition("a:b or (c:d and draft) or (a:b and owner)", WORDS, "here")
    assert condition.permissions == {"a:b", "c:d"}
    assert [word.name for word in condition.words] == ["draft", "owner"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "ends too soon"),
        ("a:b and", "ends too soon"),
        ("(a:b", "misses a )"),
        ("a:b)", "does not expect ')'"),
        ("a:b c:d", "does not expect 'c:d'"),
        ("a:b or mine", "does not know 'mine'"),
        ("not a:b", "does not know 'a:b'"),
        ("a:b = c", "cannot read '= c'"),
        ("a:b and own-tenant", "elsewhere than in front"),
        ("own-tenant or a:b", "does not expect 'or'"),
        ("own-tenant and a:b or draft", "does not expect 'or'"),
        ("own-tenant and any-tenant", "elsewhere than in front"),
    ],
)
def test_what_is_no_condition_is_refused_with_its_place(text: str, fault: str) -> None:
    with pytest.raises(MatrixError) as caught:
        parse_condition(text, WORDS, "matrix.toml: [x.y]")
    assert fault in caught.value.message
    assert caught.value.message.startswith("matrix.toml: [x.y]: ")


ATOMS = ("a:b", "c:d", "owner", "draft")
TREES = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.tuples(st.sampled_from(["and", "or"]), inner, inner).map(
        lambda tree: f"({tree[1]} {tree[0]} {tree[2]})"
    ),
    max_leaves=8,
)


@given(TREES)
def test_any_condition_means_what_python_makes_of_it(text: str) -> None:
    condition = parse_condition(text, WORDS, "here")
    for truths in itertools.product([True, False], repeat=len(ATOMS)):
        known = dict(zip(ATOMS, truths, strict=True))
        held = frozenset(atom for atom in ATOMS[:2] if known[atom]) | {MEMBER}
        row = Row(
            "t",
            {
                "owner_id": "u" if known["owner"] else "other",
                "status": "draft" if known["draft"] else "published",
            },
        )
        meant = text
        for atom in ATOMS:
            meant = meant.replace(atom, str(known[atom]))
        expected = eval(meant)  # noqa: S307 - True, False, and, or, parentheses
        assert condition.holds(Actor("t", "u", held), row) is expected
