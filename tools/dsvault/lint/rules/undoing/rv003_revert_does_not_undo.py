from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.planning import PLAN
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.undo import Effects, does_something, left_over

if TYPE_CHECKING:
    from dsvault.lint.project import Script
    from dsvault.lint.scope import ChangeScope, Parsed, World
    from dsvault.lint.undo import Mark


class RevertDoesNotUndo(Rule):
    """A revert script leaves what deploy made, or does not bring back what deploy took away.

    Why: the database is not as before; the next deploy meets what is left.
    When not: rows, grants and parts go with the table that is dropped; a revert that refuses.
    Instead: take back each object, in the reverse order.
    """

    code = "RV003"
    classes = ("revert-does-not-undo",)
    bad = {
        "sqitch.plan": PLAN,
        "deploy/a.sql": "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TYPE m AS ENUM ('x');\n",
        "verify/a.sql": "SELECT id FROM a WHERE false;\n",
        "revert/a.sql": "DROP TABLE a;\n",
    }
    good = {**bad, "revert/a.sql": "DROP TYPE m;\nDROP TABLE a;\n"}
    claim = Claim(shows="SELECT to_regtype('m') IS NOT NULL")

    def change(self, scope: ChangeScope) -> None:
        """Compare what both scripts do."""
        change, world = scope.change, scope.world
        if change.deploy is None or change.revert is None or scope.revert is None:
            return
        deploy, revert = (
            world.effects.get(script, Effects()) for script in (change.deploy, change.revert)
        )
        if revert.refuses or revert.is_uncertain or scope.revert.unreadable:
            return
        if not does_something(scope.revert):
            return  # told by another rule
        left, missing = left_over(deploy.marks, revert.marks)
        place = _place(revert, scope.revert)
        for what, made in _sorted_out(left).items():
            world.report(self, change.revert, place, f"leaves {what}", "Take it back too.")
            self._on_deploy(world, change.deploy, made, f"the revert script leaves {what}")
        if not deploy.is_uncertain:
            for mark in missing:
                if mark.thing not in {"rows of", "grant", "default privilege"}:
                    world.report(
                        self,
                        change.revert,
                        place,
                        f"does not bring back {mark.words()}",
                        "Make it as it was before.",
                    )
                    words = f"the revert script does not bring back {mark.words()}"
                    self._on_deploy(world, change.deploy, mark.offset, words)

    def _on_deploy(self, world: World, deploy: Script, offset: int, message: str) -> None:
        world.report(self, deploy, offset, message, "Let the revert script undo it.")


def _place(revert: Effects, parsed: Parsed) -> int:
    """Return the place of the last statement that takes something back, else of the last one."""
    quiet = {"TransactionStmt", "VariableSetStmt"}
    last = max((s.start for s in parsed.statements if s.kind not in quiet), default=0)
    return max((mark.offset for mark in revert.marks), default=last)


def _sorted_out(marks: list[Mark]) -> dict[str, int]:
    """Return what is left, in words, and where it was made; parts of what is left are not named."""
    whole = {mark.name for mark in marks if mark.thing == "table" and mark.sign == "+"}
    named: dict[str, int] = {}
    for mark in marks:
        if mark.owner in whole and mark.name != mark.owner:
            continue
        words = mark.words() if mark.sign == "+" else f"{mark.words()} as deploy made it"
        if mark.thing in {"grant", "default privilege"}:
            words = f"the {mark.thing} of {' '.join(part for part in mark.name if part)}"
        named.setdefault(words, mark.offset)
    return named
