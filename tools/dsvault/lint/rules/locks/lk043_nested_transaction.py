from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class NestedTransaction(Rule):
    """BEGIN inside of a transaction, or COMMIT outside of one.

    Why: PostgreSQL warns and goes on; the first COMMIT ends everything, and what follows runs on
    its own.
    Instead: one BEGIN and one COMMIT; savepoints for parts.
    """

    code = "LK043"
    classes = ("nested-transaction",)
    severity = Severity.WARNING
    on = ("TransactionStmt",)
    tasks = frozenset({"deploy", "revert", "verify", "plain"})
    bad = "BEGIN;\nBEGIN;\nCREATE TABLE notes (id int PRIMARY KEY);\nCOMMIT;\n"
    good = "BEGIN;\nSAVEPOINT s;\nCREATE TABLE notes (id int PRIMARY KEY);\nCOMMIT;\n"

    def statement(self, scope: Scope) -> None:
        """Report BEGIN or COMMIT where it does nothing of what it says."""
        kind = scope.node.get("kind")
        is_open = scope.transactions.open is not None
        if kind in {"TRANS_STMT_BEGIN", "TRANS_STMT_START"}:
            if is_open:
                scope.report(self, "a transaction is already open", "Use a savepoint.")
            elif scope.script.in_transaction and scope.transaction.is_block:
                scope.report(
                    self,
                    "what runs this migration has opened a transaction already",
                    "Leave BEGIN and COMMIT out, or begin with `-- no-transaction`.",
                )
        elif kind == "TRANS_STMT_COMMIT" and not is_open and not scope.script.in_transaction:
            scope.report(self, "no transaction is open here", "Leave it out, or BEGIN first.")
