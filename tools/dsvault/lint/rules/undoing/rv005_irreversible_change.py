from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.losses import announces, losses
from dsvault.lint.planning import PLAN
from dsvault.lint.rule import Rule
from dsvault.lint.undo import Effects

if TYPE_CHECKING:
    from dsvault.lint.losses import Loss
    from dsvault.lint.scope import ChangeScope, Parsed
    from dsvault.lint.statements import Statement


class IrreversibleChange(Rule):
    """Deploy destroys data that no revert script can bring back, and nothing says so.

    Why: whoever reverts believes that it is as before.
    When not: the header announces the loss (`-- Revert: loses …`); the revert refuses; the rows are
    kept elsewhere first and come back from there.
    Instead: keep the data until the next release, or say in the header what is lost.
    """

    code = "RV005"
    classes = ("irreversible-change",)
    severity = Severity.WARNING
    bad = {
        "sqitch.plan": PLAN + "b [a] 2026-01-01T00:00:01Z X <x@example.org> # B.\n",
        "deploy/a.sql": "CREATE TABLE a (id int PRIMARY KEY, note text);\n",
        "verify/a.sql": "SELECT id, note FROM a WHERE false;\n",
        "revert/a.sql": "DROP TABLE a;\n",
        "deploy/b.sql": "ALTER TABLE a DROP COLUMN note;\n",
        "verify/b.sql": "SELECT 1 / (1 - count(*)) FROM pg_attribute\n"
        "WHERE attrelid = 'a'::regclass AND attname = 'note';\n",
        "revert/b.sql": "ALTER TABLE a ADD COLUMN note text;\n",
    }
    good = {**bad, "revert/b.sql": "-- Loses the notes.\n" + str(bad["revert/b.sql"])}

    def change(self, scope: ChangeScope) -> None:
        """Report losses that nobody announced."""
        change, world = scope.change, scope.world
        if change.deploy is None or scope.deploy is None or not world.sequence.revert_expected:
            return
        revert = world.effects.get(change.revert, Effects()) if change.revert else Effects()
        if revert.refuses or _is_told(scope):
            return
        for loss in losses(scope.deploy, world.effects.get(change.deploy, Effects())):
            back = [m for m in revert.marks if m.key == loss.key or m.owner == loss.table]
            if any(_brings_rows(statement, loss) for statement in _statements(scope.revert)):
                continue
            if back and change.revert is not None:
                world.report(
                    self,
                    change.revert,
                    back[0].offset,
                    f"brings back {loss.words} without its data",
                    "Say in the header what is lost.",
                )
            elif scope.revert is not None and change.revert is not None and not back:
                first = next((s.start for s in scope.revert.statements), 0)
                world.report(
                    self,
                    change.revert,
                    first,
                    f"says nothing of {loss.words}",
                    "Say in the header what is lost.",
                )
            world.report(
                self,
                change.deploy,
                loss.offset,
                f"no revert brings back {loss.words}",
                "Keep the data until the next release, or say in the header what is lost.",
            )


def _is_told(scope: ChangeScope) -> bool:
    return any(announces(parsed) for parsed in (scope.deploy, scope.revert) if parsed is not None)


def _statements(parsed: Parsed | None) -> list[Statement]:
    return parsed.statements if parsed is not None else []


def _brings_rows(statement: Statement, loss: Loss) -> bool:
    """Say whether a statement of the revert writes rows of the table from somewhere."""
    if statement.kind not in {"UpdateStmt", "InsertStmt", "MergeStmt"}:
        return False
    return str(statement.node.get("relation", {}).get("relname", "")) == loss.table[1]
