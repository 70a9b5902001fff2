from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.planning import PLAN
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.trial import Trial

if TYPE_CHECKING:
    from dsvault.lint.scope import ChangeScope


class RevertFails(Rule):
    """A revert script fails.

    Why: it drops what is not there, or what something else still needs.
    When not: IF EXISTS, and dependants that are dropped before.
    Instead: drop in the reverse order of deploy.
    """

    code = "RV004"
    classes = ("revert-fails",)
    bad = {
        "sqitch.plan": PLAN,
        "deploy/a.sql": "CREATE TABLE a (id int PRIMARY KEY);\n"
        "CREATE TABLE b (id int PRIMARY KEY REFERENCES a (id));\n",
        "verify/a.sql": "SELECT b.id FROM a JOIN b ON a.id = b.id WHERE false;\n",
        "revert/a.sql": "DROP TABLE a;\nDROP TABLE b;\n",
    }
    good = {**bad, "revert/a.sql": "DROP TABLE b;\nDROP TABLE a;\n"}
    claim = Claim(fails="2BP01")

    def change(self, scope: ChangeScope) -> None:
        """Try the statements in order on what deploy left."""
        if scope.revert is None or scope.change.revert is None:
            return
        trial = Trial(scope.world, scope.change.revert, scope.change)
        for statement in scope.revert.statements:
            for message in trial.run(statement):
                scope.world.report(
                    self, scope.change.revert, statement.start, message, "Put it in order."
                )
