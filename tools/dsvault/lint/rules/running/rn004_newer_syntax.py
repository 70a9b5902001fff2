from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.rule import Rule
from dsvault.lint.tree import find, name_of, option, option_text, strings

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


_FUNCTIONS = {
    "any_value": 16, "array_sample": 16, "array_shuffle": 16, "date_add": 16, "date_subtract": 16,
    "random_normal": 16, "pg_input_is_valid": 16, "to_bin": 17, "to_oct": 17, "xmltext": 17,
    "unicode_assigned": 17, "uuid_extract_version": 17, "uuid_extract_timestamp": 17,
    "uuidv4": 18, "uuidv7": 18, "casefold": 18, "crc32": 18, "crc32c": 18, "array_reverse": 18,
    "array_sort": 18, "gamma": 18, "lgamma": 18,
}  # fmt: skip
_NODES = {
    "JsonObjectConstructor": (16, "JSON_OBJECT"), "JsonArrayConstructor": (16, "JSON_ARRAY"),
    "JsonArrayQueryConstructor": (16, "JSON_ARRAY"), "JsonObjectAgg": (16, "JSON_OBJECTAGG"),
    "JsonArrayAgg": (16, "JSON_ARRAYAGG"), "JsonIsPredicate": (16, "IS JSON"),
    "JsonTable": (17, "JSON_TABLE"), "JsonFuncExpr": (17, "JSON_VALUE and its like"),
    "JsonParseExpr": (17, "JSON()"), "JsonScalarExpr": (17, "JSON_SCALAR"),
    "JsonSerializeExpr": (17, "JSON_SERIALIZE"), "MergeSupportFunc": (17, "merge_action()"),
    "ReturningOption": (18, "RETURNING WITH (OLD AS …)"),
}  # fmt: skip
_PERHAPS_NUMBER = re.compile(rb"\d[_xXoObB]")
_NUMBER = re.compile(rb"(?<![\w.])(?:0[xXoObB][0-9a-fA-F]|\d+_\d)")
_COPY = {"default": 16, "on_error": 17, "log_verbosity": 17, "reject_limit": 18}
_SETTINGS = {"transaction_timeout": 17, "event_triggers": 17, "io_method": 18}


class NewerSyntax(Rule):
    """Something that the oldest server to run it does not have.

    Why: it fails there. The parser knows PostgreSQL 18, so that it lets newer things pass.
    When not: `target-version` says that only newer servers are meant (15 if nothing is said).
    Instead: what the older server has, or a higher `target-version`.
    """

    code = "RN004"
    classes = ("newer-postgres-syntax",)
    on = ("*",)
    in_functions = True
    tasks = frozenset({"deploy", "revert", "verify", "plain"})
    setup = "CREATE TABLE t (id int PRIMARY KEY, a int);\n"
    bad = "ALTER TABLE t ADD COLUMN b int GENERATED ALWAYS AS (a * 2) VIRTUAL;\n"
    good = "ALTER TABLE t ADD COLUMN b int;\n"

    def statement(self, scope: Scope) -> None:
        """Report what is too new."""
        wanted = scope.world.target_version
        if wanted >= 18:
            return
        memory = scope.world.memory.setdefault(self.code, {})
        has_numbers = memory.get(scope.script)
        if has_numbers is None:
            has_numbers = _PERHAPS_NUMBER.search(scope.source.data) is not None
            memory[scope.script] = has_numbers
        for kind in scope.index.keys() & _WATCHED:
            if kind == "A_Const" and not has_numbers:
                continue
            for fields in scope.index[kind]:
                self._look(scope, kind, fields)

    def _look(self, scope: Scope, kind: str, fields: Node) -> None:
        wanted = scope.world.target_version
        version, what = _since(scope, kind, fields)
        if version > wanted:
            at = fields.get("location")
            scope.report(
                self,
                f"{what} needs PostgreSQL {version}; {wanted} has to run it",
                "Write what the older server has, or raise target-version.",
                at=at if isinstance(at, int) and at >= 0 else None,
            )


def _since(scope: Scope, kind: str, fields: Node) -> tuple[int, str]:
    """Return the first version that has a node, and what it is; 0 for what is old."""
    if kind in _NODES:
        return _NODES[kind]
    reader = _READERS.get(kind)
    return reader(scope, fields) if reader else (0, "")


def _constant(scope: Scope, fields: Node) -> tuple[int, str]:
    at = fields.get("location", -1)
    is_number = "ival" in fields or "fval" in fields
    if is_number and at >= 0 and _NUMBER.match(scope.source.data, at):
        return 16, "a number with underscores, or not decimal,"
    return 0, ""


def _column(_: Scope, fields: Node) -> tuple[int, str]:
    return (16, "STORAGE in CREATE TABLE") if "storage_name" in fields else (0, "")


def _defined(_: Scope, fields: Node) -> tuple[int, str]:
    provider = option_text(option(fields.get("definition"), "provider"))
    return (17, "the provider builtin") if provider == "builtin" else (0, "")


def _explain(_: Scope, fields: Node) -> tuple[int, str]:
    for name, version in (("generic_plan", 16), ("memory", 17), ("serialize", 17)):
        if option(fields.get("options"), name) is not None:
            return version, f"EXPLAIN ({name.upper()})"
    return 0, ""


def _event_trigger(_: Scope, fields: Node) -> tuple[int, str]:
    return (17, "an event trigger ON login") if fields.get("eventname") == "login" else (0, "")


def _call(scope: Scope, fields: Node) -> tuple[int, str]:
    names = strings(fields.get("funcname"))
    version = _FUNCTIONS.get(names[-1], 0)
    is_own = len(names) > 1 and names[0] != "pg_catalog"
    if is_own or scope.catalog.overloads(name_of(names)):
        return 0, ""
    if names[-1] == "timezone" and len(fields.get("args", ())) == 1:
        is_syntax = fields.get("funcformat") == "COERCE_SQL_SYNTAX"
        return (17, "AT LOCAL") if is_syntax else (0, "")
    if names[-1] == "random" and len(fields.get("args", ())) == 2:
        return 17, "random(min, max)"
    return version, f"{names[-1]}()"


def _constraint(_: Scope, fields: Node) -> tuple[int, str]:
    contype = fields.get("contype")
    if contype == "CONSTR_GENERATED" and fields.get("generated_kind") == "v":
        return 18, "a virtual generated column"
    if (
        fields.get("without_overlaps")
        or fields.get("fk_with_period")
        or fields.get("pk_with_period")
    ):
        return 18, "WITHOUT OVERLAPS or PERIOD"
    if contype in {"CONSTR_ATTR_NOT_ENFORCED", "CONSTR_ATTR_ENFORCED"}:
        return 18, "NOT ENFORCED"
    if contype in {"CONSTR_CHECK", "CONSTR_FOREIGN"} and not fields.get("is_enforced"):
        return 18, "NOT ENFORCED"
    if contype == "CONSTR_NOTNULL" and (fields.get("keys") or fields.get("skip_validation")):
        return 18, "NOT NULL as a constraint of the table"
    return 0, ""


def _merge(_: Scope, fields: Node) -> tuple[int, str]:
    if fields.get("returningClause") or fields.get("returningList"):
        return 17, "MERGE … RETURNING"
    for item in fields.get("mergeWhenClauses", ()):
        if "BY_SOURCE" in str(item.get("MergeWhenClause", {}).get("matchKind", "")):
            return 17, "WHEN NOT MATCHED BY SOURCE"
    return 0, ""


def _command(_: Scope, fields: Node) -> tuple[int, str]:
    if fields.get("subtype") == "AT_SetExpression":
        return 17, "SET EXPRESSION"
    if fields.get("subtype") == "AT_SetStatistics" and "def" not in fields:
        return 17, "SET STATISTICS DEFAULT"
    return 0, ""


def _subselect(_: Scope, fields: Node) -> tuple[int, str]:
    return (0, "") if "alias" in fields else (16, "a sub-select in FROM without an alias")


def _setting(_: Scope, fields: Node) -> tuple[int, str]:
    name = fields.get("name", "")
    return _SETTINGS.get(name, 0), name


def _copy(_: Scope, fields: Node) -> tuple[int, str]:
    for item in fields.get("options", ()):
        name = item.get("DefElem", {}).get("defname", "")
        if name in _COPY:
            return _COPY[name], f"COPY … {name.upper()}"
    return 0, ""


def _privilege(_: Scope, fields: Node) -> tuple[int, str]:
    return (17, "the privilege MAINTAIN") if fields.get("priv_name") == "maintain" else (0, "")


def _grant_role(_: Scope, fields: Node) -> tuple[int, str]:
    names = {item.get("DefElem", {}).get("defname") for item in fields.get("opt", ())}
    return (16, "WITH INHERIT or SET") if names & {"inherit", "set"} else (0, "")


def _returning(scope: Scope, fields: Node) -> tuple[int, str]:
    """Find OLD and NEW in RETURNING."""
    clause = fields.get("returningClause") or fields.get("returningList")
    # In a trigger function they are its own rows.
    is_trigger = scope.function is not None and scope.function.returns == "trigger"
    for column in find(clause, "ColumnRef") if clause and not is_trigger else ():
        names = strings(column.get("fields"))
        if names and names[0] in {"old", "new"} and len(column["fields"]) > 1:
            return 18, "OLD and NEW in RETURNING"
    return 0, ""


_READERS = {
    "A_Const": _constant,
    "ColumnDef": _column,
    "CreateEventTrigStmt": _event_trigger,
    "DefineStmt": _defined,
    "ExplainStmt": _explain,
    "FuncCall": _call,
    "Constraint": _constraint,
    "MergeStmt": _merge,
    "AlterTableCmd": _command,
    "RangeSubselect": _subselect,
    "VariableSetStmt": _setting,
    "AccessPriv": _privilege,
    "CopyStmt": _copy,
    "GrantRoleStmt": _grant_role,
    "UpdateStmt": _returning,
    "InsertStmt": _returning,
    "DeleteStmt": _returning,
}
_WATCHED = _NODES.keys() | _READERS.keys()
