"""What a step that fails says: which one it was, where it stands, what the server told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.ops.steps import Phase

if TYPE_CHECKING:
    from dsvault.dberrors import ServerMessage
    from dsvault.ops.steps import Step

# "… cannot run inside a transaction block", "invalid transaction termination" of a procedure that
# commits, "unsafe use of new value" of an enum: no transaction of the runner's can hold the script.
_NEEDS_OWN_TRANSACTION = frozenset({"25001", "2D000", "55P04"})


class StepError(DsvaultError):
    """A statement failed. step says which, sqlstate and the message what the server said."""

    def __init__(
        self, message: str, step: Step, server: ServerMessage, detail: list[str], hint: str | None
    ) -> None:
        self.step = step
        self.sqlstate = server.sqlstate
        super().__init__(message, detail="\n".join(detail) or None, hint=hint)

    @property
    def failed_verify(self) -> str | None:
        """The verify script that failed, if it was one."""
        is_in_verify = self.step.phase is Phase.VERIFY
        return self.step.script.name if is_in_verify and self.step.script else None

    @property
    def needs_own_transaction(self) -> bool:
        """Whether the same script could succeed outside of the runner's transaction.

        Not if the statement stands between the script's own BEGIN and COMMIT: then Sqitch would
        fail just the same.
        """
        statement = self.step.statement
        return bool(
            self.sqlstate in _NEEDS_OWN_TRANSACTION
            and statement is not None
            and (self.failed_verify or not statement.in_block)
        )
