from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.locks import strong_locks
from dsvault.lint.rule import Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class SeveralLocks(Rule):
    """A transaction locks a second table that is in use.

    Why: nobody reads or writes the first one while it waits for the second; and whoever takes the
    two the other way round makes a deadlock, of which one side fails.
    When not: the application takes them in the same order, and lock_timeout is short.
    Instead: a change for each table.
    """

    code = "LK047"
    severity = Severity.INFO
    on = (
        "AlterTableStmt", "RenameStmt", "DropStmt", "TruncateStmt", "CreatePolicyStmt",
        "AlterPolicyStmt", "LockStmt",
    )  # fmt: skip
    setup = "CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY);\n"
    bad = (
        "BEGIN;\nSET LOCAL lock_timeout = '2s';\nALTER TABLE a ADD COLUMN note text;\n"
        "ALTER TABLE b ADD COLUMN note text;\nCOMMIT;\n"
    )
    good = (
        "BEGIN;\nSET LOCAL lock_timeout = '2s';\nALTER TABLE a ADD COLUMN note text;\n"
        "ALTER TABLE a ADD COLUMN more text;\nCOMMIT;\n"
    )

    def statement(self, scope: Scope) -> None:
        """Report the lock of the second table."""
        if not scope.in_block or scope.is_computed or len(scope.transaction.locked) != 1:
            return
        held = next(iter(scope.transaction.locked))
        for name in strong_locks(scope.catalog, scope.kind, scope.node):
            if name != held and scope.existing(name):
                scope.report(
                    self,
                    f"locks {qualified(name)} while it holds {qualified(held)}",
                    "Lock one table in a transaction.",
                )
                return
