from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.dynamic import Safety
from dsvault.lint.plsql import Expression
from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.plsql import Body, Step
    from dsvault.lint.scope import Scope


_CURSOR = re.compile(r"\bFOR\s+EXECUTE\b", re.IGNORECASE)


class SqlInjection(Rule):
    """Unquoted input in computed SQL.

    Why: what a caller or a row says becomes SQL, run with the rights of the function.
    When not: format() with %I and %L, quote_ident() and quote_literal(), USING; a value that is no
    text, or that was compared with constants before.
    Instead: EXECUTE format('… %I …', name) USING value.
    """

    code = "SE005"
    classes = ("sql-injection",)
    bad = (
        "CREATE FUNCTION count_of(name text) RETURNS void LANGUAGE plpgsql AS $$\n"
        "BEGIN\n    EXECUTE 'CREATE TABLE made AS SELECT 1 AS ' || name;\nEND;\n$$;\n"
        "SELECT count_of('a, 2 AS b');\n"
    )
    good = bad.replace("' || name", "' || quote_ident(name)")
    claim = Claim(
        shows="SELECT count(*) = 2 FROM pg_attribute "
        "WHERE attrelid = 'made'::regclass AND attnum > 0"
    )

    def body(self, scope: Scope, body: Body) -> None:
        """Report EXECUTE of text that holds what it did not quote."""
        safety = Safety(body, scope.function)
        for step in body.all_steps():
            for expression in _executed(step):
                culprit = safety.culprit(expression)
                if culprit is not None:
                    scope.report(
                        self,
                        f"{culprit} goes into the SQL as it is",
                        "Use format() with %I for names, and USING for values.",
                        at=step.start,
                    )


def _executed(step: Step) -> list[Expression]:
    """Return the text that a step runs as SQL, also that of a cursor."""
    if step.kind == "EXECUTE" or step.text == "EXECUTE":
        return step.expressions[:1]
    match = _CURSOR.search(step.text) if step.kind == "OPEN" else None
    if match is None:
        return []
    return [Expression(step.text[match.end() :].split(" USING ")[0], step.start)]
