from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class UncommittedTransaction(Rule):
    """BEGIN without COMMIT.

    Why: the session ends, and with it everything that the script did is undone, without an error.
    Instead: COMMIT at the end; ROLLBACK in a verify script.
    """

    code = "LK042"
    classes = ("uncommitted-transaction",)
    tasks = frozenset({"deploy", "revert", "verify", "plain"})
    bad = "BEGIN;\nCREATE TABLE notes (id int PRIMARY KEY);\n"
    good = "BEGIN;\nCREATE TABLE notes (id int PRIMARY KEY);\nCOMMIT;\n"

    def script(self, scope: Scope) -> None:
        """Report the BEGIN that nothing ends."""
        opened = scope.transactions.open
        if opened is not None:
            scope.report(
                self,
                "nothing ends this transaction: all of it is undone",
                "COMMIT.",
                at=opened.start,
            )
