"""CREATE INDEX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.tables import ensure
from dsvault.lint.catalog import Index, Key
from dsvault.lint.tree import range_name, strings

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog, Origin
    from dsvault.lint.tree import Node


def create_index(catalog: Catalog, node: Node, origin: Origin) -> None:
    """Note an index; one without a name gets the server's."""
    relation = catalog.qualify(range_name(node["relation"]))
    if relation not in catalog.views:
        relation = ensure(catalog, relation, origin).name
    index = index_of(node, relation, origin)
    if catalog.indexes.get((relation[0], index.name)) is None or not node.get("if_not_exists"):
        catalog.indexes[(relation[0], index.name)] = index


def index_of(node: Node, relation: tuple[str, str], origin: Origin) -> Index:
    """Return what a CREATE INDEX makes."""
    elements = [item["IndexElem"] for item in node.get("indexParams", ())]
    keys = tuple(
        Key(
            element.get("name"),
            element.get("expr"),
            element.get("ordering") == "SORTBY_DESC",
            ".".join(strings(element.get("opclass")) + strings(element.get("collation"))),
        )
        for element in elements
    )
    names = [key.column or "expr" for key in keys]
    return Index(
        node.get("idxname") or "_".join([relation[1], *names, "idx"]),
        relation,
        origin,
        keys,
        is_unique=bool(node.get("unique")),
        include=tuple(
            item["IndexElem"].get("name", "") for item in node.get("indexIncludingParams", ())
        ),
        where=node.get("whereClause"),
        method=node.get("accessMethod", "btree"),
        nulls_not_distinct=bool(node.get("nulls_not_distinct")),
    )


EFFECTS = {"IndexStmt": create_index}
