from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.planning import PLAN, line_offset
from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import ChangeScope


class ChangeWithoutDeploy(Rule):
    """A change of the plan has no deploy script.

    Why: deploying stops there.
    Instead: write the script, or take the change out of the plan.
    """

    code = "RV011"
    classes = ("script-not-in-plan",)
    bad = {"sqitch.plan": PLAN, "revert/a.sql": "SELECT 1;\n", "deploy/.keep": ""}
    good = {
        "sqitch.plan": PLAN,
        "deploy/a.sql": "CREATE TABLE a (id int PRIMARY KEY);\n",
        "verify/a.sql": "SELECT id FROM a WHERE false;\n",
        "revert/a.sql": "DROP TABLE a;\n",
    }

    def change(self, scope: ChangeScope) -> None:
        """Report the change."""
        plan = scope.world.sequence.plan
        if scope.change.deploy is None and plan is not None:
            scope.world.report(
                self,
                plan,
                line_offset(scope.world.parsed[plan], scope.change.line),
                f"{scope.change.name} has no deploy script",
                f"Write deploy/{scope.change.name}.sql.",
            )
