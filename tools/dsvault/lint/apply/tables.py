"""CREATE TABLE and what else makes a relation with columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dsvault.lint.catalog import Column, Constraint, Index, Key, Origin, Table, View
from dsvault.lint.tree import (
    column_name,
    find,
    inner,
    items_of,
    name_of,
    option,
    option_text,
    range_name,
    strings,
    type_name,
)

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog
    from dsvault.lint.tree import Name, Node

_STRATEGIES = {
    "PARTITION_STRATEGY_HASH": "hash",
    "PARTITION_STRATEGY_LIST": "list",
    "PARTITION_STRATEGY_RANGE": "range",
}
_SERIAL = {
    "serial": "integer",
    "serial4": "integer",
    "bigserial": "bigint",
    "serial8": "bigint",
    "smallserial": "smallint",
    "serial2": "smallint",
}
_KINDS = {
    "CONSTR_PRIMARY": "primary",
    "CONSTR_UNIQUE": "unique",
    "CONSTR_FOREIGN": "foreign",
    "CONSTR_CHECK": "check",
    "CONSTR_EXCLUSION": "exclude",
    "CONSTR_NOTNULL": "notnull",
}
_SUFFIXES = {
    "primary": "pkey",
    "unique": "key",
    "foreign": "fkey",
    "check": "check",
    "exclude": "excl",
    "notnull": "not_null",
}


def ensure(catalog: Catalog, name: Name, origin: Origin) -> Table:
    """Return a table; one that no text made is noted as unknown."""
    full = catalog.qualify(name)
    table = catalog.tables.get(full)
    if table is None:
        table = Table(full, origin, is_known=False, has_open_columns=True)
        catalog.tables[full] = table
    return table


def create_table(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note a table with its columns and constraints; nothing if it is there already."""
    relation = node["relation"]
    name = catalog.qualify(range_name(relation))
    known = catalog.tables.get(name)
    if known is not None and known.is_known:
        return
    table = Table(name, origin)
    table.is_temporary = relation.get("relpersistence") == "t"
    catalog.tables[name] = table
    parents = [
        catalog.qualify(range_name(item)) for item in find(node.get("inhRelations"), "RangeVar")
    ]
    if node.get("partbound") is not None and parents:
        become_partition(catalog, table, parents[0], node["partbound"])
    elif parents:
        table.inherits = tuple(parents)
        table.has_open_columns = True
        for parent in parents:
            _inherit_columns(catalog, table, parent)
    if node.get("ofTypename"):
        table.has_open_columns = True
    if "partspec" in node:
        table.strategy = _STRATEGIES.get(node["partspec"].get("strategy", ""), "list")
        elements = [item["PartitionElem"] for item in node["partspec"].get("partParams", ())]
        table.partition_key = tuple(item.get("name") for item in elements)
    _elements(catalog, table, node, origin)


def _elements(catalog: Catalog, table: Table, node: Node, origin: Origin) -> None:
    for element in node.get("tableElts", ()):
        kind, fields = inner(element)
        at = Origin(origin.script, fields.get("location", origin.offset), origin.transaction)
        if kind == "ColumnDef":
            add_column(catalog, table, fields, at)
        elif kind == "Constraint":
            add_constraint(catalog, table, fields, at)
        elif kind == "TableLikeClause":
            _copy_columns(catalog, table, fields)


def _copy_columns(catalog: Catalog, table: Table, like: Node) -> None:
    source = catalog.table(range_name(like["relation"]))
    if source is None or not source.is_known:
        table.has_open_columns = True
        return
    options = like.get("options", 0)
    for column in source.columns.values():
        table.columns[column.name] = Column(
            column.name,
            column.type,
            table.origin,
            not_null=column.not_null,
            default=column.default if options & 8 or options < 0 else None,
        )
    if options < 0 or options & 64 or options >= 2147483647:
        for constraint in source.of_kind("primary", "unique"):
            table.constraints[constraint.name] = constraint


def _inherit_columns(catalog: Catalog, table: Table, parent: Name) -> None:
    source = catalog.tables.get(parent)
    for column in source.columns.values() if source else ():
        table.columns[column.name] = column
    if source is not None and source.is_known and not source.has_open_columns:
        table.has_open_columns = False


def become_partition(catalog: Catalog, table: Table, parent: Name, bound: Node) -> None:
    """Note that a table is a partition of another one."""
    table.parent = parent
    table.bound = bound
    source = catalog.tables.get(parent)
    if source is None or not source.is_known:
        table.has_open_columns = True
        return
    for column in source.columns.values():
        table.columns.setdefault(column.name, column)
    for constraint in source.of_kind("primary", "unique", "check", "foreign"):
        table.constraints.setdefault(constraint.name, constraint)


def add_column(catalog: Catalog, table: Table, node: Node, origin: Origin) -> Column:
    """Note a column with the constraints written beside it."""
    written = type_name(node.get("typeName"))
    serial = written in _SERIAL
    column = Column(
        node.get("colname", ""), _SERIAL.get(written, written), origin, is_serial=serial
    )
    column.not_null = serial or bool(node.get("is_not_null"))
    domain = catalog.types.get(catalog.qualify(name_of(written.split("."))))
    if domain is not None and domain.kind == "domain" and domain.not_null:
        column.not_null = True
    table.columns[column.name] = column
    for item in node.get("constraints", ()):
        constraint = item["Constraint"]
        match constraint.get("contype"):
            case "CONSTR_NOTNULL":
                column.not_null = True
            case "CONSTR_NULL":
                column.not_null = False
            case "CONSTR_DEFAULT":
                column.default = constraint.get("raw_expr")
            case "CONSTR_IDENTITY":
                column.is_identity = column.not_null = True
            case "CONSTR_GENERATED":
                column.generated = constraint.get("raw_expr")
            case _:
                add_constraint(catalog, table, constraint, origin, column.name)
    return column


def add_constraint(
    catalog: Catalog, table: Table, node: Node, origin: Origin, column: str | None = None
) -> None:
    """Note a constraint, and the index that it brings."""
    kind = _KINDS.get(node.get("contype", ""))
    if kind is None:
        return
    at = Origin(origin.script, node.get("location", origin.offset), origin.transaction)
    index = catalog.index((table.name[0], node.get("indexname", "")))
    keys = strings(node.get("fk_attrs") or node.get("keys")) or ([column] if column else [])
    if index is not None:
        keys = list(index.columns)
    name = node.get("conname") or "_".join([table.name[1], *_named(kind, keys), _SUFFIXES[kind]])
    constraint = Constraint(name, kind, at, tuple(keys), is_named="conname" in node)
    constraint.expression = node.get("raw_expr")
    constraint.is_valid = not node.get("skip_validation")
    constraint.nulls_not_distinct = bool(node.get("nulls_not_distinct"))
    if kind == "foreign":
        _fill_reference(catalog, constraint, node)
    if kind in {"primary", "notnull"}:
        for key in keys:
            if key in table.columns:
                table.columns[key].not_null = True
    _store(table, constraint)
    if kind in {"primary", "unique"}:
        _own_index(catalog, table, constraint, node)


def _store(table: Table, constraint: Constraint) -> None:
    name, number = constraint.name, 1
    while not constraint.is_named and name in table.constraints:
        name = f"{constraint.name}{number}"
        number += 1
    constraint.name = name
    table.constraints[name] = constraint


def _named(kind: str, keys: list[str]) -> list[str]:
    return [] if kind == "primary" else keys if kind != "check" else keys[:1]


def _own_index(catalog: Catalog, table: Table, constraint: Constraint, node: Node) -> None:
    used = node.get("indexname")
    if used:
        catalog.indexes.pop((table.name[0], used), None)
    catalog.indexes[(table.name[0], constraint.name)] = Index(
        constraint.name,
        table.name,
        constraint.origin,
        tuple(Key(column) for column in constraint.columns),
        is_unique=True,
        include=tuple(strings(node.get("including"))),
        of_constraint=True,
        nulls_not_distinct=constraint.nulls_not_distinct,
    )


def _fill_reference(catalog: Catalog, constraint: Constraint, node: Node) -> None:
    constraint.ref_table = catalog.qualify(range_name(node["pktable"]))
    constraint.ref_columns = tuple(strings(node.get("pk_attrs")))
    constraint.on_delete = node.get("fk_del_action", "a")
    constraint.on_update = node.get("fk_upd_action", "a")
    constraint.set_columns = tuple(strings(node.get("fk_del_set_cols")))
    if not constraint.ref_columns:
        target = catalog.tables.get(constraint.ref_table)
        if target is not None and target.primary_key is not None:
            constraint.ref_columns = target.primary_key.columns


def create_as(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note CREATE TABLE AS, SELECT INTO's modern form, and CREATE MATERIALIZED VIEW."""
    relation = node["into"]["rel"]
    name = catalog.qualify(range_name(relation))
    if node.get("objtype") == "OBJECT_MATVIEW":
        catalog.views.setdefault(
            name,
            View(name, origin, node["query"], is_materialized=True, columns=output(node["query"])),
        )
        return
    table = Table(name, origin, has_open_columns=True)
    table.is_temporary = relation.get("relpersistence") == "t"
    for column in output(node["query"], catalog):
        if column is not None:
            table.columns[column] = Column(column, "", origin)
    for item in node["query"].get("SelectStmt", {}).get("targetList", ()):
        target = item["ResTarget"]
        kind, fields = inner(target.get("val"))
        known = table.columns.get(output_name(target) or "") if kind == "TypeCast" else None
        if known is not None:
            known.type = type_name(fields.get("typeName"))
            known.origin = replace(origin, offset=target.get("location", origin.offset))
    catalog.tables.setdefault(name, table)


def create_view(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note a view."""
    name = catalog.qualify(range_name(node["view"]))
    invoker = option_text(option(node.get("options"), "security_invoker"))
    columns = tuple(strings(node.get("aliases"))) or output(node["query"], catalog)
    if node["view"].get("relpersistence") == "t":
        return
    catalog.views[name] = View(
        name,
        origin,
        node["query"],
        security_invoker=(invoker or "false").lower() in {"true", "on", "1", "yes"},
        columns=columns,
    )


def output(query: Node, catalog: Catalog | None = None) -> tuple[str | None, ...]:
    """Return the names of a query's columns; None where only the server can tell.

    With a catalog `*` is what the one table of the query has at this moment.
    """
    kind, fields = inner(query)
    if kind != "SelectStmt":
        return (None,)
    while "targetList" not in fields and "larg" in fields:
        fields = fields["larg"]
    targets = [item["ResTarget"] for item in fields.get("targetList", ())]
    if catalog is not None and len(targets) == 1 and "A_Star" in str(targets):
        return _all_columns(catalog, fields.get("fromClause", ()))
    return tuple(output_name(target) for target in targets)


def _all_columns(catalog: Catalog, sources: list[Node]) -> tuple[str | None, ...]:
    """Return the columns of the only table that a query reads."""
    table = catalog.table(range_name(sources[0].get("RangeVar", {}))) if len(sources) == 1 else None
    if table is None or table.has_open_columns or not table.is_known:
        return (None,)
    return tuple(table.columns)


def output_name(target: Node) -> str | None:
    """Return the name that a column of a query gets, None where only the server can tell."""
    if "name" in target:
        return str(target["name"])
    kind, fields = inner(target.get("val"))
    if kind == "FuncCall":
        return strings(fields.get("funcname"))[-1]
    if kind == "TypeCast" and column_name(target["val"]) is None:
        return strings(fields["typeName"].get("names"))[-1]
    return column_name(target.get("val"))


def create_schema(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note a schema and what is made along with it."""
    catalog.schemas.setdefault(node.get("schemaname", ""), origin)


def create_sequence(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note a sequence."""
    catalog.sequences.setdefault(catalog.qualify(range_name(node["sequence"])), origin)


def create_extension(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note an extension: what it brings, no text shows."""
    catalog.extensions.setdefault(node.get("extname", ""), origin)


def create_foreign_table(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note a foreign table."""
    base = node.get("base") or node.get("base_stmt") or {}
    if "relation" in base:
        create_table(catalog, base, origin)
        catalog.tables[catalog.qualify(range_name(base["relation"]))].is_foreign = True


def comment(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note the comment of a table or column."""
    kind = node.get("objtype")
    parts: list[str] = []
    for item in items_of(node.get("object", {})):
        parts += strings([item])
    if kind == "OBJECT_TABLE":
        table = catalog.table(name_of(parts))
        if table is not None:
            table.comment = node.get("comment", "")
    elif kind == "OBJECT_COLUMN" and len(parts) > 1:
        table = catalog.table(name_of(parts[:-1]))
        if table is not None and parts[-1] in table.columns:
            table.columns[parts[-1]].comment = node.get("comment", "")


EFFECTS = {
    "CreateStmt": create_table,
    "CreateTableAsStmt": create_as,
    "ViewStmt": create_view,
    "CreateSchemaStmt": create_schema,
    "CreateSeqStmt": create_sequence,
    "CreateExtensionStmt": create_extension,
    "CreateForeignTableStmt": create_foreign_table,
    "CommentStmt": comment,
}
