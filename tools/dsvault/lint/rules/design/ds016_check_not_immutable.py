from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.volatility import not_immutable_call

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class CheckNotImmutable(Rule):
    """CHECK that depends on time, settings or other rows.

    Why: it is asked when a row is written and never again: rows that break it stay, and a restored
    dump may refuse them.
    When not: it depends on the row alone.
    Instead: a trigger that asks once and says so, or a condition of the row alone.
    """

    code = "DS016"
    classes = ("check-not-immutable",)
    severity = Severity.WARNING
    on = ("CreateStmt", "AlterTableStmt", "CreateDomainStmt", "AlterDomainStmt")
    bad = "CREATE TABLE visits (id bigint PRIMARY KEY, day date CHECK (day >= current_date));\n"
    good = "CREATE TABLE visits (id bigint PRIMARY KEY, day date CHECK (day >= '2026-01-01'));\n"
    claim = Claim(
        shows="SELECT bool_or(pg_get_constraintdef(oid) ~* 'current_date') FROM pg_constraint "
        "WHERE contype = 'c'"
    )

    def statement(self, scope: Scope) -> None:
        """Report checks that may hold today and not tomorrow."""
        for constraint in scope.of_type("Constraint"):
            if constraint.get("contype") == "CONSTR_CHECK":
                found = not_immutable_call(scope.catalog, {"x": constraint.get("raw_expr")})
                if found is not None:
                    scope.report(
                        self,
                        f"depends on {found}, which changes while the row stays",
                        "Check the row alone, or ask in a trigger.",
                        at=constraint,
                    )
