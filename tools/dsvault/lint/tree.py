"""Questions about parse trees, which are the parser's JSON: nested dicts and lists.

A node stands as `{"ColumnRef": {…}}` where its type is not certain, and bare where it is. Locations
count bytes, and a field is left out if it is 0, empty or false.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Node: TypeAlias = dict[str, Any]
Name: TypeAlias = tuple[str, str]  # schema and name; "" for a schema that nobody can know

_SELECTS = ("larg", "rarg")
_TYPES = ("typeName", "argType", "returnType")
_LEAVES = frozenset({"A_Const", "Boolean", "Float", "Integer", "String"})  # nothing is below
_BUILT_IN = {
    "int4": "integer",
    "int8": "bigint",
    "int2": "smallint",
    "float4": "real",
    "float8": "double precision",
    "bool": "boolean",
    "bpchar": "character",
    "varchar": "character varying",
    "timestamptz": "timestamp with time zone",
    "timestamp": "timestamp without time zone",
}


def walk(node: object) -> list[tuple[str, Node]]:  # noqa: C901 - the innermost loop of all
    """Return the type and the fields of every typed node at or below, as the text has them."""
    found: list[tuple[str, Node]] = []
    note = found.append
    stack = [node]
    take = stack.pop
    while stack:
        item = take()
        if type(item) is list:
            stack += item[::-1]
        elif type(item) is dict:
            below = []
            for key, value in item.items():
                kind = type(value)
                if kind is dict:
                    if key < "[":  # it begins with a capital
                        note((key, value))
                        if key in _LEAVES:
                            continue
                    elif "relname" in value:
                        note(("RangeVar", value))
                    elif key in _TYPES:
                        note(("TypeName", value))
                    elif key in _SELECTS and "op" in value:
                        note(("SelectStmt", value))
                    below.append(value)
                elif kind is list:
                    below.append(value)
            if len(below) > 1:
                below.reverse()
            stack += below
    return found


def find(node: object, *kinds: str) -> Iterator[Node]:
    """Yield the fields of every node of these types at or below."""
    return (fields for kind, fields in walk(node) if kind in kinds)


def inner(node: Node | None) -> tuple[str, Node]:
    """Return a wrapped node's type and fields; ("", {}) for none."""
    if not node:
        return "", {}
    kind = next(iter(node))
    value = node[kind]
    return (kind, value) if isinstance(value, dict) else ("", {})


def strings(items: Iterable[Node] | None) -> list[str]:
    """Return the texts of a list of String nodes."""
    return [item["String"].get("sval", "") for item in items or () if "String" in item]


def items_of(node: Node) -> list[Node]:
    """Return the items of a wrapped List, or the node itself as the only one."""
    if "List" in node:
        found: list[Node] = node["List"].get("items", [])
        return found
    return [node]


def literal(node: Node | None) -> str | None:
    """Return the text of a string constant, also behind casts; None for anything else."""
    kind, fields = strip_casts(node)
    if kind == "A_Const" and "sval" in fields:
        return str(fields["sval"].get("sval", ""))
    return None


def strip_casts(node: Node | None) -> tuple[str, Node]:
    """Return type and fields of what stands below any casts."""
    kind, fields = inner(node)
    while kind == "TypeCast":
        kind, fields = inner(fields.get("arg"))
    return kind, fields


def boolean(node: Node | None) -> bool | None:
    """Return a boolean constant's value, None for anything else."""
    kind, fields = strip_casts(node)
    if kind != "A_Const":
        return None
    if "boolval" in fields:
        return bool(fields["boolval"].get("boolval", False))
    text = literal(node)
    return {"true": True, "t": True, "false": False, "f": False}.get((text or "").lower())


def is_null(node: Node | None) -> bool:
    """Say whether the node is the constant NULL, also behind casts."""
    kind, fields = strip_casts(node)
    return kind == "A_Const" and bool(fields.get("isnull"))


def column_name(node: Node | None) -> str | None:
    """Return the last name of a column reference, also behind casts; None for anything else."""
    kind, fields = strip_casts(node)
    names = strings(fields.get("fields")) if kind == "ColumnRef" else []
    return names[-1] if names and len(names) == len(fields["fields"]) else None


def columns_in(node: object) -> list[list[str]]:
    """Return the dotted names of all column references at or below."""
    return [strings(fields.get("fields")) for fields in find(node, "ColumnRef")]


def function_name(fields: Node) -> str:
    """Return a call's function, without schema, lower case."""
    names = strings(fields.get("funcname"))
    return names[-1].lower() if names else ""


def calls_in(node: object) -> Iterator[tuple[str, Node]]:
    """Yield name without schema, and fields, of every function call at or below."""
    return ((function_name(fields), fields) for fields in find(node, "FuncCall"))


def operator(fields: Node) -> str:
    """Return the name of an A_Expr's operator."""
    return (strings(fields.get("name")) or [""])[-1]


def range_name(relation: Node) -> Name:
    """Return a RangeVar's name as written; schema "" if it has none."""
    return relation.get("schemaname", ""), relation.get("relname", "")


def name_of(parts: list[str]) -> Name:
    """Return dotted parts as schema and name."""
    return (parts[-2] if len(parts) > 1 else "", parts[-1] if parts else "")


def type_name(node: Node | None) -> str:
    """Return a type as format_type writes the usual ones: `character varying(20)`, `integer[]`."""
    if not node:
        return ""
    names = strings(node.get("names"))
    last = names[-1] if names else ""
    is_own = len(names) > 1 and names[0] != "pg_catalog"
    text = ".".join(names) if is_own else _BUILT_IN.get(last, last)
    modifiers = [str(_number(item)) for item in node.get("typmods", ())]
    if modifiers and last != "interval":
        text += f"({','.join(modifiers)})"
    return text + "[]" * len(node.get("arrayBounds", ())) + (" setof" if node.get("setof") else "")


def _number(node: Node) -> object:
    value = number(node)
    return literal(node) if value is None else value


def number(node: Node | None) -> int | None:
    """Return an integer constant's value, None for anything else."""
    kind, fields = strip_casts(node)
    if kind == "A_Const" and "ival" in fields:
        return int(fields["ival"].get("ival", 0))
    return None


def option(options: Iterable[Node] | None, name: str) -> Node | None:
    """Return the DefElem of a name among options, the last one if there are several."""
    found = None
    for item in options or ():
        if item.get("DefElem", {}).get("defname") == name:
            found = item["DefElem"]
    return found


def option_text(element: Node | None) -> str | None:
    """Return a DefElem's argument as text; "true" if it has none; None for no element."""
    if element is None:
        return None
    kind, fields = inner(element.get("arg"))
    match kind:
        case "String":
            text = fields.get("sval", "")
        case "Boolean":
            text = "true" if fields.get("boolval") else "false"
        case "Integer":
            text = str(fields.get("ival", 0))
        case "A_Const":
            found = literal(element["arg"])
            text = found if found is not None else str(number(element["arg"]))
        case "TypeName":
            text = type_name(fields)
        case _:
            text = "" if kind else "true"
    return str(text)


def location(node: object) -> int | None:
    """Return the smallest location at or below a node, None if it has none."""
    found = [
        fields["location"]
        for _, fields in walk(node)
        if isinstance(fields.get("location"), int) and fields["location"] >= 0
    ]
    if isinstance(node, dict) and isinstance(node.get("location"), int) and node["location"] >= 0:
        found.append(node["location"])
    return min(found, default=None)


def same(left: object, right: object) -> bool:
    """Say whether two trees are equal but for their locations."""
    return fingerprint(left) == fingerprint(right)


def fingerprint(node: object) -> str:
    """Return a text that is equal for trees that differ in locations only."""
    return json.dumps(_bare(node), sort_keys=True)


def _bare(node: object) -> object:
    if isinstance(node, list):
        return [_bare(item) for item in node]
    if isinstance(node, dict):
        return {
            key: _bare(value)
            for key, value in node.items()
            if not key.endswith(("location", "_start", "_end"))
        }
    return node
