"""What rules about the types of columns share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.catalog import Column, Origin, Table
from dsvault.lint.rule import Rule
from dsvault.lint.tenancy import memory
from dsvault.lint.tree import find, strings, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.scope import Scope, World


class ColumnTypeRule(Rule):
    """Looks at the types that columns have at the end of the plan.

    A type that a later script puts right is right; one that a later script makes wrong is reported
    there.
    """

    on = ("AlterTableStmt", "CreateDomainStmt", "CompositeTypeStmt")
    what = ""
    instead = ""

    def is_wrong(self, table: Table, column: Column) -> bool:
        """Say whether the column should have another type."""
        raise NotImplementedError

    def statement(self, scope: Scope) -> None:
        """Report types made of such a type; remember where a column's type was changed."""
        for column in _of_type(scope):
            if self.is_wrong(Table(("", ""), column.origin), column):
                self._report(scope.world, column.origin, column)
        for command in scope.commands("AT_AlterColumnType"):
            origin = Origin(scope.script, scope.start, scope.transaction.number)
            key = (scope.relation(), command.get("name", ""))
            memory(scope.world, self.code)[key] = origin

    def finish(self, world: World) -> None:
        """Report columns of that type."""
        for table in world.catalog.tables.values():
            if table.is_temporary:
                continue
            for column in table.columns.values():
                if self.is_wrong(table, column):
                    key = (table.name, column.name)
                    origin = memory(world, self.code).get(key, column.origin)
                    self._report(world, origin, column)

    def _report(self, world: World, origin: Origin, column: Column) -> None:
        message = f"{column.name} is {column.type}: {self.what}"
        world.report_origin(self, origin, message, self.instead)


def _of_type(scope: Scope) -> Iterator[Column]:
    """Yield the fields of a composite type, and what a domain is made of, as columns."""
    if scope.kind == "CreateDomainStmt":
        origin = Origin(scope.script, scope.start, scope.transaction.number)
        name = strings(scope.node.get("domainname"))[-1]
        yield Column(name, type_name(scope.node.get("typeName")), origin)
    elif scope.kind == "CompositeTypeStmt":
        for fields in find(scope.node.get("coldeflist"), "ColumnDef"):
            origin = Origin(scope.script, fields.get("location", scope.start))
            yield Column(fields.get("colname", ""), type_name(fields.get("typeName")), origin)
