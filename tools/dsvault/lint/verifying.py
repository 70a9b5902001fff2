"""What a verify script proves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.flow import raises
from dsvault.lint.plsql import read_body
from dsvault.lint.tree import (
    function_name,
    inner,
    literal,
    number,
    operator,
    option,
    strings,
    type_name,
    walk,
)

if TYPE_CHECKING:
    from dsvault.lint.plsql import Step
    from dsvault.lint.scope import Parsed
    from dsvault.lint.statements import Statement
    from dsvault.lint.tree import Node

_CATALOG = {"pg_catalog", "information_schema"}
_QUIET = {"TransactionStmt", "VariableSetStmt", "VariableShowStmt", "CommentStmt", "NotifyStmt"}
# They answer, whatever the state; a privilege function at least needs its object.
_ANSWERS = {
    "count", "exists", "to_regclass", "to_regproc", "to_regprocedure", "to_regtype", "to_regrole",
    "to_regnamespace", "coalesce", "now", "current_setting", "set_config", "version", "min", "max",
    "sum", "avg", "bool_and", "bool_or", "array_agg", "string_agg", "current_database", "length",
    "lower", "upper", "row_number", "format", "concat", "quote_ident", "nullif",
}  # fmt: skip
_REGISTERED = re.compile(r"reg(?:class|proc|procedure|type|role|namespace|oper|operator|config)")


def can_fail(statement: Statement) -> bool:
    """Say whether a statement of a verify script fails in some state of the database."""
    if statement.kind in _QUIET:
        return False
    if statement.kind == "DoStmt":
        return _block_can_fail(statement.node)
    if statement.kind != "SelectStmt":
        return True
    return any(_node_can_fail(kind, fields) for kind, fields in walk(statement.node))


def _block_can_fail(node: Node) -> bool:
    element = option(node.get("args"), "as")
    texts = strings([element["arg"]]) if element and "String" in element.get("arg", {}) else []
    body = read_body(texts[0] if texts else "")
    if body.steps and _hides_all(body.steps[0]):
        return False
    for step in body.all_steps():
        if raises(step) or step.kind in {"ASSERT", "EXECUTE"}:
            return True
        if step.kind == "SQL" and "STRICT" in step.text.upper():
            return True
        for expression in step.expressions:
            if any(_node_can_fail(k, f) for k, f in walk(expression.parse())):
                return True
    for variable in body.variables:
        parsed = variable.value.parse() if variable.value else []
        if any(_node_can_fail(k, f) for k, f in walk(parsed)):
            return True
    return False


def _hides_all(block: Step) -> bool:
    """Say whether a block catches every error and raises none."""
    return any(
        "others" in conditions and not any(raises(inner) for s in steps for inner in s.below())
        for conditions, steps, _ in block.handlers
    )


def _node_can_fail(kind: str, fields: Node) -> bool:
    match kind:
        case "RangeVar":
            return _is_own_relation(fields)
        case "FuncCall":
            return _call_can_fail(fields)
        case "A_Expr":
            # 1 / count(*) is Sqitch's way to fail.
            return operator(fields) in {"/", "%"} and number(fields.get("rexpr")) is None
        case "TypeCast":
            return _cast_can_fail(fields)
        case _:
            return False


def _is_own_relation(fields: Node) -> bool:
    name = fields.get("relname", "")
    return fields.get("schemaname", "") not in _CATALOG and not name.startswith("pg_")


def _call_can_fail(fields: Node) -> bool:
    names = strings(fields.get("funcname"))
    name = function_name(fields)
    if len(names) > 1 and names[0] != "pg_catalog":
        return True
    if name.startswith(("has_", "pg_get_")) or name in {"pg_relation_size", "col_description"}:
        return name.startswith("has_")
    return name not in _ANSWERS and not name.startswith(("pg_", "obj_", "array_", "json"))


def _cast_can_fail(fields: Node) -> bool:
    to = type_name(fields.get("typeName"))
    below, _ = inner(fields.get("arg"))
    if _REGISTERED.fullmatch(to) and literal(fields.get("arg")) is not None:
        return True
    # 'false'::boolean cannot, (count(*) = 1)::text::int does not either for certain.
    return (
        below not in {"A_Const", ""}
        and to in {"uuid", "integer", "boolean", "bigint"}
        and (below in {"CaseExpr", "SubLink"})
    )


def writes(parsed: Parsed) -> list[Statement]:
    """Return the statements of a verify script whose writes are committed."""
    found: list[Statement] = []
    pending: list[Statement] = []
    is_open = False
    for statement in parsed.statements:
        if statement.kind == "TransactionStmt":
            kind = statement.node.get("kind", "")
            if kind in {"TRANS_STMT_BEGIN", "TRANS_STMT_START"}:
                is_open = True
            elif kind == "TRANS_STMT_COMMIT":
                found += pending
                pending, is_open = [], False
            elif kind == "TRANS_STMT_ROLLBACK":
                pending, is_open = [], False
        elif _writes(statement):
            (pending if is_open else found).append(statement)
    return found


_WRITING = {
    "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "TruncateStmt", "CreateStmt",
    "AlterTableStmt", "DropStmt", "IndexStmt", "CreateFunctionStmt", "GrantStmt", "ViewStmt",
    "CreateSchemaStmt", "CreateRoleStmt", "CreatePolicyStmt", "CreateTrigStmt",
    "RefreshMatViewStmt",
    "RenameStmt", "CreateTableAsStmt", "CreateSeqStmt", "AlterRoleStmt", "DropRoleStmt",
}  # fmt: skip


def _writes(statement: Statement) -> bool:
    if statement.kind in _WRITING:
        node = statement.node
        relation = node.get("relation") or node.get("into", {}).get("rel") or {}
        return bool(relation.get("relpersistence") != "t")
    if statement.kind == "DoStmt":
        element = option(statement.node.get("args"), "as")
        texts = strings([element["arg"]]) if element and "String" in element.get("arg", {}) else []
        steps = read_body(texts[0] if texts else "").all_steps()
        kinds = {next(iter(s), "") for t in steps for e in t.expressions for s in e.parse()}
        return bool(kinds & _WRITING)
    if statement.kind == "SelectStmt":
        below = {kind for kind, _ in walk(statement.node)}
        calls = {function_name(f) for k, f in walk(statement.node) if k == "FuncCall"}
        return bool(below & _WRITING) or bool(calls & {"nextval", "setval"})
    return False
