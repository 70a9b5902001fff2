"""Bodies of functions and DO blocks as scopes: their statements, computed SQL included."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pglast.parser import ParseError

from dsvault.lint.apply.functions import body_of, function_of
from dsvault.lint.catalog import Origin
from dsvault.lint.plsql_reader import read_body
from dsvault.lint.statements import Unreadable, parse_json, shift
from dsvault.lint.tree import calls_in, inner, literal, option, option_text, strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.catalog import Catalog, Function
    from dsvault.lint.plsql import Body, Expression, Step
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node

_PLACEHOLDER = re.compile(r"%(?:\d+\$)?-?\d*([IsL%])")
_FACETS = {
    "rls": r"ENABLE\s+ROW\s+LEVEL",
    "force": r"FORCE\s+ROW\s+LEVEL",
    "policy": r"CREATE\s+POLICY",
    "grant": r"\bGRANT\b",
    "revoke": r"\bREVOKE\b",
    "trigger": r"CREATE\s+(?:OR\s+REPLACE\s+)?TRIGGER",
    "index": r"CREATE\s+(?:UNIQUE\s+)?INDEX",
    "function": r"ALTER\s+(?:FUNCTION|ROUTINE|PROCEDURE)",
    "view": r"ALTER\s+VIEW|security_invoker",
}
_PARTITION = re.compile(r"PARTITION\s+OF\s+([\w.\"%]+)", re.IGNORECASE)


def body_scope(scope: Scope) -> tuple[Scope, Body | None, str]:
    """Return the scope of a body, the body if it is PL/pgSQL, and its language."""
    element = option(scope.node.get("options") or scope.node.get("args"), "as")
    language = option_text(option(scope.node.get("options") or scope.node.get("args"), "language"))
    language = (language or ("plpgsql" if scope.kind == "DoStmt" else "sql")).lower()
    inside = scope.moved(where="do" if scope.kind == "DoStmt" else "function")
    if element is None:
        if scope.kind == "CreateFunctionStmt":
            origin = Origin(scope.script, scope.start, scope.transaction.number)
            inside.function = function_of(scope.catalog, scope.node, origin)
        return inside, None, "" if "sql_body" in scope.node else language
    text, at = body_of(element)
    base = _begin(scope, text, at)
    if scope.kind == "CreateFunctionStmt":
        inside.function = function_of(
            scope.catalog,
            scope.node,
            Origin(scope.script, scope.start, scope.transaction.number),
        )
        inside.function.body_start = base
    if language != "plpgsql":
        return inside, None, language
    body = read_body(text)
    _move(body, base)
    inside.enclosing = body
    return inside, body, language


def _begin(scope: Scope, text: str, at: int) -> int:
    """Return the file offset of a body's first character."""
    if at < 0:
        found = scope.source.data.find(text[:40].encode(), scope.start)
        return found if found >= 0 else scope.start
    data = scope.source.data
    if data[at : at + 1] == b"$":
        return data.find(b"$", at + 1) + 1
    return data.find(b"'", at) + 1


def _move(body: Body, base: int) -> None:
    for variable in body.variables:
        variable.start += base
        if variable.value is not None:
            variable.value.start += base
    for step in body.all_steps():
        step.start += base
        for expression in step.expressions:
            expression.start += base
        step.handlers = [(names, steps, at + base) for names, steps, at in step.handlers]


def sql_function_statements(scope: Scope, text: str) -> Iterator[Scope]:
    """Yield the statements of a LANGUAGE sql body; one that does not parse is noted."""
    base = scope.function.body_start if scope.function else scope.start
    try:
        found = parse_json(text)
    except ParseError as error:
        message, where = (*error.args, None)[:2]
        before = text[: where if isinstance(where, int) else None].encode()
        place = Unreadable(base, base + len(text.encode()), base + len(before), str(message))
        scope.world.parsed[scope.script].unreadable.append(place)
        return
    shift(found, base)
    for item in found:
        at = base + item.get("stmt_location", 0)
        yield from _scopes(scope, item["stmt"], at, is_expression=False)


def atomic_statements(scope: Scope) -> Iterator[Scope]:
    """Yield the statements of a BEGIN ATOMIC body."""
    stack = [scope.node.get("sql_body", {})]
    while stack:
        kind, fields = inner(stack.pop())
        if kind == "List":
            stack.extend(reversed(fields.get("items", [])))
        elif kind:
            yield scope.moved(kind=kind, node=fields, where="function")


def inner_statements(scope: Scope, body: Body) -> Iterator[Scope]:
    """Yield the SQL of a PL/pgSQL body: statements, values, and constant or formatted SQL."""
    for variable in body.variables:
        if variable.value is not None:
            yield from _of_expression(scope, variable.value, variable.start)
    for step in body.all_steps():
        for expression in step.expressions:
            yield from _of_expression(scope, expression, step.start)
        if step.kind == "EXECUTE" or step.text == "EXECUTE":
            yield from _computed(scope, step)


def _of_expression(scope: Scope, expression: Expression, at: int) -> Iterator[Scope]:
    for statement in expression.parse():
        yield from _scopes(scope, statement, at, is_expression=not expression.is_query)


def _scopes(scope: Scope, statement: Node, at: int, *, is_expression: bool) -> Iterator[Scope]:
    kind, fields = inner(statement)
    yield scope.moved(kind=kind, node=fields, start=at, is_expression=is_expression)


def _computed(scope: Scope, step: Step) -> Iterator[Scope]:
    """Yield what EXECUTE runs, if its text can be known but for names and values."""
    for expression in step.expressions[:1]:
        text = computed_text(expression)
        if text is None:
            continue
        note_facets(scope.catalog, text)
        try:
            found = parse_json(text)
        except ParseError:
            continue
        # Places inside of computed text cannot be told: all stand at the step.
        _flatten(found, step.start)
        for item in found:
            kind, fields = inner(item["stmt"])
            yield scope.moved(kind=kind, node=fields, start=step.start, is_computed=True)


def _flatten(node: object, offset: int) -> None:
    stack = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(item)
        elif isinstance(item, dict):
            for key, value in item.items():
                if isinstance(value, (dict, list)):
                    stack.append(value)
                elif key == "location":
                    item[key] = offset


def computed_text(expression: Expression) -> str | None:
    """Return the SQL of a constant, of format() with stand-ins, or of a concatenation's constants.

    %I becomes a name that cannot exist, %L a string, %s a word.
    """
    parsed = expression.parse()
    if not parsed:
        return None
    targets = parsed[0].get("SelectStmt", {}).get("targetList", ())
    if len(targets) != 1:
        return None
    return _text_of(targets[0]["ResTarget"].get("val", {}))


def _text_of(node: Node) -> str | None:
    found = literal(node)
    if found is not None:
        return found
    kind, fields = inner(node)
    if kind == "FuncCall" and strings(fields.get("funcname"))[-1:] == ["format"]:
        template = literal((fields.get("args") or [{}])[0])
        if template is None:
            return None
        stand_ins = {"I": "dsvault_lint_any", "L": "'any'", "s": "dsvault_lint_any", "%": "%"}
        return _PLACEHOLDER.sub(lambda match: stand_ins[match[1]], template)
    if kind == "A_Expr" and strings(fields.get("name")) == ["||"]:
        left, right = _text_of(fields["lexpr"]), _text_of(fields["rexpr"])
        return (left or "dsvault_lint_any") + (right or "dsvault_lint_any")
    if kind == "FuncCall" and strings(fields.get("funcname"))[-1:] == ["quote_ident"]:
        return "dsvault_lint_any"
    return None


def note_facets(catalog: Catalog, text: str) -> None:
    """Note what computed SQL does to tables that no text names."""
    for facet, pattern in _FACETS.items():
        if re.search(pattern, text, re.IGNORECASE):
            catalog.computed.add(facet)
    for match in _PARTITION.finditer(text):
        parts = match[1].replace('"', "").split(".")
        name = catalog.qualify((parts[-2] if len(parts) > 1 else "", parts[-1]))
        table = catalog.tables.get(name)
        if table is not None:
            table.has_computed_partitions = True
        catalog.computed.add("partition")


def note_computed(catalog: Catalog, text: str) -> None:
    """Look through a whole body that computes SQL for what it may do to tables."""
    if re.search(r"\bEXECUTE\b", text, re.IGNORECASE):
        note_facets(catalog, text)


def called(node: object) -> set[str]:
    """Return the names of all functions called at or below a node."""
    return {name for name, _ in calls_in(node)}


def body_trees(function: Function) -> list[Node]:
    """Return what is parsed of a function's body, in whatever language; places mean nothing."""
    if function.language == "plpgsql":
        steps = read_body(function.body).all_steps()
        return [tree for step in steps for item in step.expressions for tree in item.parse()]
    try:
        return [*parse_json(function.body), function.node.get("sql_body", {})]
    except ParseError:
        return []
