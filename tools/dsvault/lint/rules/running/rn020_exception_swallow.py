from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.flow import raises
from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.plsql import Body
    from dsvault.lint.scope import Scope


class ExceptionSwallow(Rule):
    """WHEN OTHERS that hides the failure.

    Why: what went wrong is lost, and the caller goes on as if it had been done.
    When not: the handler raises again; it names the conditions that it expects.
    Instead: name the condition (WHEN unique_violation), or RAISE at the end of the handler.
    """

    code = "RN020"
    classes = ("exception-swallow",)
    bad = (
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n    PERFORM 1 / 0;\n"
        "EXCEPTION WHEN OTHERS THEN\n    NULL;\nEND;\n$$;\nSELECT f();\n"
    )
    good = (
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n    PERFORM 1 / 0;\n"
        "EXCEPTION WHEN division_by_zero THEN\n    NULL;\nEND;\n$$;\nSELECT f();\n"
    )

    def body(self, scope: Scope, body: Body) -> None:
        """Report handlers of all errors that raise none."""
        for step in body.all_steps():
            for conditions, steps, start in step.handlers:
                is_quiet = not any(raises(inner) for s in steps for inner in s.below())
                if "others" in conditions and is_quiet:
                    scope.report(
                        self,
                        "hides whatever goes wrong",
                        "Name the condition that is expected, or RAISE again.",
                        at=start,
                    )
