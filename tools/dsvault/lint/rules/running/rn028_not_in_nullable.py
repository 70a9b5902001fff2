from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.columns import checks_not_null, not_null_columns
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import column_name, inner, range_name, strings

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


class NotInNullable(Rule):
    """NOT IN over a column that may be NULL.

    Why: with one NULL in the list nothing is ever outside of it: the query finds no row.
    When not: the column is NOT NULL, or the sub-select says IS NOT NULL.
    Instead: NOT EXISTS.
    """

    code = "RN028"
    classes = ("not-in-nullable",)
    on = ("*",)
    in_functions = True
    setup = "CREATE TABLE a (id int);\nCREATE TABLE b (a_id int);\nINSERT INTO b VALUES (NULL);\n"
    bad = "INSERT INTO a SELECT 1 WHERE 2 NOT IN (SELECT a_id FROM b);\n"
    good = "INSERT INTO a SELECT 1 WHERE NOT EXISTS (SELECT FROM b WHERE a_id = 2);\n"
    claim = Claim(shows="SELECT count(*) = 0 FROM a")

    def statement(self, scope: Scope) -> None:
        """Report the list."""
        found = [(kind, f) for kind in ("BoolExpr", "SubLink") for f in scope.index.get(kind, ())]
        for kind, fields in found:
            link = _denied(kind, fields)
            column = link and _nullable(scope, link.get("subselect", {}).get("SelectStmt", {}))
            if column:
                scope.report(
                    self,
                    f"{column} may be NULL: then NOT IN is never true",
                    "NOT EXISTS, or IS NOT NULL in the sub-select.",
                    at=fields.get("location"),
                )


def _denied(kind: str, fields: Node) -> Node | None:
    """Return the sub-select of NOT IN, or of its other form <> ALL."""
    if kind == "SubLink" and fields.get("subLinkType") == "ALL_SUBLINK":
        return fields if strings(fields.get("operName")) == ["<>"] else None
    if kind != "BoolExpr" or fields.get("boolop") != "NOT_EXPR":
        return None
    below, link = inner(fields["args"][0])
    is_in = below == "SubLink" and link.get("subLinkType") == "ANY_SUBLINK"
    return link if is_in and "operName" not in link else None


def _nullable(scope: Scope, select: Node) -> str | None:
    """Return the column of a simple sub-select if it may be NULL for certain."""
    targets, tables = select.get("targetList", ()), select.get("fromClause", ())
    if len(targets) != 1 or len(tables) != 1 or "RangeVar" not in tables[0]:
        return None
    name = column_name(targets[0]["ResTarget"].get("val"))
    table = scope.catalog.table(range_name(tables[0]["RangeVar"]))
    column = table.columns.get(name) if table is not None and name else None
    if column is None or column.not_null or checks_not_null(table, column.name):
        return None
    is_excluded = name in not_null_columns(select.get("whereClause"))
    return None if is_excluded else name
