"""Questions about columns and the constraints on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.tree import column_name, inner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.catalog import Table
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


def constraints_added(scope: Scope) -> Iterator[Node]:
    """Yield the constraints that an ALTER TABLE adds, those of new columns included."""
    for command in scope.commands("AT_AddConstraint", "AT_AddColumn"):
        kind, fields = inner(command.get("def"))
        if kind == "Constraint":
            yield fields
        else:
            yield from (item["Constraint"] for item in fields.get("constraints", ()))


def not_null_columns(expression: Node | None) -> set[str]:
    """Return the columns that an expression says are not null: `a IS NOT NULL AND …`."""
    kind, fields = inner(expression)
    if kind == "NullTest" and fields.get("nulltesttype") == "IS_NOT_NULL":
        name = column_name(fields.get("arg"))
        return {name} if name else set()
    if kind == "BoolExpr" and fields.get("boolop") == "AND_EXPR":
        return {name for part in fields.get("args", ()) for name in not_null_columns(part)}
    return set()


def checks_not_null(table: Table | None, column: str) -> bool:
    """Say whether a validated CHECK of the table proves that a column is not null."""
    if table is None:
        return False
    return any(
        c.is_valid and column in not_null_columns(c.expression) for c in table.of_kind("check")
    )
