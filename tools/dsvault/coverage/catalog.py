"""The plan's own objects, read from its deploy scripts in the plan's order, without a server."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pglast import ast, enums, parse_sql
from pglast.parser import ParseError

from dsvault.coverage.errors import CoverageError
from dsvault.coverage.items import Item, Kind
from dsvault.coverage.statements import (
    SCHEMA,
    Node,
    column_text,
    read_statement,
    relation_name,
    spell,
)
from dsvault.plan import read_plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_COLUMN = re.compile(r"(?P<type>.*?)(?P<not_null> NOT NULL)?(?: DEFAULT (?P<default>.*))?")
_DROPPED = {
    enums.ObjectType.OBJECT_TABLE: Kind.TABLE,
    enums.ObjectType.OBJECT_INDEX: Kind.INDEX,
    enums.ObjectType.OBJECT_FUNCTION: Kind.FUNCTION,
    enums.ObjectType.OBJECT_TRIGGER: Kind.TRIGGER,
    enums.ObjectType.OBJECT_POLICY: Kind.POLICY,
}


def read_catalog(root: Path) -> dict[str, Item]:
    """Return what the plan of a project makes, by key, as it is at the end of the plan.

    :raises dsvault.plan.PlanError: the plan is not valid.
    :raises CoverageError: a deploy script is missing or cannot be parsed.
    """
    return build_catalog(_deploy_scripts(root))


def build_catalog(scripts: Iterable[tuple[str, str]]) -> dict[str, Item]:
    """Return what scripts make that run one after another, given as (change, text).

    :raises CoverageError: a script cannot be parsed.
    """
    items: dict[str, Item] = {}
    for change, text in scripts:
        try:
            statements = parse_sql(text)
        except ParseError as error:
            raise CoverageError(
                f"The deploy script of {change} cannot be read", detail=str(error.args[0])
            ) from error
        for raw in statements:
            for item in read_statement(raw.stmt):
                items[item.key] = replace(item, change=change)
            for key, definition in _taken_away(raw.stmt, items):
                if definition:
                    items[key] = replace(items[key], text=definition, change=change)
                else:
                    items.pop(key, None)
    return items


def _deploy_scripts(root: Path) -> Iterator[tuple[str, str]]:
    for change in read_plan(root / "sqitch.plan").changes:
        paths = [root / "deploy" / f"{stem}.sql" for stem in change.file_stems]
        path = next((path for path in paths if path.is_file()), None)
        if path is None:
            raise CoverageError(
                f"The change {change.name} has no deploy script", hint=f"Write {paths[0]}."
            )
        yield path.relative_to(root / "deploy").with_suffix("").as_posix(), path.read_text()


def _taken_away(node: Node, items: dict[str, Item]) -> Iterator[tuple[str, str]]:
    """Yield the keys that a statement removes, with "", or changes, with the new definition."""
    if isinstance(node, ast.DropStmt) and node.removeType in _DROPPED:
        for names in node.objects or ():
            yield from _dropped(_DROPPED[node.removeType], names, items)
    if isinstance(node, ast.AlterTableStmt):
        for command in node.cmds or ():
            yield from _altered(relation_name(node.relation), command, items)


def _dropped(kind: Kind, names: Node, items: dict[str, Item]) -> Iterator[tuple[str, str]]:
    parts = getattr(names, "objname", names)
    words = [part.sval for part in parts or ()]
    name = ".".join(words[1:] if words[0] == SCHEMA else words)
    yield f"{kind.value} {name}", ""
    if kind is Kind.TABLE:
        yield from [(key, "") for key, item in items.items() if item.table == name]


def _altered(table: str, command: Node, items: dict[str, Item]) -> Iterator[tuple[str, str]]:
    name = f"{table}.{command.name}"
    column = items.get(f"{Kind.COLUMN.value} {name}")
    match command.subtype:
        case enums.AlterTableType.AT_DropConstraint:
            yield f"{Kind.CONSTRAINT.value} {name}", ""
        case enums.AlterTableType.AT_DropColumn:
            yield f"{Kind.COLUMN.value} {name}", ""
            yield f"{Kind.COMMENT.value} {name}", ""
        case enums.AlterTableType.AT_NoForceRowSecurity:
            yield f"{Kind.FORCED.value} {table}", ""
        case enums.AlterTableType.AT_DisableRowSecurity:
            yield f"{Kind.ROW_SECURITY.value} {table}", ""
        case _ if column is not None:
            yield column.key, _redefined(column.text, command)


def _redefined(text: str, command: Node) -> str:
    known = _COLUMN.fullmatch(text)
    assert known is not None  # noqa: S101 - column_text wrote it
    type_name, default, not_null = known["type"], known["default"], bool(known["not_null"])
    match command.subtype:
        case enums.AlterTableType.AT_AlterColumnType:
            type_name = spell(command.def_.typeName)
        case enums.AlterTableType.AT_ColumnDefault:
            default = spell(command.def_) if command.def_ else None
        case enums.AlterTableType.AT_SetNotNull:
            not_null = True
        case enums.AlterTableType.AT_DropNotNull:
            not_null = False
    return column_text(type_name, default, not_null=not_null)
