from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.statements import Statement

_BEGINS = {"TRANS_STMT_BEGIN", "TRANS_STMT_START"}


class SeveralTransactions(Rule):
    """A script of several transactions.

    Why: if a later one fails, the earlier ones stay: the change is neither there nor not there, and
    it can neither be deployed again nor reverted.
    When not: each of them may be run again, or nothing else is possible, as with batches.
    Instead: a change for each of them.
    """

    code = "RN011"
    severity = Severity.INFO
    bad = (
        "BEGIN;\nCREATE TABLE a (id int PRIMARY KEY);\nCOMMIT;\n"
        "BEGIN;\nCREATE TABLE b (id int PRIMARY KEY);\nCOMMIT;\n"
    )
    good = (
        "BEGIN;\nCREATE TABLE a (id int PRIMARY KEY);\n"
        "CREATE TABLE b (id int PRIMARY KEY);\nCOMMIT;\n"
    )
    claim = Claim(
        shows="SELECT count(DISTINCT xmin::text) > 1 FROM pg_class WHERE relname IN ('a', 'b')",
        in_transaction=False,
    )

    def script(self, scope: Scope) -> None:
        """Report the second BEGIN."""
        begins = [item for item in scope.statements if _begins(item)]
        if len(begins) > 1:
            message = f"the second of {len(begins)} transactions: if it fails, the first stays"
            scope.report(self, message, "Make it a change of its own.", at=begins[1].start)


def _begins(statement: Statement) -> bool:
    return statement.kind == "TransactionStmt" and statement.node.get("kind") in _BEGINS
