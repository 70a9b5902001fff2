"""Which statements share a transaction, and what it has done so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dsvault.lint.tree import boolean, calls_in, literal, number

if TYPE_CHECKING:
    from dsvault.lint.statements import Statement
    from dsvault.lint.tree import Name, Node

_OPENING = {"TRANS_STMT_BEGIN", "TRANS_STMT_START"}
_CLOSING = {
    "TRANS_STMT_COMMIT",
    "TRANS_STMT_ROLLBACK",
    "TRANS_STMT_PREPARE",
}


@dataclass(slots=True)
class Transaction:
    """One transaction. `is_block` is false for a statement that commits by itself."""

    number: int
    is_block: bool
    start: int = 0
    has_lock_timeout: bool = False
    locked: dict[Name, int] = field(default_factory=dict)  # existing tables, ACCESS EXCLUSIVE
    writes: dict[Name, int] = field(default_factory=dict)


class Transactions:
    """Follows BEGIN and COMMIT through a script."""

    def __init__(self, first: int, *, whole_script: bool) -> None:
        self._number = first
        self._whole = whole_script
        self._session_timeout = False
        self.is_lost = False
        self.open: Statement | None = None
        self.current = self._next(0, is_block=whole_script)

    @property
    def last_number(self) -> int:
        """The highest number given so far."""
        return self._number

    def _next(self, start: int, *, is_block: bool) -> Transaction:
        self._number += 1
        return Transaction(self._number, is_block, start, has_lock_timeout=self._session_timeout)

    def before(self, statement: Statement) -> None:
        """Take note of a statement that is about to run."""
        if statement.kind == "TransactionStmt" and statement.node.get("kind") in _OPENING:
            if self.open is None and not self._whole:
                self.current = self._next(statement.start, is_block=True)
        elif self.open is None and not self._whole:
            self.current = self._next(statement.start, is_block=False)
        if statement.kind == "VariableSetStmt":
            self._setting(statement.node)
        elif statement.kind == "SelectStmt" and "lock_timeout" in str(statement.node):
            self.current.has_lock_timeout = True
            self._session_timeout |= any(
                name == "set_config" and boolean(call.get("args", [None])[-1]) is False
                for name, call in calls_in(statement.node)
            )

    def after(self, statement: Statement) -> None:
        """Take note that a statement has run."""
        if statement.kind != "TransactionStmt":
            return
        kind = statement.node.get("kind")
        if kind in _OPENING and self.open is None:
            self.open = statement
        elif kind in _CLOSING:
            # What follows is as strong, and SET LOCAL is over.
            self.is_lost |= self.current.has_lock_timeout and not self._session_timeout
            is_chained = bool(statement.node.get("chain"))
            self.open = statement if is_chained else None
            self.current = self._next(statement.end, is_block=self._whole or is_chained)

    def _setting(self, node: Node) -> None:
        is_all = node.get("kind") == "VAR_RESET_ALL"
        if node.get("name") != "lock_timeout" and not is_all:
            return
        value = (node.get("args") or [None])[0]
        is_off = number(value) == 0 or literal(value) in {"0", "0s", "0ms"}
        if is_off or boolean(value) is False or node.get("kind") != "VAR_SET_VALUE":
            self.current.has_lock_timeout = False
            self._session_timeout &= bool(node.get("is_local"))
            return
        if node.get("is_local") and not self.current.is_block:
            self.is_lost = True  # SET LOCAL ends with its own statement
            return
        self.current.has_lock_timeout = True
        if not node.get("is_local"):
            self._session_timeout = True
