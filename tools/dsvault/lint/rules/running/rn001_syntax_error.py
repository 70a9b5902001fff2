from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class DoesNotParse(Rule):
    """A statement does not parse.

    Why: nothing of the script runs; without a transaction, all that stands before it did.
    When not: commands of psql are cut out before; `target-version` decides nothing here.
    Instead: correct it at the caret. The rest of the file is still read, statement by statement.
    """

    code = "RN001"
    classes = ("syntax-error",)
    tasks = frozenset({"deploy", "revert", "verify", "plain"})
    bad = "CREATE TABLE notes (id int PRIMARY KEY,);\n"
    good = "CREATE TABLE notes (id int PRIMARY KEY);\n"
    claim = Claim(fails="42601")

    def script(self, scope: Scope) -> None:
        """Report what could not be parsed."""
        parsed = scope.world.parsed[scope.script]
        for piece in parsed.unreadable:
            scope.report(self, piece.message, at=piece.offset)
