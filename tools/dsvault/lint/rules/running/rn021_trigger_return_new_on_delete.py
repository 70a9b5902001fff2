from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.flow import ends
from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.plsql import Body
    from dsvault.lint.scope import Scope, World


class TriggerReturnNewOnDelete(Rule):
    """A BEFORE DELETE row trigger that returns NEW, or NULL.

    Why: NEW is NULL for a DELETE, and NULL leaves the row: nothing is deleted, without an error.
    When not: the function tells the operations apart by TG_OP; an INSTEAD OF trigger.
    Instead: RETURN OLD.
    """

    code = "RN021"
    classes = ("trigger-return-new-on-delete",)
    setup = "CREATE TABLE t (id int PRIMARY KEY);\nINSERT INTO t VALUES (1);\n"
    bad = (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        "BEGIN\n    RETURN NEW;\nEND;\n$$;\n"
        "CREATE TRIGGER x BEFORE DELETE ON t FOR EACH ROW EXECUTE FUNCTION f();\n"
        "DELETE FROM t WHERE id = 1;\n"
    )
    good = (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        "BEGIN\n    RETURN OLD;\nEND;\n$$;\n"
        "CREATE TRIGGER x BEFORE DELETE ON t FOR EACH ROW EXECUTE FUNCTION f();\n"
        "DELETE FROM t WHERE id = 1;\n"
    )
    claim = Claim(shows="SELECT count(*) = 1 FROM t")

    def body(self, scope: Scope, body: Body) -> None:
        """Remember how trigger functions end for a DELETE."""
        if scope.function is not None and scope.function.returns == "trigger":
            places = [
                s.start for s in body.all_steps() if s.kind == "RETURN" and "NEW" in s.text.upper()
            ]
            memory = scope.world.memory.setdefault(self.code, {})
            memory[scope.function.name] = (ends(body.steps, "delete"), scope.script, places)

    def finish(self, world: World) -> None:
        """Report those that a BEFORE DELETE trigger uses."""
        seen = set()
        for table in world.catalog.tables.values():
            for trigger in table.triggers.values():
                is_before = trigger.timing == "before" and trigger.per_row
                found = world.memory.get(self.code, {}).get(trigger.function)
                if not is_before or "delete" not in trigger.events or found is None:
                    continue
                results, script, places = found
                if "NEW" in results and places and trigger.function not in seen:
                    seen.add(trigger.function)
                    message = f"NEW is NULL when {trigger.name} fires for DELETE: the row stays"
                    world.report(self, script, places[-1], message, "RETURN OLD for a DELETE.")
                    world.report_origin(
                        self, trigger.origin, message, f"Let {trigger.function[1]}() RETURN OLD."
                    )
