from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.catalog import Origin
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tenancy import memory
from dsvault.lint.tree import inner, literal, type_name
from dsvault.lint.volatility import is_moment, is_word

if TYPE_CHECKING:
    from dsvault.lint.catalog import Column
    from dsvault.lint.scope import Scope, World

_WORDS = {"now", "today", "tomorrow", "yesterday"}


class DefaultNowLiteral(Rule):
    """DEFAULT 'now': the moment when the table was made, for ever.

    Why: the word is turned into a moment when the default is stored.
    When not: now(), current_date and their like, which are asked for each row; 'now'::text::date,
    where the word is stored.
    Instead: DEFAULT now().
    """

    code = "DS025"
    classes = ("default-literal-now",)
    on = ("AlterTableStmt",)
    bad = "CREATE TABLE notes (id bigint PRIMARY KEY, written timestamptz DEFAULT 'now');\n"
    good = "CREATE TABLE notes (id bigint PRIMARY KEY, written timestamptz DEFAULT now());\n"
    claim = Claim(shows="SELECT pg_get_expr(adbin, adrelid) !~ 'now' FROM pg_attrdef")

    def statement(self, scope: Scope) -> None:
        """Remember where a default was set afterwards."""
        for command in scope.commands("AT_ColumnDefault"):
            origin = Origin(scope.script, scope.start, scope.transaction.number)
            table = scope.catalog.table(scope.relation())
            if (table is None or not table.is_known) and is_moment(inner(command.get("def"))[1]):
                scope.report(self, "every row gets the moment when this is run", "Write now().")
            key = (scope.relation(), command.get("name", ""))
            memory(scope.world, self.code)[key] = origin

    def finish(self, world: World) -> None:
        """Report defaults that stand still."""
        for table in world.catalog.tables.values():
            for column in table.columns.values():
                if column.default is not None and _is_frozen(column):
                    world.report_origin(
                        self,
                        memory(world, self.code).get((table.name, column.name), column.origin),
                        f"every row of {column.name} gets the moment when this was run",
                        "Write DEFAULT now() or current_date.",
                    )


def _is_frozen(column: Column) -> bool:
    text = (literal(column.default) or "").strip().lower().removesuffix("()")
    kind, fields = inner(column.default)
    cast = type_name(fields.get("typeName")) if kind == "TypeCast" else ""
    is_moment = any(name.startswith(("timestamp", "date", "time")) for name in (column.type, cast))
    return text in _WORDS and is_moment and is_word(column.default)
