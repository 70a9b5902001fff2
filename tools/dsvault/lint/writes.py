"""The rows that a statement writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.tenancy import is_always_true
from dsvault.lint.tree import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node

WITH = ("SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt")
"""The kinds of statements that may hold others behind WITH."""


def written(scope: Scope, kind: str) -> Iterator[Node]:
    """Yield the UPDATE or DELETE that the statement is, and those behind its WITH."""
    if scope.kind == kind:
        yield scope.node
    if "withClause" in scope.node:
        yield from find(scope.node["withClause"], kind)


def takes_all(node: Node) -> bool:
    """Say whether an UPDATE or DELETE takes every row: what it joins without WHERE limits none."""
    where = node.get("whereClause")
    return where is None or is_always_true(where)
