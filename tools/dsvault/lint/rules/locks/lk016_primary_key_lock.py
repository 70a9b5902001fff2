from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.columns import checks_not_null, constraints_added
from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


class PrimaryKeyLock(Rule):
    """ADD PRIMARY KEY that builds an index or looks for NULLs on a table that is in use.

    Why: reads and writes wait while the index is built, or while all rows are read for NULLs.
    When not: USING INDEX of an index on columns that are NOT NULL.
    Instead: NOT NULL by way of a validated CHECK, CREATE UNIQUE INDEX CONCURRENTLY, then
    PRIMARY KEY USING INDEX.
    """

    code = "LK016"
    classes = ("primary-key-lock",)
    on = ("AlterTableStmt",)
    setup = "CREATE TABLE orders (id int NOT NULL);\n"
    bad = "ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);\n"
    good = (
        "CREATE UNIQUE INDEX CONCURRENTLY orders_pkey ON orders (id);\n"
        "ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey;\n"
    )

    def statement(self, scope: Scope) -> None:
        """Report the constraint."""
        if scope.is_new(scope.relation()):
            return
        for constraint in constraints_added(scope):
            if constraint.get("contype") != "CONSTR_PRIMARY":
                continue
            why = _trouble(scope, constraint)
            if why:
                scope.report(
                    self,
                    why,
                    "NOT NULL, a unique index CONCURRENTLY, then PRIMARY KEY USING INDEX.",
                    at=constraint["location"],
                )


def _trouble(scope: Scope, constraint: Node) -> str:
    """Return what makes the constraint slow, "" if nothing does for certain."""
    if "indexname" not in constraint:
        return "all queries of the table wait while the index is built"
    table = scope.catalog.table(scope.relation())
    index = scope.catalog.index((scope.relation()[0], constraint["indexname"]))
    for name in index.columns if index and table else ():
        column = table.columns.get(name) if table else None
        if column is not None and not column.not_null and not checks_not_null(table, name):
            return f"{name} may be NULL: all rows are read under ACCESS EXCLUSIVE"
    return ""
