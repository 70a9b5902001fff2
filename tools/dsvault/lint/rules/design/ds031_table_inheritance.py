from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class TableInheritance(Rule):
    """INHERITS.

    Why: keys, unique constraints, policies and grants of the parent do not hold for its children.
    When not: partitions, which are made by PARTITION OF.
    Instead: declarative partitioning, or a table of what is common and a foreign key to it.
    """

    code = "DS031"
    classes = ("table-inheritance",)
    severity = Severity.WARNING
    on = ("CreateStmt", "AlterTableStmt")
    setup = "CREATE TABLE notes (id bigint PRIMARY KEY);\n"
    bad = "CREATE TABLE letters (address text) INHERITS (notes);\n"
    good = "CREATE TABLE letters (id bigint PRIMARY KEY REFERENCES notes, address text);\n"
    claim = Claim(shows="SELECT EXISTS (SELECT FROM pg_inherits)")

    def statement(self, scope: Scope) -> None:
        """Report children that are no partitions."""
        node = scope.node
        is_child = scope.kind == "CreateStmt" and "inhRelations" in node and "partbound" not in node
        if is_child or scope.commands("AT_AddInherit"):
            scope.report(
                self,
                "the parent's keys and policies do not hold for it",
                "Partition the parent, or refer to it by a foreign key.",
                at=scope.find_text("inherit"),
            )
