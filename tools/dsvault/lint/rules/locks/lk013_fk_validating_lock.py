from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import inner

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


class ForeignKeyValidatingLock(Rule):
    """ADD FOREIGN KEY without NOT VALID on a table that is in use.

    Why: writes to both tables wait while every row is looked up.
    When not: the table is made by the same script.
    Instead: ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in a later transaction.
    """

    code = "LK013"
    classes = ("fk-validating-lock",)
    on = ("AlterTableStmt",)
    setup = "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (a_id int);\n"
    bad = "ALTER TABLE b ADD CONSTRAINT b_fk FOREIGN KEY (a_id) REFERENCES a (id);\n"
    good = "ALTER TABLE b ADD CONSTRAINT b_fk FOREIGN KEY (a_id) REFERENCES a (id) NOT VALID;\n"
    claim = Claim(shows="SELECT convalidated FROM pg_constraint WHERE conname = 'b_fk'")

    def statement(self, scope: Scope) -> None:
        """Report the constraint."""
        if scope.is_new(scope.relation()):
            return
        for command in scope.commands("AT_AddConstraint", "AT_AddColumn"):
            for constraint in _constraints(command):
                if constraint.get("contype") != "CONSTR_FOREIGN":
                    continue
                if not constraint.get("skip_validation"):
                    other = constraint.get("pktable", {}).get("relname", "the other table")
                    scope.report(
                        self,
                        f"writes to {scope.named} and to {other} wait while every row is looked up",
                        "Add it NOT VALID, and VALIDATE CONSTRAINT in a later transaction.",
                        at=constraint["location"],
                    )


def _constraints(command: Node) -> list[Node]:
    kind, fields = inner(command.get("def"))
    if kind == "Constraint":
        return [fields]
    return [item["Constraint"] for item in fields.get("constraints", ())]
