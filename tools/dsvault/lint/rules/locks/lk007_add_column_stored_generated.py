from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class AddColumnStoredGenerated(Rule):
    """ADD COLUMN … GENERATED … STORED on a table that is in use.

    Why: the value of every row is computed and the table rewritten under ACCESS EXCLUSIVE.
    When not: virtual columns (PostgreSQL 18); the table is made by the same script.
    Instead: a plain column filled in batches and kept by a trigger, or an expression index.
    """

    code = "LK007"
    classes = ("add-column-stored-generated",)
    on = ("AlterTableStmt",)
    setup = "CREATE TABLE orders (id int PRIMARY KEY, net int);\n"
    bad = "ALTER TABLE orders ADD COLUMN gross int GENERATED ALWAYS AS (net * 2) STORED;\n"
    good = "ALTER TABLE orders ADD COLUMN gross int;\n"
    claim = Claim(rewrites=True)

    def statement(self, scope: Scope) -> None:
        """Report the column."""
        for command in scope.commands("AT_AddColumn"):
            column = command["def"]["ColumnDef"]
            name = column.get("colname", "it")
            for item in column.get("constraints", ()):
                is_generated = item["Constraint"].get("contype") == "CONSTR_GENERATED"
                is_virtual = item["Constraint"].get("generated_kind") == "v"
                if is_generated and not is_virtual and scope.existing(scope.relation()):
                    scope.report(
                        self,
                        f"computing {name} rewrites {scope.named} under ACCESS EXCLUSIVE",
                        "Add a plain column, fill it in batches, keep it by a trigger.",
                        at=column["location"],
                    )
