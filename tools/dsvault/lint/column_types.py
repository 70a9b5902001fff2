"""What rules about the types of columns share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.catalog import Origin
from dsvault.lint.rule import Rule
from dsvault.lint.tenancy import memory

if TYPE_CHECKING:
    from dsvault.lint.catalog import Column, Table
    from dsvault.lint.scope import Scope, World


class ColumnTypeRule(Rule):
    """Looks at the types that columns have at the end of the plan.

    A type that a later script puts right is right; one that a later script makes wrong is reported
    there.
    """

    on = ("AlterTableStmt",)
    what = ""
    instead = ""

    def is_wrong(self, table: Table, column: Column) -> bool:
        """Say whether the column should have another type."""
        raise NotImplementedError

    def statement(self, scope: Scope) -> None:
        """Remember where a column's type was changed."""
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
                    message = f"{column.name} is {column.type}: {self.what}"
                    world.report_origin(self, origin, message, self.instead)
