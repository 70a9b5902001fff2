from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Rule
from dsvault.lint.tree import function_name, literal

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


class DisableTriggerAll(Rule):
    """DISABLE TRIGGER ALL, or session_replication_role = replica.

    Why: foreign keys are kept by triggers: rows that break them come in and stay.
    When not: DISABLE TRIGGER USER leaves them on.
    Instead: disable the triggers that are meant, by name, and enable them in the same transaction.
    """

    code = "LK036"
    classes = ("disable-trigger-all",)
    on = ("AlterTableStmt", "VariableSetStmt", "SelectStmt")
    in_functions = True
    tasks = frozenset({"deploy", "revert", "plain"})
    setup = "CREATE TABLE orders (id int PRIMARY KEY);\n"
    bad = "ALTER TABLE orders DISABLE TRIGGER ALL;\n"
    good = "ALTER TABLE orders DISABLE TRIGGER USER;\n"

    def statement(self, scope: Scope) -> None:
        """Report the command."""
        if scope.kind == "VariableSetStmt":
            values = [literal(item) for item in scope.node.get("args", ())]
            is_off = scope.node.get("name") == "session_replication_role" and values == ["replica"]
        elif scope.kind == "SelectStmt":
            is_off = any(_is_replica(f) for kind, f in scope.nodes if kind == "FuncCall")
        else:
            is_off = bool(scope.commands("AT_DisableTrigAll"))
        if is_off:
            scope.report(
                self,
                "switches foreign keys off with the triggers: broken rows come in and stay",
                "Disable single triggers by name.",
            )


def _is_replica(call: Node) -> bool:
    values = [literal(item) for item in call.get("args", ())[:2]]
    is_setting = function_name(call) == "set_config"
    return is_setting and values == ["session_replication_role", "replica"]
