"""What a verify script proves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.flow import raises
from dsvault.lint.plsql_reader import read_body
from dsvault.lint.tenancy import is_always_true
from dsvault.lint.tree import (
    boolean,
    function_name,
    inner,
    literal,
    number,
    operator,
    option,
    strings,
    strip_casts,
    type_name,
    walk,
)

if TYPE_CHECKING:
    from dsvault.lint.plsql import Expression, Step
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
# Types that the parser leaves as they are written, and every server has.
_TYPES = {
    "text", "name", "uuid", "json", "jsonb", "xml", "bytea", "date", "money", "oid", "inet", "cidr",
    "timestamptz", "timetz", "bool", "int2", "int4", "int8", "float4", "float8", "bpchar",
    "regclass", "regproc", "regprocedure", "regtype", "regrole", "regnamespace", "char", "tsvector",
    "tsquery", "tid", "xid", "xid8", "pg_lsn", "int4range", "int8range", "numrange", "tsrange",
    "tstzrange", "daterange", "point", "interval", "timestamp", "varchar", "macaddr", "aclitem",
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
    values = [variable.value for variable in body.variables if variable.value is not None]
    return _expressions_can_fail(values) or _steps_can_fail(body.steps)


def _expressions_can_fail(expressions: list[Expression]) -> bool:
    return any(_node_can_fail(k, f) for item in expressions for k, f in walk(item.parse()))


def _steps_can_fail(steps: list[Step]) -> bool:
    return any(_step_can_fail(step) for step in steps)


def _step_can_fail(step: Step) -> bool:
    """Say whether a step, or one inside of it, can end a DO block with an error."""
    if step.kind == "BLOCK" and hides(step):
        return any(_steps_can_fail(steps) for _, steps, _ in step.handlers)
    if raises(step) or step.kind == "EXECUTE":
        return True
    if step.kind == "SQL" and "STRICT" in step.text.upper():
        return True
    if step.kind == "ASSERT":
        return not all(holds_always(item) for item in step.expressions[:1])
    if _expressions_can_fail(step.expressions):
        return True
    branches = list(step.branches)
    if step.kind == "IF":
        branches = [
            branch
            for number, branch in enumerate(branches)
            if number >= len(step.expressions) or not holds_never(step.expressions[number])
        ]
    inner_steps = [*branches, *(steps for _, steps, _ in step.handlers)]
    return any(_steps_can_fail(steps) for steps in inner_steps)


# What is raised where something that a verify script asks for is not there.
_ABSENCE = re.compile(
    r"others|undefined_\w+|invalid_schema_name|assert_failure|raise_exception|division_by_zero"
    r"|no_data_found|42703|42p01|42883|42704|3f000|p0004|p0001|22012"
)


def hides(block: Step) -> bool:
    """Say whether a block catches what its checks raise, and goes on as if nothing had been.

    A block that expects an error, and raises one if it does not come, hides nothing.
    """
    own = any(raises(inner) for step in block.branches[0] for inner in step.below())
    for conditions, steps, _ in block.handlers:
        is_quiet = not any(raises(inner) for s in steps for inner in s.below())
        if is_quiet and ("others" in conditions or (not own and any(map(_is_absence, conditions)))):
            return True
    return False


def _is_absence(condition: str) -> bool:
    return bool(_ABSENCE.fullmatch(condition))


def holds_always(expression: Expression) -> bool:
    """Say whether a condition is true whatever the state: true, 1 = 1, count(*) >= 0."""
    return _constant_answer(expression, {">=": 0, ">": -1, "<>": -1, "!=": -1})


def holds_never(expression: Expression) -> bool:
    """Say whether a condition is false whatever the state: false, count(*) < 0."""
    return _constant_answer(expression, {"<": 0, "<=": -1, "=": -1}, wanted=False)


def _constant_answer(
    expression: Expression, of_counts: dict[str, int], *, wanted: bool = True
) -> bool:
    for tree in expression.parse():
        for target in tree.get("SelectStmt", {}).get("targetList", ())[:1]:
            node = _scalar(target["ResTarget"].get("val"))
            if boolean(node) is wanted or (wanted and is_always_true(node)):
                return True
            kind, fields = inner(node)
            if kind != "A_Expr" or operator(fields) not in of_counts:
                return False
            is_count = function_name(inner(_scalar(fields.get("lexpr")))[1]) == "count"
            return is_count and number(fields.get("rexpr")) == of_counts[operator(fields)]
    return False


def _scalar(node: Node | None) -> Node | None:
    """Return the value that a sub-select computes, any other expression as it is."""
    kind, fields = inner(node)
    if kind != "SubLink" or fields.get("subLinkType") != "EXPR_SUBLINK":
        return node
    targets = fields.get("subselect", {}).get("SelectStmt", {}).get("targetList", ())
    return targets[0]["ResTarget"].get("val") if len(targets) == 1 else node


def _node_can_fail(kind: str, fields: Node) -> bool:
    match kind:
        case "RangeVar":
            return _is_own_relation(fields)
        case "FuncCall":
            return _call_can_fail(fields)
        case "A_Expr":
            # 1 / count(*) is Sqitch's way to fail.
            return operator(fields) in {"/", "%"} and not _is_never_zero(fields.get("rexpr"))
        case "TypeCast":
            return _cast_can_fail(fields)
        case _:
            return False


def _is_never_zero(node: Node | None) -> bool:
    """Say whether a divisor is a constant, NULL in place of zero, or a count and some more."""
    kind, fields = strip_casts(_scalar(node))
    values = [fields.get("lexpr"), fields.get("rexpr"), *fields.get("args", ())]
    is_above = any((number(value) or 0) > 0 for value in values)
    if kind == "A_Expr" and fields.get("kind") == "AEXPR_NULLIF":
        return number(fields.get("rexpr")) == 0
    if kind == "A_Expr" and operator(fields) == "+":
        return is_above and any(function_name(inner(value)[1]) == "count" for value in values)
    if kind == "MinMaxExpr":
        return is_above and fields.get("op") == "IS_GREATEST"
    return number(node) is not None


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
    names = strings(fields.get("typeName", {}).get("names"))
    if names and names[0] != "pg_catalog" and names[-1] not in _TYPES:
        return True  # a type of one's own, or a value that it may lack
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
