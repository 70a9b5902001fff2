from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.planning import PLAN, line_offset
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.undo import does_something

if TYPE_CHECKING:
    from dsvault.lint.scope import ChangeScope


class MissingRevert(Rule):
    """A change has no revert script, or one that does nothing.

    Why: the change cannot be taken back; `revert` stops there.
    When not: folders in which no migration has a way back.
    Instead: the statements that take back what deploy does, or one that refuses and says why.
    """

    code = "RV001"
    classes = ("missing-revert",)
    bad = {
        "sqitch.plan": PLAN,
        "deploy/a.sql": "CREATE TABLE a (id int PRIMARY KEY);\n",
        "verify/a.sql": "SELECT id FROM a WHERE false;\n",
    }
    good = {**bad, "revert/a.sql": "DROP TABLE a;\n"}
    claim = Claim(shows="SELECT to_regclass('a') IS NOT NULL")

    def change(self, scope: ChangeScope) -> None:
        """Report a way back that is missing or empty."""
        if not scope.world.sequence.revert_expected or scope.change.deploy is None:
            return
        name = scope.change.name
        if scope.change.revert is None:
            plan = scope.world.sequence.plan
            fix = f"Write revert/{name}.sql."
            if plan is not None:
                self._on_plan(scope, f"{name} has no revert script", fix)
            scope.world.report(
                self, scope.change.deploy, 0, "this change has no revert script", fix
            )
        elif scope.revert is not None and not does_something(scope.revert):
            scope.world.report(
                self,
                scope.change.revert,
                0,
                "this revert script does nothing",
                "Take back what deploy does, or raise an error that says why not.",
            )

    def _on_plan(self, scope: ChangeScope, message: str, fix: str) -> None:
        plan = scope.world.sequence.plan
        if plan is not None:
            parsed = scope.world.parsed[plan]
            offset = line_offset(parsed, scope.change.line)
            scope.world.report(self, plan, offset, message, fix)
