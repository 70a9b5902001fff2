from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import is_null, operator, strip_casts

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node

_OPERATORS = {"=", "<>", "!=", "<", ">", "<=", ">="}


class ComparisonWithNull(Rule):
    """Comparison with NULL.

    Why: it is neither true nor false, whatever the value; NOT IN (…, NULL) lets nothing through.
    When not: IS NULL, IS DISTINCT FROM; SET column = NULL.
    Instead: IS NULL or IS NOT NULL.
    """

    code = "DS017"
    classes = ("comparison-with-null",)
    on = ("*",)
    in_functions = True
    tasks = frozenset({"deploy", "plain", "verify"})
    setup = "CREATE TABLE notes (deleted date);\nINSERT INTO notes VALUES (NULL);\n"
    bad = "CREATE TABLE alive AS SELECT * FROM notes WHERE deleted = NULL;\n"
    good = "CREATE TABLE alive AS SELECT * FROM notes WHERE deleted IS NULL;\n"
    claim = Claim(shows="SELECT NOT EXISTS (SELECT FROM alive)")

    def statement(self, scope: Scope) -> None:
        """Report comparisons that decide nothing."""
        found = [(kind, f) for kind in ("CaseExpr", "A_Expr") for f in scope.index.get(kind, ())]
        for kind, fields in found:
            is_choice = kind == "CaseExpr" and _has_null_arm(fields)
            if is_choice or (kind == "A_Expr" and _is_void(fields)):
                scope.report(
                    self,
                    "compares with NULL, which is never true",
                    "Write IS NULL or IS NOT NULL.",
                    at=fields,
                )


def _has_null_arm(fields: Node) -> bool:
    """Say whether CASE x has an arm WHEN NULL."""
    arms = [arm.get("CaseWhen", {}) for arm in fields.get("args", ())]
    return "arg" in fields and any(is_null(arm.get("expr")) for arm in arms)


def _is_void(fields: Node) -> bool:
    kind = fields.get("kind")
    if kind == "AEXPR_OP" and operator(fields) in _OPERATORS:
        return is_null(fields.get("lexpr")) or is_null(fields.get("rexpr"))
    if kind == "AEXPR_IN":
        items = fields.get("rexpr", {}).get("List", {}).get("items", [])
        return any(is_null(item) for item in items)
    if kind in {"AEXPR_OP_ANY", "AEXPR_OP_ALL"}:
        below, array = strip_casts(fields.get("rexpr"))
        return below == "A_ArrayExpr" and any(map(is_null, array.get("elements", ())))
    return False
