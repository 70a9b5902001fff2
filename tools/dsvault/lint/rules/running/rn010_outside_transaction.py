from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node

_WITH_HOLD = 0x20
_SAVEPOINTS = {"TRANS_STMT_SAVEPOINT", "TRANS_STMT_RELEASE", "TRANS_STMT_ROLLBACK_TO"}


class OutsideTransaction(Rule):
    """A statement that only means something inside of a transaction stands outside of one.

    Why: LOCK TABLE, SAVEPOINT and a cursor without WITH HOLD fail there; SET LOCAL, SET
    TRANSACTION and SET CONSTRAINTS end with their own statement and change nothing.
    When not: what runs the script opens the transaction. So only scripts that begin transactions
    of their own, and migrations that are marked as run without one, are looked at.
    Instead: put it behind BEGIN.
    """

    code = "RN010"
    severity = Severity.WARNING
    on = (
        "VariableSetStmt",
        "LockStmt",
        "TransactionStmt",
        "ConstraintsSetStmt",
        "DeclareCursorStmt",
    )
    tasks = frozenset({"deploy", "revert", "verify", "plain"})
    setup = "CREATE TABLE t (id int PRIMARY KEY);\n"
    bad = "LOCK TABLE t IN SHARE MODE;\nBEGIN;\nSELECT count(*) FROM t;\nCOMMIT;\n"
    good = "BEGIN;\nLOCK TABLE t IN SHARE MODE;\nSELECT count(*) FROM t;\nCOMMIT;\n"
    claim = Claim(fails="25P01", in_transaction=False)

    def statement(self, scope: Scope) -> None:
        """Report the statement."""
        if scope.where != "script" or scope.transaction.is_block or not _is_alone(scope):
            return
        what = _what(scope.kind, scope.node)
        if what:
            scope.report(self, f"{what} outside of a transaction", "Put it behind BEGIN.")


def _is_alone(scope: Scope) -> bool:
    """Say whether it is certain that nobody else opens a transaction for the script."""
    if scope.script.in_transaction:  # and yet there is none: it is marked as run without
        return True
    begins = {"TRANS_STMT_BEGIN", "TRANS_STMT_START"}
    return any(
        item.kind == "TransactionStmt" and item.node.get("kind") in begins
        for item in scope.statements
    )


def _what(kind: str, node: Node) -> str:
    match kind:
        case "VariableSetStmt":
            is_multiple = node.get("kind") == "VAR_SET_MULTI"
            is_transaction = is_multiple and node.get("name") == "TRANSACTION"
            return "SET LOCAL" if node.get("is_local") else "SET TRANSACTION" * is_transaction
        case "LockStmt":
            return "LOCK TABLE"
        case "ConstraintsSetStmt":
            return "SET CONSTRAINTS"
        case "DeclareCursorStmt":
            return "" if node.get("options", 0) & _WITH_HOLD else "DECLARE CURSOR without WITH HOLD"
        case _:
            return "SAVEPOINT" if node.get("kind") in _SAVEPOINTS else ""
