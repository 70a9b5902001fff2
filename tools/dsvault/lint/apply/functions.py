"""Functions and triggers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.apply.tables import ensure
from dsvault.lint.catalog import Function, Trigger
from dsvault.lint.tree import (
    inner,
    items_of,
    literal,
    name_of,
    option_text,
    range_name,
    strings,
    type_name,
)

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog, Origin
    from dsvault.lint.tree import Name, Node

_MODES = {
    "FUNC_PARAM_OUT": "out",
    "FUNC_PARAM_INOUT": "inout",
    "FUNC_PARAM_VARIADIC": "variadic",
    "FUNC_PARAM_TABLE": "table",
}
_EVENTS = {4: "insert", 8: "delete", 16: "update", 32: "truncate"}
_TIMINGS = {0: "after", 2: "before", 64: "instead"}


def create_function(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note a function; one of the same arguments is replaced, its grants stay."""
    function = function_of(catalog, node, origin)
    overloads = catalog.functions.setdefault(function.name, [])
    for number, known in enumerate(overloads):
        if known.arguments == function.arguments:
            function.public_may_execute = known.public_may_execute
            function.owner = known.owner
            overloads[number] = function
            return
    function.public_may_execute = not catalog.functions_closed
    overloads.append(function)


def function_of(catalog: Catalog, node: Node, origin: Origin) -> Function:
    """Return what a CREATE FUNCTION makes."""
    parameters = tuple(
        (
            item["FunctionParameter"].get("name", ""),
            type_name(item["FunctionParameter"].get("argType")),
            _MODES.get(item["FunctionParameter"].get("mode", ""), "in"),
        )
        for item in node.get("parameters", ())
    )
    arguments = tuple(kind for _, kind, mode in parameters if mode not in {"out", "table"})
    name = catalog.qualify(name_of(strings(node.get("funcname"))))
    function = Function(name, arguments, origin, parameters=parameters, node=node)
    function.returns = type_name(node.get("returnType"))
    function.is_procedure = bool(node.get("is_procedure"))
    _options(function, node.get("options", ()))
    return function


def _options(function: Function, options: list[Node]) -> None:
    for item in options:
        element = item["DefElem"]
        name = element.get("defname")
        if name == "language":
            function.language = (option_text(element) or "").lower()
        elif name == "volatility":
            function.volatility = option_text(element) or "volatile"
        elif name == "security":
            function.is_definer = option_text(element) == "true"
        elif name == "set":
            _setting(function, element)
        elif name == "as":
            function.body, function.body_start = body_of(element)


def body_of(element: Node) -> tuple[str, int]:
    """Return the text of an AS clause and where the string begins that holds it."""
    texts = strings(items_of(element.get("arg", {})))
    return (texts[-1] if texts else ""), element.get("arg_location", -1)


def _setting(function: Function, element: Node) -> None:
    _, node = inner(element.get("arg"))
    name = node.get("name", "")
    kind = node.get("kind")
    if kind in {"VAR_SET_VALUE", "VAR_SET_CURRENT"}:
        function.settings[name] = setting_values(node)
    elif kind == "VAR_RESET_ALL":
        function.settings.clear()
    else:
        function.settings.pop(name, None)


def setting_values(node: Node) -> list[str]:
    """Return the values of a SET, as words; the parts of one quoted list count as one each."""
    values = [literal(item) or "" for item in node.get("args", ())]
    if len(values) == 1 and "," in values[0] and node.get("name") == "search_path":
        return [values[0]]
    return values


def alter_function(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Apply ALTER FUNCTION: its options count as if they had been written at once."""
    for function in functions_meant(catalog, node.get("func", {})):
        _options(function, node.get("actions", []))
        for item in node.get("actions", ()):
            function.changed[item["DefElem"].get("defname", "")] = origin


def functions_meant(catalog: Catalog, reference: Node) -> list[Function]:
    """Return the functions that a reference with or without arguments means."""
    overloads = catalog.overloads(name_of(strings(reference.get("objname"))))
    if reference.get("args_unspecified"):
        return overloads
    arguments = tuple(
        type_name(item["TypeName"]) for item in reference.get("objargs", ()) if "TypeName" in item
    )
    exact = [function for function in overloads if _same(function.arguments, arguments)]
    return exact or (overloads if len(overloads) == 1 else [])


def _same(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    return [_plain(item) for item in left] == [_plain(item) for item in right]


def _plain(text: str) -> str:
    return re.sub(r"\(.*?\)", "", text)


def create_trigger(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note a trigger."""
    name = range_name(node["relation"])
    trigger = trigger_of(catalog, node, origin)
    if catalog.view(name) is None:
        ensure(catalog, name, origin).triggers[trigger.name] = trigger


def trigger_of(catalog: Catalog, node: Node, origin: Origin) -> Trigger:
    """Return what a CREATE TRIGGER makes."""
    bits = node.get("events", 0)
    return Trigger(
        node.get("trigname", ""),
        catalog.qualify(range_name(node["relation"])),
        origin,
        catalog.qualify(name_of(strings(node.get("funcname")))),
        _TIMINGS.get(node.get("timing", 0), "after"),
        tuple(event for bit, event in _EVENTS.items() if bits & bit),
        bool(node.get("row")),
        tuple(strings(node.get("columns"))),
        node.get("whenClause"),
    )


def table_columns(catalog: Catalog, name: Name) -> set[str] | None:
    """Return the columns of a table or view, None if nobody can know them all."""
    table = catalog.table(name)
    if table is not None:
        return None if table.has_open_columns or not table.is_known else set(table.columns)
    view = catalog.view(name)
    if view is None or None in view.columns:
        return None
    return {column for column in view.columns if column}


EFFECTS = {
    "CreateFunctionStmt": create_function,
    "AlterFunctionStmt": alter_function,
    "CreateTrigStmt": create_trigger,
}
