from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.planning import PLAN
from dsvault.lint.rule import Rule
from dsvault.lint.verifying import writes

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class VerifyHasSideEffects(Rule):
    """A verify script commits what it writes.

    Why: verifying changes the database, each time it runs.
    When not: everything is rolled back; temporary tables.
    Instead: BEGIN before, ROLLBACK at the end.
    """

    code = "RV007"
    classes = ("verify-has-side-effects",)
    severity = Severity.WARNING
    tasks = frozenset({"verify"})
    bad = {
        "sqitch.plan": PLAN,
        "deploy/a.sql": "CREATE TABLE a (id int PRIMARY KEY);\n",
        "verify/a.sql": "BEGIN;\nINSERT INTO a VALUES (1);\nCOMMIT;\n",
        "revert/a.sql": "DROP TABLE a;\n",
    }
    good = {**bad, "verify/a.sql": "BEGIN;\nINSERT INTO a VALUES (1);\nROLLBACK;\n"}

    def script(self, scope: Scope) -> None:
        """Report writes that stay."""
        for statement in writes(scope.world.parsed[scope.script])[:1]:
            scope.report(
                self,
                "this write stays when the script has run",
                "End the script with ROLLBACK.",
                at=statement.start,
            )
