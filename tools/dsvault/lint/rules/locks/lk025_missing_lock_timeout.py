from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.locks import strong_locks
from dsvault.lint.rule import Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


_ONLY_CATALOG = {
    "AT_EnableRowSecurity",
    "AT_DisableRowSecurity",
    "AT_ForceRowSecurity",
    "AT_NoForceRowSecurity",
    "AT_ChangeOwner",
    "AT_ReplicaIdentity",
}


class MissingLockTimeout(Rule):
    """A transaction locks a table that is in use, without lock_timeout.

    Why: behind one long query the statement waits, and every later query waits behind it.
    When not: the table is made by the same script; statements outside of a transaction, in a
    script that sets no lock_timeout at all.
    Instead: SET LOCAL lock_timeout = '2s' before it, and try again if it fails.
    """

    code = "LK025"
    classes = ("missing-lock-timeout",)
    severity = Severity.WARNING
    on = ("AlterTableStmt", "RenameStmt", "DropStmt", "TruncateStmt")
    setup = "CREATE TABLE orders (id int PRIMARY KEY);\n"
    bad = "BEGIN;\nALTER TABLE orders ADD COLUMN note text;\nCOMMIT;\n"
    good = (
        "BEGIN;\nSET LOCAL lock_timeout = '2s';\n"
        "ALTER TABLE orders ADD COLUMN note text;\nCOMMIT;\n"
    )

    def statement(self, scope: Scope) -> None:
        """Report the first such lock of a transaction."""
        transaction = scope.transaction
        is_asked = transaction.is_block or scope.transactions.is_lost
        if transaction.has_lock_timeout or not is_asked or transaction.locked:
            return
        is_alter = scope.kind == "AlterTableStmt"
        if is_alter and {c.get("subtype") for c in scope.commands()} <= _ONLY_CATALOG:
            return
        locked = strong_locks(scope.catalog, scope.kind, scope.node)
        names = [name for name in locked if scope.existing(name)]
        if names:
            scope.report(
                self,
                f"waits for ACCESS EXCLUSIVE on {qualified(names[0])} however long it takes",
                "SET LOCAL lock_timeout = '2s' at the beginning of the transaction.",
            )
