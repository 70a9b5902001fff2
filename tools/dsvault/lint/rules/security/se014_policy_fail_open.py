from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tenancy import (
    arms,
    is_always_true,
    is_missing_setting,
    is_session_value,
    mentions_session,
)
from dsvault.lint.tree import column_name, find, inner, strip_casts, walk

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


class PolicyFailOpen(Rule):
    """Policy that is true where the session says nothing.

    Why: a connection that forgot its setting sees every tenant's rows.
    When not: the missing setting makes it false or NULL.
    Instead: compare with nullif(current_setting(…, true), ''), which is NULL if it is missing.
    """

    code = "SE014"
    classes = ("policy-fail-open",)
    on = ("CreatePolicyStmt", "AlterPolicyStmt")
    setup = (
        "CREATE ROLE lint_app;\nCREATE TABLE notes (tenant_id text NOT NULL);\n"
        "ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\n"
    )
    bad = (
        "CREATE POLICY notes_tenant ON notes USING (\n"
        "    (SELECT current_setting('app.tenant', true)) IS NULL\n"
        "    OR tenant_id = (SELECT current_setting('app.tenant', true)));\n"
    )
    good = (
        "CREATE POLICY notes_tenant ON notes USING (\n"
        "    tenant_id = (SELECT current_setting('app.tenant', true)));\n"
    )
    claim = Claim(shows="SELECT pg_get_expr(polqual, polrelid) ~ 'IS NULL' FROM pg_policy")

    def statement(self, scope: Scope) -> None:
        """Report conditions that hold if a setting is missing."""
        for key in ("qual", "with_check"):
            condition = scope.node.get(key)
            found = _opening(condition, scope.catalog)
            found = found or _null_is_equal(condition, scope)
            if found is not None:
                scope.report(
                    self,
                    "holds for every row if the session's setting is missing",
                    "Compare with the setting alone: NULL lets nothing through.",
                    at=found,
                )


def _opening(node: Node | None, catalog: Catalog) -> Node | None:
    """Return the part of a condition that a missing setting makes true."""
    for fields in find({"x": node}, "BoolExpr") if node else ():
        for arm in arms({"BoolExpr": fields}, "OR_EXPR")[
            : 99 if fields.get("boolop") == "OR_EXPR" else 0
        ]:
            if any(is_missing_setting(part, catalog) for part in arms(arm, "AND_EXPR")):
                return arm
    for fields in find({"x": node}, "CoalesceExpr") if node else ():
        args = fields.get("args", [])
        falls_back = any(
            strip_casts(arg)[0] == "ColumnRef" or is_always_true(arg) for arg in args[1:]
        )
        has_setting = args and any(is_session_value(part, catalog) for part in _parts(args[0]))
        if falls_back and has_setting:
            return {"CoalesceExpr": fields}
    for kind, fields in walk({"x": node}) if node else ():
        if _is_open_end(kind, fields, catalog):
            return {kind: fields}
    for fields in find({"x": node}, "CaseWhen") if node else ():
        if is_missing_setting(fields.get("expr", {}), catalog) and is_always_true(
            fields.get("result")
        ):
            return fields
    return None


def _parts(node: Node) -> list[Node]:
    """Return an expression and the two sides of it if it is a comparison."""
    kind, fields = inner(node)
    if kind == "A_Expr":
        return [side for side in (fields.get("lexpr"), fields.get("rexpr")) if side]
    return [node]


def _is_open_end(kind: str, fields: Node, catalog: Catalog) -> bool:
    """Say whether `… IS NOT FALSE` or `CASE … ELSE true` turns an unknown answer into yes."""
    if kind == "BooleanTest":
        is_test = fields.get("booltesttype") in {"IS_NOT_FALSE", "IS_UNKNOWN"}
        return is_test and mentions_session(fields, catalog)
    if kind == "CaseExpr" and is_always_true(fields.get("defresult")):
        return mentions_session(fields.get("args"), catalog)
    return False


def _null_is_equal(condition: Node | None, scope: Scope) -> Node | None:
    """Return `column IS NOT DISTINCT FROM setting` where rows without a value are possible."""
    table = scope.catalog.table(scope.relation())
    for fields in find({"x": condition}, "A_Expr") if condition and table else ():
        pair = (fields.get("lexpr"), fields.get("rexpr"))
        if fields.get("kind") != "AEXPR_NOT_DISTINCT":
            continue
        columns = [table.columns.get(column_name(side) or "") for side in pair if table]
        is_open = any(c is not None and not c.not_null for c in columns)
        if is_open and any(is_session_value(side, scope.catalog) for side in pair):
            return {"A_Expr": fields}
    return None
