from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class RuleOnTable(Rule):
    """CREATE RULE.

    Why: a rule rewrites statements before policies and triggers see them, runs expressions several
    times, and is not asked by COPY.
    When not: never on a table.
    Instead: a trigger; on a view an INSTEAD OF trigger.
    """

    code = "DS030"
    classes = ("rule-on-table",)
    severity = Severity.WARNING
    on = ("RuleStmt",)
    setup = "CREATE TABLE notes (id bigint PRIMARY KEY);\n"
    bad = "CREATE RULE notes_stay AS ON DELETE TO notes DO INSTEAD NOTHING;\n"
    good = (
        "CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql AS $$\n"
        "BEGIN\n    RAISE EXCEPTION 'notes stay';\nEND;\n$$;\n"
        "CREATE TRIGGER notes_stay BEFORE DELETE ON notes FOR EACH ROW EXECUTE FUNCTION stay();\n"
    )
    claim = Claim(shows="SELECT bool_or(rulename = 'notes_stay') FROM pg_rules")

    def statement(self, scope: Scope) -> None:
        """Report the rule."""
        scope.report(
            self,
            f"rewrites statements on {qualified(scope.relation())}",
            "Write a trigger.",
        )
