from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.planning import PLAN, line_offset
from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import ChangeScope


class MissingVerify(Rule):
    """A change has no verify script.

    Why: nothing proves that the change did what it says.
    When not: projects without a folder of verify scripts.
    Instead: statements that fail if what deploy made is not as it should be.
    """

    code = "RV002"
    classes = ("missing-verify",)
    severity = Severity.WARNING
    bad = {
        "sqitch.plan": PLAN,
        "deploy/a.sql": "CREATE TABLE a (id int PRIMARY KEY);\n",
        "revert/a.sql": "DROP TABLE a;\n",
    }
    good = {**bad, "verify/a.sql": "SELECT id FROM a WHERE false;\n"}

    def change(self, scope: ChangeScope) -> None:
        """Report what proves nothing."""
        world, change = scope.world, scope.change
        if not world.sequence.verify_expected or change.deploy is None or change.verify is not None:
            return
        fix = f"Write verify/{change.name}.sql."
        if world.sequence.plan is not None:
            offset = line_offset(world.parsed[world.sequence.plan], change.line)
            message = f"{change.name} has no verify script"
            world.report(self, world.sequence.plan, offset, message, fix)
        world.report(self, change.deploy, 0, "this change has no verify script", fix)
