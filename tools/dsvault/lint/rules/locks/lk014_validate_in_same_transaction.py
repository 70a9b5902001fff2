from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class ValidateInSameTransaction(Rule):
    """NOT VALID and VALIDATE CONSTRAINT in one transaction.

    Why: the lock of ADD CONSTRAINT is held while every row is read: NOT VALID gained nothing.
    When not: the table is made by the same script.
    Instead: VALIDATE CONSTRAINT in a transaction, or change, of its own.
    """

    code = "LK014"
    classes = ("validate-in-same-transaction",)
    severity = Severity.WARNING
    on = ("AlterTableStmt",)
    setup = "CREATE TABLE orders (id int PRIMARY KEY, total int);\n"
    bad = (
        "BEGIN;\n"
        "ALTER TABLE orders ADD CONSTRAINT total_check CHECK (total >= 0) NOT VALID;\n"
        "ALTER TABLE orders VALIDATE CONSTRAINT total_check;\n"
        "COMMIT;\n"
    )
    good = (
        "ALTER TABLE orders ADD CONSTRAINT total_check CHECK (total >= 0) NOT VALID;\n"
        "ALTER TABLE orders VALIDATE CONSTRAINT total_check;\n"
    )

    def statement(self, scope: Scope) -> None:
        """Report VALIDATE."""
        table = scope.catalog.table(scope.relation())
        for command in scope.commands("AT_ValidateConstraint"):
            name = command.get("name", "")
            if name in _not_valid_here(scope) and scope.existing(scope.relation()):
                self._report(scope, name)
                continue
            constraint = table.constraints.get(name) if table else None
            if constraint is None or constraint.is_valid or not scope.in_block:
                continue
            is_same = constraint.origin.transaction == scope.transaction.number
            if is_same and scope.existing(scope.relation()):
                self._report(scope, name)

    def _report(self, scope: Scope, name: str) -> None:
        scope.report(
            self,
            f"{name} is validated under the lock that adding it took",
            "Validate it in a transaction of its own.",
        )


def _not_valid_here(scope: Scope) -> set[str]:
    """Return the constraints that the same ALTER TABLE adds NOT VALID."""
    added = [c["def"]["Constraint"] for c in scope.commands("AT_AddConstraint")]
    return {c.get("conname", "") for c in added if c.get("skip_validation")}
