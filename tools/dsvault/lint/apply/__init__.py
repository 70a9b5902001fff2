"""What each kind of statement does to the model of the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply import (
    alter,
    drops,
    functions,
    indexes,
    privileges,
    rename,
    security,
    tables,
    types,
)
from dsvault.lint.names import made

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsvault.lint.catalog import Catalog, Origin
    from dsvault.lint.tree import Node

_EFFECTS: dict[str, Callable[[Catalog, Node, Origin], None]] = {
    **tables.EFFECTS,
    **alter.EFFECTS,
    **indexes.EFFECTS,
    **functions.EFFECTS,
    **security.EFFECTS,
    **privileges.EFFECTS,
    **types.EFFECTS,
    **rename.EFFECTS,
    **drops.EFFECTS,
}


def apply(catalog: Catalog, kind: str, node: Node, origin: Origin) -> None:
    """Change the catalog as the statement would."""
    effect = _EFFECTS.get(kind)
    if effect is None:
        return
    effect(catalog, node, origin)
    if catalog.defaults and kind in {"CreateStmt", "CreateTableAsStmt", "ViewStmt"}:
        new = made(catalog, kind, node)
        if new is not None:
            privileges.give_defaults(catalog, new[1], origin)
