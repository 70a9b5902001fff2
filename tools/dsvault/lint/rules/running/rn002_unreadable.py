from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class Unreadable(Rule):
    """A file cannot be read as text.

    Why: NUL characters end the text for PostgreSQL, so that the rest is lost without a word; other
    encodings arrive as other characters.
    Instead: save it as UTF-8 without NUL.
    """

    code = "RN002"
    classes = ("syntax-error",)
    tasks = frozenset({"deploy", "revert", "verify", "plain"})
    bad = "SELECT 1;\0 SELECT 2;\n"
    good = "SELECT 1; SELECT 2;\n"

    def script(self, scope: Scope) -> None:
        """Report why text could not be read."""
        for problem in scope.source.problems:
            scope.report(self, problem.message, problem.fix, at=problem.offset)
