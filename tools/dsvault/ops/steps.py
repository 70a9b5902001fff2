"""The statements that a change's script, its verification and its registry rows become.

Pure. A batch of steps goes to the server at once; each step knows where it comes from, so that an
error has a place. Between scripts the session is made as new: what a script set, opened or made for
its session must reach neither the next script nor the rows that record it.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from dsvault.db import Query
from dsvault.sqlscript.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.sqlscript import Script, Statement


class Phase(Enum):
    """Whose work a step is."""

    OURS = "the runner's own"
    SCRIPT = "the script's"
    VERIFY = "the verify script's"
    RECORD = "the registry's"
    COMMIT = "the end of the transaction"


class Step(NamedTuple):
    """One statement for the server, and the statement of a script that it is, if it is one."""

    query: Query
    phase: Phase = Phase.OURS
    script: Script | None = None
    statement: Statement | None = None


# DISCARD ALL would do it all at once, but not in a transaction; and it lets go of advisory locks.
CLEAN = tuple(
    Step(Query(text))
    for text in (
        "RESET SESSION AUTHORIZATION",  # and the role with it
        "RESET ALL",
        "CLOSE ALL",
        "UNLISTEN *",
        "DEALLOCATE ALL",
        "DISCARD SEQUENCES",
        "DISCARD TEMP",
    )
)
# What a transaction or savepoint that is rolled back leaves for the session; all else goes with it.
_FORGET = tuple(Step(Query(text)) for text in ("DEALLOCATE ALL", "DISCARD SEQUENCES"))
BEGIN = Step(Query("BEGIN"))
ROLLBACK = Step(Query("ROLLBACK"))
COMMIT = Step(Query("COMMIT"), Phase.COMMIT)
# Around one change of a dry run.
KEEP_CHANGE = Step(Query("SAVEPOINT dsvault_change"))
UNDO_CHANGE = Step(Query("ROLLBACK TO SAVEPOINT dsvault_change"))
_SAVEPOINT = Step(Query("SAVEPOINT dsvault_verify"))
_UNDO = Step(Query("ROLLBACK TO SAVEPOINT dsvault_verify"))
# What COMMIT would find is found here, where more changes follow in the same transaction.
CHECK_CONSTRAINTS = (
    Step(Query("SAVEPOINT dsvault_commit")),
    Step(Query("SET CONSTRAINTS ALL IMMEDIATE"), Phase.COMMIT),
    Step(Query("ROLLBACK TO SAVEPOINT dsvault_commit")),
)


def settings(lock_timeout_ms: int, *, local: bool = True) -> list[Step]:
    """Return what holds for a deploy or revert script until it sets something else.

    Without row_security = off a backfill by the owner of a table with forced row security touches
    nothing, silently.
    """
    scope = "LOCAL" if local else "SESSION"
    return [
        Step(Query(f"SET {scope} row_security = off")),
        Step(Query(f"SET {scope} lock_timeout = {lock_timeout_ms:d}")),
    ]


def of_script(script: Script, statements: Sequence[Statement], phase: Phase) -> list[Step]:
    """Return the steps of a script's statements."""
    return [Step(_query(item), phase, script, item) for item in statements]


def by_client(script: Script, phase: Phase) -> Step:
    """Return the step of a script that psql must run."""
    return of_script(script, script.statements, phase)[0]


def _query(statement: Statement) -> Query:
    if statement.kind in (Kind.ECHO, Kind.WARN):
        return Query("")  # the server answers nothing to it; its turn is what matters
    return Query(statement.text, data=statement.data)


def folded(script: Script) -> list[Step]:
    """Return a deploy or revert script as part of a transaction that is open, and clean up."""
    return [*of_script(script, script.folded(), Phase.SCRIPT), *CLEAN]


def verification(script: Script) -> list[Step]:
    """Return a verify script as part of a transaction that is open; nothing of it stays."""
    read_only = [Step(Query("SET TRANSACTION READ ONLY"))] if script.is_read_only else []
    body = of_script(script, script.folded(undone=True), Phase.VERIFY)
    return [_SAVEPOINT, *read_only, *body, _UNDO, *_FORGET]


def verification_alone(script: Script) -> list[Step]:
    """Return a verify script in a transaction of its own; nothing of it stays."""
    body = of_script(script, script.folded(undone=True), Phase.VERIFY)
    return [Step(Query(script.begin)), *body, *_FORGET, ROLLBACK]


def can_flow(steps: Sequence[Step]) -> bool:
    """Say whether steps can be sent before those ahead of them are answered."""
    return all(step.query.data is None for step in steps)
