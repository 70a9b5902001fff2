from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import calls_in, type_name

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


_SERIAL = {"serial", "bigserial", "smallserial", "serial4", "serial8", "serial2"}


class AddColumnAutoIncrement(Rule):
    """ADD COLUMN serial or IDENTITY on a table that is in use.

    Why: every old row gets its number, so the table is rewritten under ACCESS EXCLUSIVE.
    When not: the table is made by the same script.
    Instead: a bigint without default, a sequence as its default afterwards, old rows in batches.
    """

    code = "LK008"
    classes = ("add-column-auto-increment",)
    on = ("AlterTableStmt",)
    setup = "CREATE TABLE orders (code text PRIMARY KEY);\n"
    bad = "ALTER TABLE orders ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY;\n"
    good = "ALTER TABLE orders ADD COLUMN id bigint;\n"
    claim = Claim(rewrites=True)

    def statement(self, scope: Scope) -> None:
        """Report the column."""
        for command in scope.commands("AT_AddColumn"):
            column = command["def"]["ColumnDef"]
            if _numbers_itself(column) and scope.existing(scope.relation()):
                scope.report(
                    self,
                    f"numbering its old rows rewrites {scope.named} under ACCESS EXCLUSIVE",
                    "Add a plain bigint, then a sequence as default, then number in batches.",
                    at=column["location"],
                )


def _numbers_itself(column: Node) -> bool:
    if type_name(column.get("typeName")) in _SERIAL:
        return True
    for item in column.get("constraints", ()):
        constraint = item["Constraint"]
        if constraint.get("contype") == "CONSTR_IDENTITY":
            return True
        calls = {name for name, _ in calls_in(constraint.get("raw_expr"))}
        if constraint.get("contype") == "CONSTR_DEFAULT" and "nextval" in calls:
            return True
    return False
