from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class NotValidForeignKeyOnPartitioned(Rule):
    """ADD FOREIGN KEY … NOT VALID on a partitioned table.

    Why: PostgreSQL before 18 refuses it.
    Instead: add the key to each partition NOT VALID, validate, then add it to the parent.
    """

    code = "LK040"
    classes = ("not-valid-fk-on-partitioned",)
    on = ("AlterTableStmt",)
    setup = (
        "CREATE TABLE a (id int PRIMARY KEY);\n"
        "CREATE TABLE logs (at date NOT NULL, a_id int) PARTITION BY RANGE (at);\n"
    )
    bad = "ALTER TABLE logs ADD CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a (id) NOT VALID;\n"
    good = "ALTER TABLE logs ADD CONSTRAINT f FOREIGN KEY (a_id) REFERENCES a (id);\n"

    def statement(self, scope: Scope) -> None:
        """Report NOT VALID."""
        table = scope.catalog.table(scope.relation())
        if table is None or not table.strategy or scope.world.target_version >= 18:
            return
        for command in scope.commands("AT_AddConstraint"):
            constraint = command["def"]["Constraint"]
            is_foreign = constraint.get("contype") == "CONSTR_FOREIGN"
            if is_foreign and constraint.get("skip_validation"):
                scope.report(
                    self,
                    f"{scope.named} is partitioned: before 18 no foreign key is NOT VALID there",
                    "Add it NOT VALID to each partition, validate, then add it to the parent.",
                    at=constraint["location"],
                )
