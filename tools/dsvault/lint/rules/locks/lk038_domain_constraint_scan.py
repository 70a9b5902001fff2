from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import name_of, strings

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class DomainConstraintScan(Rule):
    """ALTER DOMAIN … ADD CONSTRAINT without NOT VALID.

    Why: every table with a column of the domain is read under lock.
    When not: the domain is made by the same script.
    Instead: ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in a later transaction.
    """

    code = "LK038"
    classes = ("domain-constraint-scan",)
    on = ("AlterDomainStmt",)
    setup = "CREATE DOMAIN email AS text;\nCREATE TABLE people (mail email);\n"
    bad = "ALTER DOMAIN email ADD CONSTRAINT email_check CHECK (VALUE LIKE '%@%');\n"
    good = "ALTER DOMAIN email ADD CONSTRAINT email_check CHECK (VALUE LIKE '%@%') NOT VALID;\n"
    claim = Claim(shows="SELECT convalidated FROM pg_constraint WHERE conname = 'email_check'")

    def statement(self, scope: Scope) -> None:
        """Report the constraint."""
        name = scope.catalog.qualify(name_of(strings(scope.node.get("typeName"))))
        domain = scope.catalog.types.get(name)
        if domain is not None and domain.origin.script is scope.script:
            return
        constraint = scope.node.get("def", {}).get("Constraint", {})
        is_added = constraint and not constraint.get("skip_validation")
        if is_added or scope.node.get("subtype") == "O":
            scope.report(
                self,
                f"every table with a column of {qualified(name)} is read under lock",
                "Add it NOT VALID, and VALIDATE CONSTRAINT in a later transaction.",
            )
