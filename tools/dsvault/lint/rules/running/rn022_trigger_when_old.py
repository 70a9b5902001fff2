from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.functions import trigger_of
from dsvault.lint.catalog import Origin
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import find, strings

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class TriggerWhenOld(Rule):
    """WHEN speaks of OLD in an INSERT trigger, or of NEW in a DELETE trigger.

    Why: PostgreSQL refuses it.
    Instead: one trigger for each operation.
    """

    code = "RN022"
    classes = ("trigger-when-old-on-insert",)
    on = ("CreateTrigStmt",)
    setup = (
        "CREATE TABLE t (id int, a int);\n"
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\n"
    )
    bad = (
        "CREATE TRIGGER x BEFORE INSERT OR UPDATE ON t FOR EACH ROW\n"
        "    WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION f();\n"
    )
    good = (
        "CREATE TRIGGER x BEFORE UPDATE ON t FOR EACH ROW\n"
        "    WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION f();\n"
    )
    claim = Claim(fails="42P17")

    def statement(self, scope: Scope) -> None:
        """Report the condition."""
        trigger = trigger_of(scope.catalog, scope.node, Origin(scope.script, scope.start))
        spoken = {
            strings(fields["fields"])[0]
            for fields in find({"w": trigger.when}, "ColumnRef")
            if len(fields["fields"]) > 1
        }
        for row, event in (("old", "insert"), ("new", "delete")):
            if row in spoken and (event in trigger.events or not trigger.per_row):
                scope.report(
                    self,
                    f"there is no {row.upper()} for {event.upper()}: PostgreSQL refuses it",
                    "Make one trigger for each operation.",
                    at=trigger.when,
                )
                return
