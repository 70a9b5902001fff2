from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.flow import FALLS, ends
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.plsql import Body
    from dsvault.lint.scope import Scope, World
    from dsvault.lint.tree import Name


class TriggerMissingReturn(Rule):
    """A path through a trigger function ends without RETURN.

    Why: the statement that fires it fails: control reached end of trigger procedure.
    Instead: RETURN NEW, OLD or NULL on every path; an AFTER trigger too.
    """

    code = "RN023"
    classes = ("trigger-missing-return",)
    setup = "CREATE TABLE t (id int PRIMARY KEY);\n"
    bad = (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
        "    IF NEW.id > 1 THEN\n        RETURN NEW;\n    END IF;\nEND;\n$$;\n"
        "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();\n"
        "INSERT INTO t VALUES (1);\n"
    )
    good = (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
        "    IF NEW.id > 1 THEN\n        RETURN NEW;\n    END IF;\n    RETURN NULL;\nEND;\n$$;\n"
        "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();\n"
        "INSERT INTO t VALUES (1);\n"
    )
    claim = Claim(fails="2F005")

    def body(self, scope: Scope, body: Body) -> None:
        """Remember where trigger functions fall off their end, for each operation."""
        function = scope.function
        if function is None or function.returns not in {"trigger", "event_trigger"}:
            return
        if function.returns == "event_trigger" or not body.steps:
            return
        events = ("insert", "update", "delete")
        falling = {event for event in events if FALLS in ends(body.steps, event)}
        spoken = {event for event in falling if f"'{event}'" in body.text.lower()}
        top = body.steps[0].branches[0] if body.steps[0].branches else body.steps
        text = body.text.rstrip().rstrip(";").encode()
        last = function.body_start + len(text) - len("END")
        places = [top[-1].start if top else scope.start, last]
        memory = scope.world.memory.setdefault(self.code, {})
        memory[function.name] = (falling, spoken, scope.script, places)

    def finish(self, world: World) -> None:
        """Report functions that fall off for an operation that fires them, or for all."""
        fired: dict[Name, set[str]] = {}
        for table in world.catalog.tables.values():
            for trigger in table.triggers.values():
                fired.setdefault(trigger.function, set()).update(trigger.events)
        for name, (falling, spoken, script, places) in world.memory.get(self.code, {}).items():
            # Where no trigger is seen, it fires for what the function asks TG_OP for.
            events = fired.get(name, spoken)
            is_wrong = bool(falling & events) or len(falling) == 3
            for place in places if is_wrong else ():
                world.report(
                    self,
                    script,
                    place,
                    f"{qualified(name)} can end without RETURN: the statement fails",
                    "RETURN NEW, OLD or NULL on every path.",
                )
