"""Whether the text of computed SQL holds what nobody quoted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.tree import function_name, inner, literal, strings, strip_casts, type_name, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dsvault.lint.catalog import Function
    from dsvault.lint.plsql import Body, Expression, Step
    from dsvault.lint.tree import Node

_PLACEHOLDER = re.compile(r"%(?:(\d+)\$)?-?(?:\d+|\*)?([IsL%])")
_TEXT = re.compile(
    r"\b(?:text|varchar|character|char|bpchar|citext|name|json|jsonb|record)\b|%rowtype"
)
_QUOTING = {"quote_ident", "quote_literal", "quote_nullable", "count", "length", "pg_get_viewdef",
            "pg_get_functiondef", "pg_get_indexdef", "pg_get_constraintdef", "pg_get_expr",
            "pg_get_triggerdef", "current_schema", "current_database", "gen_random_uuid",
            "to_regclass", "now", "md5", "encode"}  # fmt: skip
_PASSING = {"concat", "concat_ws", "replace", "lower", "upper", "trim", "btrim", "ltrim", "rtrim",
            "coalesce", "string_agg", "array_to_string", "left", "right", "substr", "substring",
            "nullif", "array_agg", "array_append", "unnest", "lpad", "rpad"}  # fmt: skip
_CATALOG_NAMES = {"tablename", "relname", "schemaname", "nspname", "table_name", "table_schema",
                  "column_name", "attname", "conname", "indexname", "viewname", "proname",
                  "rolname", "usename", "datname", "sequence_name", "policyname"}  # fmt: skip
_ALIAS = re.compile(r"alias for \$(\d+)")
_GUARDS = ("in", "any", "~", "!~", "~*", "!~*", "not in")


class Safety:
    """Judges the expressions of one body. What cannot be known counts as safe."""

    def __init__(self, body: Body, function: Function | None) -> None:
        self._types = {v.name.lower().strip('"'): v.type for v in body.variables}
        self._values: dict[str, list[Expression]] = {}
        for variable in body.variables:
            if variable.value is not None:
                self._note(variable.name, variable.value)
        steps = list(body.all_steps())
        for step in steps:
            if step.kind == "ASSIGN" and step.expressions:
                self._note(step.target, step.expressions[0])
        given = [
            (name, kind)
            for name, kind, mode in (function.parameters if function else ())
            if mode in {"in", "inout", "variadic"}
        ]
        self._positions = [kind for _, kind in given]
        self._given = {name.lower(): kind for name, kind in given if name}
        for variable in body.variables:
            match = _ALIAS.match(variable.type)
            if match and int(match[1]) <= len(given):
                self._given[variable.name.lower()] = self._positions[int(match[1]) - 1]
                del self._types[variable.name.lower()]
        self._rows = {
            step.target.strip().lower(): step.expressions[0]
            for step in steps
            if step.kind == "FOR" and step.target and step.expressions and step.text != "EXECUTE"
        }
        self._checked = set(_checked_names(steps))
        self._busy: set[str] = set()

    def _note(self, name: str, value: Expression) -> None:
        self._values.setdefault(name.lower().strip('"'), []).append(value)

    def culprit(self, expression: Expression) -> str | None:
        """Return what of an expression is text that nobody quoted, None if nothing is."""
        for tree in expression.parse():
            targets = tree.get("SelectStmt", {}).get("targetList", ())
            for target in targets[:1]:
                found = self._of(target["ResTarget"].get("val"))
                if found is not None:
                    return found
        return None

    def _of(self, node: Node | None) -> str | None:  # noqa: PLR0911 - a kind of node each
        kind, fields = inner(node)
        if kind == "TypeCast":
            wanted = type_name(fields.get("typeName"))
            return self._of(fields.get("arg")) if _TEXT.search(wanted) else None
        if kind == "ColumnRef":
            return self._of_name(strings(fields.get("fields")))
        if kind == "FuncCall":
            return self._of_call(fields)
        if kind == "ParamRef":
            position = int(fields.get("number", 0)) - 1
            kinds = self._positions
            is_text = position < len(kinds) and bool(_TEXT.search(kinds[position]))
            return f"${position + 1}" if is_text else None
        if kind == "CaseExpr":
            results = [arm.get("CaseWhen", {}).get("result") for arm in fields.get("args", ())]
            return self._first([*results, fields.get("defresult")])
        if kind == "A_Expr":
            return self._first([fields.get("lexpr"), fields.get("rexpr")])
        if kind in {"CoalesceExpr", "MinMaxExpr"}:
            return self._first(fields.get("args", ()))
        return None

    def _first(self, nodes: Iterable[Node | None]) -> str | None:
        return next((found for node in nodes if node and (found := self._of(node))), None)

    def _of_call(self, call: Node) -> str | None:
        name, args = function_name(call), call.get("args", [])
        if name == "format" and args:
            return self._of_format(args)
        if name == "current_setting" and "." in (literal(args[0]) or ".") if args else False:
            return "current_setting()"
        return self._first(args) if name in _PASSING and name not in _QUOTING else None

    def _of_format(self, args: list[Node]) -> str | None:
        template = literal(args[0])
        if template is None:
            return self._of(args[0])
        number = 0
        for match in _PLACEHOLDER.finditer(template):
            if match[2] == "%":
                continue
            number = int(match[1]) if match[1] else number + 1
            if match[2] == "s" and number < len(args):
                found = self._of(args[number])
                if found is not None:
                    return found
        return None

    def _of_name(self, parts: list[str]) -> str | None:
        names = [part.lower() for part in parts]
        plain = names[-1] if names else ""
        if plain in self._checked:
            return None
        if len(names) == 2 and names[0] in {"new", "old"}:
            return ".".join(parts)
        if plain in self._given and (len(names) == 1 or names[0] not in self._types):
            return plain if _TEXT.search(self._given[plain]) else None
        if len(names) == 1 and plain in self._types:
            return self._of_variable(plain)
        if len(names) == 2 and names[0] in self._rows:
            return self._of_field(names[0], plain)
        return None

    def _of_field(self, row: str, field: str) -> str | None:
        """Judge a field of a loop's row: a name out of the catalog has to be quoted."""
        for tree in self._rows[row].parse():
            for item in tree.get("SelectStmt", {}).get("targetList", ()):
                target = item["ResTarget"]
                kind, fields = inner(target.get("val"))
                parts = strings(fields.get("fields")) if kind == "ColumnRef" else []
                is_star = kind == "ColumnRef" and len(parts) < len(fields.get("fields", ()))
                if not is_star and target.get("name", (parts or [""])[-1]) != field:
                    continue
                source = field if is_star else (parts or [""])[-1]
                return f"{row}.{field}" if source in _CATALOG_NAMES else None
        return None

    def _of_variable(self, name: str) -> str | None:
        if not _TEXT.search(self._types[name]) or name in self._busy:
            return None
        self._busy.add(name)
        found = next(
            (culprit for value in self._values.get(name, ()) if (culprit := self.culprit(value))),
            None,
        )
        self._busy.discard(name)
        return found


def _checked_names(steps: Iterable[Step]) -> Iterator[str]:
    """Yield names that a condition compared with constants, where the rest of it raises."""
    for step in steps:
        if step.kind not in {"IF", "ASSERT", "CASE"}:
            continue
        for expression in step.expressions:
            for kind, fields in walk(expression.parse()):
                if kind == "A_Expr" and _is_guard(fields):
                    left = strip_casts(fields.get("lexpr"))[1]
                    yield from (part.lower() for part in strings(left.get("fields"))[-1:])


def _is_guard(fields: Node) -> bool:
    """Say whether a comparison asks for one of constants, or for a pattern."""
    names = strings(fields.get("name"))
    if fields.get("kind") in {"AEXPR_IN", "AEXPR_OP_ANY", "AEXPR_OP_ALL"}:
        return True
    return names[-1:] != [] and names[-1] in _GUARDS and literal(fields.get("rexpr")) is not None
