"""Conditions as the SQL that a policy must have, and when two SQL expressions are the same.

Policies have one form: the tenant stands outside, alternatives inside, session values are read in
sub-selects. So a condition has one expression, and the catalog's can be compared with it.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pglast import ast, parse_sql
from pglast.enums import BoolExprType
from pglast.parser import ParseError
from pglast.stream import RawStream
from pglast.visitors import Visitor

from dsvault.policy.conditions import (
    MEMBER,
    SYSTEM_TENANT,
    All,
    Not,
    Permission,
    Scope,
    Word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.policy.conditions import Condition, Test

_ME = "(SELECT dsvault.current_user_id())"
_MINE = "(SELECT dsvault.my_permissions())"
_PLAIN_TYPES = {"text", "uuid"}


def expression(condition: Condition, tenant_column: str) -> str:
    """Return a condition as SQL in the form of the house.

    >>> from dsvault.policy.conditions import parse_condition
    >>> expression(parse_condition("dataset:read", {}, ""), "tenant_id")
    "tenant_id = (SELECT dsvault.tenant_for('dataset:read'))"
    """
    if condition.scope is Scope.ANY:
        return "true"
    test = condition.test
    parts: list[Test] = [test] if test is not None else []
    if isinstance(test, All):
        parts = list(test.parts)
    return " AND ".join([_tenant(condition.scope, parts, tenant_column), *map(_sql, parts)])


def is_same(one: str | None, other: str | None) -> bool:
    """Return whether two expressions are the same but for layout, order of and and or, the casts
    of constants and columns, and the names that the server gives to a sub-select's column.
    """
    if one is None or other is None:
        return one is other
    return _canonical(one) == _canonical(other)


def _tenant(scope: Scope, parts: list[Test], column: str) -> str:
    """Return the comparison of the tenant; take the permission that it covers out of parts."""
    if scope is Scope.SYSTEM:
        return f"{column} = '{SYSTEM_TENANT}'"
    if scope is Scope.OWN:
        return f"{column} = (SELECT dsvault.current_tenant_id())"
    permissions = [part for part in parts if isinstance(part, Permission)]
    if len(permissions) == 1:
        parts.remove(permissions[0])
    name = permissions[0].name if len(permissions) == 1 else MEMBER
    return f"{column} = (SELECT dsvault.tenant_for('{name}'))"


def _sql(test: Test) -> str:
    if isinstance(test, Permission):
        return f"(SELECT dsvault.tenant_for('{test.name}')) IS NOT NULL"
    if isinstance(test, Word):
        return _word(test, "=")
    if isinstance(test, Not):
        if isinstance(test.word.value, bool) or test.word.is_within or test.word.is_unset:
            return f"NOT ({_word(test.word, '=')})"
        return _word(test.word, "<>")
    joint = " AND " if isinstance(test, All) else " OR "
    return f"({joint.join(map(_sql, test.parts))})"


def _word(word: Word, sign: str) -> str:
    if word.is_within:
        return f"{word.column} <@ {_MINE}"
    if word.is_unset:
        return f"({word.column} IS NULL OR {word.column} >= (SELECT now()))"
    if word.is_me:
        return f"{word.column} {sign} {_ME}"
    if isinstance(word.value, bool):
        return word.column if word.value else f"NOT {word.column}"
    text = str(word.value).replace("'", "''")
    return f"{word.column} {sign} '{text}'"


@lru_cache(maxsize=1024)  # of several databases, or of one again and again, most are the same
def _canonical(expression_text: str) -> str:
    """Return a text that is equal for expressions that are the same.

    What the parser does not understand is compared as it stands.
    """
    try:
        statement: Any = parse_sql(f"SELECT ({expression_text})")[0].stmt
    except ParseError:
        return expression_text
    _Simplify()(statement)
    return _text(statement.targetList[0].val)


def _text(node: Any) -> str:  # noqa: ANN401 - pglast's nodes promise no attributes
    if not isinstance(node, ast.BoolExpr):
        return str(RawStream()(node))
    if node.boolop is BoolExprType.NOT_EXPR:
        [negated] = node.args or ()
        return f"not {_text(negated)}"
    return json.dumps([str(node.boolop), *sorted({_text(part) for part in _flat(node)})])


def _flat(node: Any) -> Iterator[Any]:  # noqa: ANN401
    for part in node.args:
        if isinstance(part, ast.BoolExpr) and part.boolop is node.boolop:
            yield from _flat(part)
        else:
            yield part


class _Simplify(Visitor):
    """Drops what the server adds when it prints a policy."""

    # pglast calls visit_ and the name of the node.
    def visit_TypeCast(self, ancestors: object, node: Any) -> ast.Node | None:  # noqa: ANN401, ARG002, N802
        is_plain = node.typeName.names[-1].sval in _PLAIN_TYPES
        return node.arg if is_plain and isinstance(node.arg, ast.A_Const | ast.ColumnRef) else None

    def visit_ResTarget(self, ancestors: object, node: Any) -> None:  # noqa: ANN401, ARG002, N802
        node.name = None
