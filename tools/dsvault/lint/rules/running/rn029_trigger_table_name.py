from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.plsql import Body
    from dsvault.lint.scope import Scope

_NAME = re.compile(r"\bTG_(?:TABLE_NAME|RELNAME)\b", re.IGNORECASE)


class TriggerTableName(Rule):
    """Trigger function that asks for the name of its table.

    Why: on a partition it is the partition's name, on a distributed table that of a shard; after a
    renaming what was written before no longer fits.
    When not: the trigger fires for each statement on the table itself, and no one partitions it.
    Instead: give the name as an argument of the trigger, and read TG_ARGV[0].
    """

    code = "RN029"
    severity = Severity.INFO
    setup = (
        "CREATE TABLE log (name text);\n"
        "CREATE TABLE notes (id int) PARTITION BY RANGE (id);\n"
        "CREATE TABLE notes_1 PARTITION OF notes DEFAULT;\n"
    )
    bad = (
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
        "    INSERT INTO log VALUES (TG_TABLE_NAME);\n    RETURN NEW;\nEND;\n$$;\n"
        "CREATE TRIGGER note AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION note('notes');\n"
        "INSERT INTO notes VALUES (1);\n"
    )
    good = bad.replace("TG_TABLE_NAME", "TG_ARGV[0]")
    claim = Claim(shows="SELECT name = 'notes_1' FROM log")

    def body(self, scope: Scope, body: Body) -> None:
        """Report the first place that asks."""
        function = scope.function
        if function is None or function.returns != "trigger":
            return
        for step in body.all_steps():
            texts = [step.text, *(expression.text for expression in step.expressions)]
            match = next(filter(None, map(_NAME.search, texts)), None)
            if match is not None and step.kind != "RAISE":  # a message may say where it was
                scope.report(
                    self,
                    f"{match[0]} is the name of the partition or shard",
                    "Give the name as an argument, and read TG_ARGV[0].",
                    at=scope.find_text(match[0], after=step.start),
                )
                return
