from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import function_name, inner, literal, type_name

if TYPE_CHECKING:
    from dsvault.lint.plsql import Body, Expression
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


_TEXT = re.compile(
    r"(?:pg_catalog\.)?(?:text|varchar|character|char|name|record|void|trigger|json)|.*%"
)


class SettingEmptyString(Rule):
    """Cast of a setting that may be the empty string.

    Why: after a SET LOCAL and the end of its transaction a setting is '' for the rest of the
    session, and every query that casts it fails.
    When not: nullif(…, '') stands between; the type is text.
    Instead: nullif(current_setting('app.tenant_id', true), '')::uuid.
    """

    code = "SE013"
    classes = ("rls-setting-empty-string",)
    severity = Severity.WARNING
    on = ("CreatePolicyStmt", "AlterPolicyStmt", "SelectStmt", "CreateStmt", "AlterTableStmt")
    in_functions = True
    setup = "SET app.tenant = '';\nCREATE TABLE notes (tenant_id int);\n"
    bad = (
        "CREATE FUNCTION tenant() RETURNS int LANGUAGE sql STABLE\n"
        "    AS $$ SELECT current_setting('app.tenant', true)::int $$;\nSELECT tenant();\n"
    )
    good = bad.replace(
        "current_setting('app.tenant', true)", "nullif(current_setting('app.tenant', true), '')"
    )
    claim = Claim(fails="22P02")

    def statement(self, scope: Scope) -> None:
        """Report casts of settings."""
        if scope.kind == "SelectStmt" and scope.where != "function":
            return
        for kind, fields in scope.nodes:
            if kind == "TypeCast" and _is_risky(fields):
                scope.report(
                    self,
                    "the cast fails once the setting is the empty string",
                    "Write nullif(current_setting(…), '') before the cast.",
                    at=fields,
                )

    def body(self, scope: Scope, body: Body) -> None:
        """Report settings that become values of another type without a cast."""
        kinds = {variable.name: variable.type for variable in body.variables}
        returns = scope.function.returns if scope.function else ""
        given = [(v.type, v.value) for v in body.variables if v.value is not None]
        for step in body.all_steps():
            if step.kind == "ASSIGN" and step.expressions:
                given.append((kinds.get(step.target.lower(), ""), step.expressions[0]))
            elif step.kind == "RETURN" and step.expressions and not step.expressions[0].is_query:
                given.append((returns, step.expressions[0]))
        for wanted, value in given:
            if wanted and not _TEXT.match(wanted) and _is_setting(value):
                scope.report(
                    self,
                    f"it becomes {wanted}, which fails once the setting is the empty string",
                    "Write nullif(current_setting(…), '').",
                    at=value.start,
                )


def _is_setting(value: Expression) -> bool:
    """Say whether an expression is a bare setting of one's own."""
    for tree in value.parse():
        for target in tree.get("SelectStmt", {}).get("targetList", ())[:1]:
            kind, fields = inner(target["ResTarget"].get("val"))
            name = literal((fields.get("args") or [None])[0]) if kind == "FuncCall" else None
            return bool(name) and function_name(fields) == "current_setting" and "." in str(name)
    return False


def _below(node: Node | None) -> tuple[str, Node]:
    """Return what a cast is of, behind casts to text and a sub-select of one value."""
    kind, fields = inner(node)
    if kind == "CoalesceExpr":
        return _below((fields.get("args") or [None])[0])
    if kind == "TypeCast" and type_name(fields.get("typeName")) == "text":
        return _below(fields.get("arg"))
    if kind == "SubLink":
        targets = fields.get("subselect", {}).get("SelectStmt", {}).get("targetList", ())
        if len(targets) == 1:
            return _below(targets[0]["ResTarget"].get("val"))
    return kind, fields


def _is_risky(cast: Node) -> bool:
    kind, fields = _below(cast.get("arg"))
    if kind != "FuncCall" or function_name(fields) != "current_setting":
        return False
    name = literal((fields.get("args") or [None])[0])
    wanted = type_name(cast.get("typeName"))
    is_text = wanted.startswith(("text", "character", "name"))
    return (name is None or "." in name) and not is_text
