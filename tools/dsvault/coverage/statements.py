"""Statements into items: the same reader for the document and for the plan."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from pglast import ast, enums
from pglast.stream import RawStream
from pglast.visitors import Visitor

from dsvault.coverage.items import Item, Kind
from dsvault.coverage.partitions import read_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SCHEMA = "dsvault"
_KEYS = {
    enums.ConstrType.CONSTR_PRIMARY: "pkey",
    enums.ConstrType.CONSTR_UNIQUE: "key",
    enums.ConstrType.CONSTR_FOREIGN: "fkey",
    enums.ConstrType.CONSTR_CHECK: "check",
}
_MADE_BY_SERVER = "gen_random_uuid()"

# pglast types every field as something that may be missing; what the parser returns is not.
Node: TypeAlias = Any


def read_statement(node: Node) -> Iterator[Item]:
    """Yield what a statement makes; nothing if it makes nothing that a schema is made of.

    The node is changed: the names of the project's own schema are taken off.
    """
    _Unqualify()(node)
    reader = _READERS.get(type(node))
    if reader is not None:
        yield from reader(node)


def spell(node: Node) -> str:
    """Return the parser's own spelling of a node, in one line."""
    return " ".join(str(RawStream()(node)).split())


class _Unqualify(Visitor):
    """Takes the project's own schema off every name; the document's names have none."""

    def visit_RangeVar(self, _: object, node: Node) -> None:  # noqa: N802 - as nodes are named
        if node.schemaname == SCHEMA:
            node.schemaname = None

    def visit_FuncCall(self, _: object, node: Node) -> None:  # noqa: N802
        node.funcname = _bare(node.funcname)

    def visit_CreateFunctionStmt(self, _: object, node: Node) -> None:  # noqa: N802
        node.funcname = _bare(node.funcname)

    def visit_CreateTrigStmt(self, _: object, node: Node) -> None:  # noqa: N802
        node.funcname = _bare(node.funcname)

    def visit_CommentStmt(self, _: object, node: Node) -> None:  # noqa: N802
        if isinstance(node.object, tuple):
            node.object = _bare(node.object)


def relation_name(node: Node) -> str:
    """Return a relation's name, with its schema unless that is the project's own."""
    return ".".join(filter(None, [node.schemaname, node.relname]))


def _bare(names: tuple[Node, ...]) -> tuple[Node, ...]:
    return names[1:] if len(names) > 1 and names[0].sval == SCHEMA else names


def _table(node: Node) -> Iterator[Item]:
    table = relation_name(node.relation)
    if node.partbound is not None:
        parent = relation_name(node.inhRelations[0])
        bound = spell(node).partition(" PARTITION OF ")[2]
        yield Item(Kind.PARTITION, table, parent, f"PARTITION OF {bound}")
        return
    text = f"PARTITION BY {spell(node.partspec)}" if node.partspec else "TABLE"
    yield Item(Kind.TABLE, table, table, text)
    for element in node.tableElts or ():
        if isinstance(element, ast.ColumnDef):
            yield from _column(table, element)
        else:
            yield _constraint(table, element)


def _column(table: str, node: Node) -> Iterator[Item]:
    constraints = node.constraints or ()
    kinds = {constraint.contype for constraint in constraints}
    defaults = [c.raw_expr for c in constraints if c.contype == enums.ConstrType.CONSTR_DEFAULT]
    not_null = kinds & {enums.ConstrType.CONSTR_NOTNULL, enums.ConstrType.CONSTR_PRIMARY}
    text = column_text(
        spell(node.typeName), spell(defaults[0]) if defaults else None, not_null=bool(not_null)
    )
    yield Item(Kind.COLUMN, f"{table}.{node.colname}", table, text, node.location)
    for constraint in constraints:
        if constraint.contype in _KEYS:
            yield _constraint(table, constraint, node.colname)


def column_text(type_name: str, default: str | None, *, not_null: bool) -> str:
    """Return a column's definition. A default of NULL is no default."""
    words = [type_name, "NOT NULL" if not_null else ""]
    words.append("" if default in {None, "NULL"} else f"DEFAULT {default}")
    return " ".join(filter(None, words))


def _constraint(table: str, node: Node, column: str | None = None) -> Item:
    if column is not None:
        names = (ast.String(sval=column),)
        if node.contype == enums.ConstrType.CONSTR_FOREIGN:
            node.fk_attrs = names
        else:
            node.keys = names
    name, node.conname = node.conname, None
    return Item(
        Kind.CONSTRAINT,
        f"{table}.{name or _server_name(table, node)}",
        table,
        spell(node),
        node.location,
        named=name is not None,
    )


def _server_name(table: str, node: Node) -> str:
    if node.contype == enums.ConstrType.CONSTR_PRIMARY:
        return f"{table}_pkey"
    columns = [key.sval for key in node.fk_attrs or node.keys or ()]
    return "_".join([table, *columns, _KEYS[node.contype]])


def _index(node: Node) -> Iterator[Item]:
    name, node.idxname, node.if_not_exists = node.idxname, None, False
    yield Item(Kind.INDEX, name, relation_name(node.relation), spell(node))


def _alter(node: Node) -> Iterator[Item]:
    table = relation_name(node.relation)
    for command in node.cmds:
        match command.subtype:
            case enums.AlterTableType.AT_AddConstraint:
                yield _constraint(table, command.def_)
            case enums.AlterTableType.AT_AddColumn:
                yield from _column(table, command.def_)
            case enums.AlterTableType.AT_EnableRowSecurity:
                yield Item(Kind.ROW_SECURITY, table, table, "ENABLE ROW LEVEL SECURITY")
            case enums.AlterTableType.AT_ForceRowSecurity:
                yield Item(Kind.FORCED, table, table, "FORCE ROW LEVEL SECURITY")


def _function(node: Node) -> Iterator[Item]:
    node.replace = True
    name = ".".join(part.sval for part in node.funcname)
    yield Item(Kind.FUNCTION, name, "", str(RawStream()(node)))


def _trigger(node: Node) -> Iterator[Item]:
    node.replace = False
    table = relation_name(node.relation)
    yield Item(Kind.TRIGGER, f"{table}.{node.trigname}", table, spell(node))


def _policy(node: Node) -> Iterator[Item]:
    table = relation_name(node.table)
    yield Item(Kind.POLICY, f"{table}.{node.policy_name}", table, spell(node))


def _comment(node: Node) -> Iterator[Item]:
    if node.objtype in {enums.ObjectType.OBJECT_TABLE, enums.ObjectType.OBJECT_COLUMN}:
        names = [part.sval for part in node.object]
        yield Item(Kind.COMMENT, ".".join(names), names[0], node.comment or "")


def _insert(node: Node) -> Iterator[Item]:
    table = relation_name(node.relation)
    columns = [target.name for target in node.cols or ()]
    for values in getattr(node.selectStmt, "valuesLists", None) or ():
        row = {c: _value(v) for c, v in zip(columns, values, strict=True)}
        name = row.get("slug") or row.get("name")
        given = (f"{c}: {v}" for c, v in sorted(row.items()) if v != _MADE_BY_SERVER)
        yield Item(Kind.SEED, f"{table}.{name}", table, ", ".join(given))


def _value(node: Node) -> str:
    """Return a literal's text, JSON in one spelling, or how an expression is spelled."""
    while isinstance(node, ast.TypeCast):
        node = node.arg
    if not (isinstance(node, ast.A_Const) and isinstance(node.val, ast.String)):
        return spell(node).lower()
    text = str(node.val.sval)
    with suppress(ValueError):
        value = json.loads(text)
        return json.dumps(value) if isinstance(value, list | dict) else text
    return text


def _loop(node: Node) -> Iterator[Item]:
    body = next(arg.arg.sval for arg in node.args if arg.defname == "as")
    yield from read_loop(body, SCHEMA)


_READERS: dict[type[ast.Node], Callable[[Node], Iterator[Item]]] = {
    ast.AlterTableStmt: _alter,
    ast.CommentStmt: _comment,
    ast.CreateFunctionStmt: _function,
    ast.CreatePolicyStmt: _policy,
    ast.CreateStmt: _table,
    ast.CreateTrigStmt: _trigger,
    ast.DoStmt: _loop,
    ast.IndexStmt: _index,
    ast.InsertStmt: _insert,
}
