from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import name_of, strings

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class AddColumnConstrainedDomain(Rule):
    """ADD COLUMN of a domain with constraints on a table that is in use.

    Why: PostgreSQL checks the domain row by row and rewrites the table under ACCESS EXCLUSIVE.
    When not: a domain without constraints; the table is made by the same script.
    Instead: a column of the base type with a CHECK … NOT VALID, validated later.
    """

    code = "LK009"
    classes = ("add-column-constrained-domain",)
    on = ("AlterTableStmt",)
    setup = "CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');\nCREATE TABLE people (id int);\n"
    bad = "ALTER TABLE people ADD COLUMN mail email;\n"
    good = "ALTER TABLE people ADD COLUMN mail text;\n"
    claim = Claim(rewrites=True)

    def statement(self, scope: Scope) -> None:
        """Report the column."""
        for command in scope.commands("AT_AddColumn"):
            column = command["def"]["ColumnDef"]
            name = name_of(strings(column.get("typeName", {}).get("names")))
            domain = scope.catalog.domain_of(name)
            if domain is None or not domain[1]:
                continue
            if scope.existing(scope.relation()):
                scope.report(
                    self,
                    f"domain {name[1]} has constraints: the table is rewritten to check them",
                    "Add a column of the base type with a CHECK … NOT VALID.",
                    at=column["location"],
                )
