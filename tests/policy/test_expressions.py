"""Which SQL a condition must be, and when two expressions are the same."""

from __future__ import annotations

import pytest

from dsvault.policy.conditions import Word, parse_condition
from dsvault.policy.expressions import expression, is_same

ME = "(SELECT dsvault.current_user_id())"
MINE = "(SELECT dsvault.my_permissions())"
PERMITTED = "(SELECT dsvault.tenant_for('a:b'))"
HOLDS = f"{PERMITTED} IS NOT NULL"
WORDS = {
    word.name: word
    for word in (
        Word("owner", "owner_id", "", is_me=True),
        Word("draft", "status", "", value="draft"),
        Word("system", "is_system_role", "", value=True),
        Word("custom", "is_system_role", "", value=False),
        Word("bounded", "permissions", "", is_within=True),
        Word("odd", "name", "", value="it's"),
        Word("live", "gone_at", "", is_unset=True),
    )
}
OWN = "t = (SELECT dsvault.current_tenant_id())"
MEMBER = "t = (SELECT dsvault.tenant_for('tenant:member'))"


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("any-tenant", "true"),
        ("own-tenant", OWN),
        ("own-tenant and system", f"{OWN} AND is_system_role"),
        ("system-tenant", "t = '00000000-0000-0000-0000-000000000000'"),
        ("a:b", "t = (SELECT dsvault.tenant_for('a:b'))"),
        ("owner", f"{MEMBER} AND owner_id = (SELECT dsvault.current_user_id())"),
        ("a:b or owner", f"{MEMBER} AND ({HOLDS} OR owner_id = {ME})"),
        ("a:b and not owner", f"t = {PERMITTED} AND owner_id <> {ME}"),
        (
            "a:b and not system and bounded",
            f"t = {PERMITTED} AND NOT is_system_role AND permissions <@ {MINE}",
        ),
        ("custom", f"{MEMBER} AND NOT is_system_role"),
        ("draft", f"{MEMBER} AND status = 'draft'"),
        ("not draft", f"{MEMBER} AND status <> 'draft'"),
        ("odd", f"{MEMBER} AND name = 'it''s'"),
        ("live", f"{MEMBER} AND (gone_at IS NULL OR gone_at >= (SELECT now()))"),
        ("not live", f"{MEMBER} AND NOT (gone_at IS NULL OR gone_at >= (SELECT now()))"),
        (
            "(a:b or owner) and live",
            (
                f"{MEMBER} AND ({HOLDS} OR owner_id = {ME})"
                " AND (gone_at IS NULL OR gone_at >= (SELECT now()))"
            ),
        ),
    ],
)
def test_a_condition_has_one_expression(text: str, sql: str) -> None:
    assert is_same(expression(parse_condition(text, WORDS, ""), "t"), sql)


def test_two_permissions_stand_inside() -> None:
    sql = expression(parse_condition("a:b and c:d", WORDS, ""), "t")
    assert sql.startswith(MEMBER)
    assert "tenant_for('a:b')) IS NOT NULL" in sql
    assert "tenant_for('c:d')) IS NOT NULL" in sql


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a = 'x'", "(a = 'x'::text)"),
        ("a = 'x'", "((a)::text = 'x'::text)"),
        ("t = (SELECT f('x'))", "(t = ( SELECT f('x'::text) AS f))"),
        ("a AND b AND c", "((c AND a) AND b)"),
        ("a OR b", "(b OR a)"),
        ("NOT (a AND b)", "(NOT (b AND a))"),
        ("t = '00000000-0000-0000-0000-000000000000'",
         "(t = '00000000-0000-0000-0000-000000000000'::uuid)"),
        (None, None),
    ],
)  # fmt: skip
def test_layout_order_and_plain_casts_do_not_matter(one: str | None, other: str | None) -> None:
    assert is_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a = 'x'", "a = 'y'"),
        ("a = 'x'", "a <> 'x'"),
        ("a = 'x'", "lower(a) = 'x'"),
        ("a = f()", "(a)::text = (f())::text"),
        ("t = (SELECT f('x'))", "t = f('x')"),
        ("t = (SELECT f('x'))", "t = (SELECT g('x'))"),
        ("t = (SELECT s.f('x'))", "t = (SELECT f('x'))"),
        ("a AND b", "a OR b"),
        ("a AND (b OR c)", "(a AND b) OR c"),
        ("NOT a", "a"),
        ("a", "true"),
        ("a", None),
        (None, "true"),
        ("a = 'x'", "not parsable ("),
    ],
)
def test_anything_else_matters(one: str | None, other: str | None) -> None:
    assert not is_same(one, other)
    assert not is_same(other, one)
