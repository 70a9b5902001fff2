from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.planning import PLAN
from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import World


class ScriptNotInPlan(Rule):
    """A script that no change of the plan runs.

    Why: it looks as if it were deployed, and never is.
    When not: scripts of reworked changes, named after their tag.
    Instead: `sqitch add` the change, or remove the script.
    """

    code = "RV008"
    classes = ("script-not-in-plan",)
    bad = {
        "sqitch.plan": PLAN,
        "deploy/a.sql": "CREATE TABLE a (id int PRIMARY KEY);\n",
        "verify/a.sql": "SELECT id FROM a WHERE false;\n",
        "revert/a.sql": "DROP TABLE a;\n",
        "deploy/b.sql": "CREATE TABLE b (id int PRIMARY KEY);\n",
    }
    good = {
        **{path: text for path, text in bad.items() if path != "deploy/b.sql"},
    }

    def finish(self, world: World) -> None:
        """Report scripts without a change."""
        if world.sequence.plan is None or world.sequence.plan_error is not None:
            return
        for script in world.sequence.strays:
            statements = world.parsed[script].statements
            world.report(
                self,
                script,
                statements[0].start if statements else 0,
                f"no change of the plan has this {script.task} script",
                "Add the change to sqitch.plan, or remove the script.",
            )
