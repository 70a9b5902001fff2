from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.apply.functions import table_columns
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import columns_in, find, strings

if TYPE_CHECKING:
    from dsvault.lint.catalog import Table, Trigger
    from dsvault.lint.plsql import Body, Step
    from dsvault.lint.scope import Scope, World


class TriggerUnknownColumn(Rule):
    """A trigger function uses a column that its table does not have.

    Why: every statement that fires it fails: record "new" has no field.
    When not: the function asks for the table by TG_TABLE_NAME or TG_ARGV; to_jsonb(NEW) ->> name.
    Instead: name the right column, or write a function for each table.
    """

    code = "RN024"
    classes = ("trigger-unknown-column",)
    on = ("*",)
    in_functions = True
    setup = "CREATE TABLE t (id int PRIMARY KEY, changed_at timestamptz);\n"
    bad = (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
        "    NEW.updated_at := now();\n    RETURN NEW;\nEND;\n$$;\n"
        "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();\n"
        "INSERT INTO t VALUES (1);\n"
    )
    good = bad.replace("updated_at", "changed_at")
    claim = Claim(fails="42703")

    def body(self, scope: Scope, body: Body) -> None:
        """Remember the columns that are assigned."""
        if scope.function is None or scope.function.returns != "trigger":
            return
        has_arguments = re.search(r"\bTG_N?ARG[SV]\b", body.text, re.IGNORECASE)
        if has_arguments or any(_asks_for_table(step) for step in body.all_steps()):
            return
        known = scope.world.memory.setdefault(self.code, {})
        used = known[scope.function.name] = []
        for step in body.all_steps():
            match = re.match(r"(?:NEW|OLD)\s*\.\s*(\w+)", step.target, re.IGNORECASE)
            if step.kind == "ASSIGN" and match:
                used.append((match[1].lower(), scope.script, step.start))

    def statement(self, scope: Scope) -> None:
        """Remember the columns that are read."""
        function = scope.function
        used = scope.world.memory.get(self.code, {}).get(function.name) if function else None
        if used is None:
            return
        for fields in find({"n": scope.node}, "ColumnRef"):
            names = strings(fields.get("fields"))
            if len(names) == 2 and names[0] in {"new", "old"} and len(fields["fields"]) == 2:
                used.append((names[1], scope.script, fields.get("location", scope.start)))

    def finish(self, world: World) -> None:
        """Report columns that a table with such a trigger lacks."""
        for table in world.catalog.tables.values():
            columns = table_columns(world.catalog, table.name)
            for trigger in table.triggers.values() if columns else ():
                self._of_trigger(world, table, trigger, columns or set())
                for column, script, at in world.memory.get(self.code, {}).get(trigger.function, ()):
                    if column not in (columns or ()) and column not in _SYSTEM:
                        world.report(
                            self,
                            script,
                            at,
                            f"{qualified(table.name)} has no column {column}, "
                            f"and trigger {trigger.name} runs this for it",
                            "Name a column that the table has.",
                        )

    def _of_trigger(self, world: World, table: Table, trigger: Trigger, columns: set[str]) -> None:
        """Report columns that UPDATE OF or WHEN names."""
        named = set(trigger.columns)
        named |= {n[1] for n in columns_in({"w": trigger.when}) if len(n) == 2}
        for column in sorted(named - columns - _SYSTEM):
            world.report_origin(
                self,
                trigger.origin,
                f"{qualified(table.name)} has no column {column}, which {trigger.name} watches",
                "Name a column that the table has.",
            )


_SYSTEM = {"tableoid", "ctid", "xmin", "xmax", "cmin", "cmax"}


def _asks_for_table(step: Step) -> bool:
    """Say whether what is done, or the SQL that is computed, depends on the table."""
    if step.kind not in {"IF", "CASE", "EXECUTE", "WHILE"} and step.text != "EXECUTE":
        return False
    text = " ".join(expression.text for expression in step.expressions)
    return bool(re.search(r"\bTG_(?:TABLE_NAME|RELNAME|RELID|ARGV)\b", text, re.IGNORECASE))
