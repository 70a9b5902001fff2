"""Let old months of the trail go: into files first, then out of the database.

archive_months(target, Request(older_than=24, folder=…)) -> Report

For each month: write the file and flush it, read it again, and let the database compare its hash
with the rows, all of which must be as they were sealed; then the month leaves the trail. It is
dropped only when that is asked for, and its file is there and unchanged. Whenever that is cut off,
the next run goes on: a file that has its name is whole, and is read again, not written.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, TypeVar

from dsvault.audit.errors import ArchiveError
from dsvault.audit.monthfile import hash_of
from dsvault.db import connect
from dsvault.dberrors import QueryError
from dsvault.ops.acting import ask_as
from dsvault.ops.audit.month import Month, describe, write_month
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from dsvault.db import Session
    from dsvault.target import Target

T = TypeVar("T")

_OPERATOR = "dsvault_operator"
DUE, STAYS, ARCHIVED, WAITS, DROPPED, KEPT = (
    "would be archived", "stays", "archived", "would be dropped", "dropped", "not dropped",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """Which months are to go, to which folder, and whether those that are there are dropped."""

    older_than: int
    folder: Path
    drop: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done with a month, or would be; size in bytes; reason tells why nothing was."""

    partition: str
    state: str
    entries: int
    size: int
    file: str | None = None
    file_hash: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, month by month."""

    target: str
    outcomes: Sequence[Outcome] = field(default_factory=tuple)

    @property
    def is_done(self) -> bool:
        """Whether nothing that was asked for was left."""
        return all(outcome.state != KEPT for outcome in self.outcomes)

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {"target": self.target, "months": [asdict(one) for one in self.outcomes]}


@dataclass(frozen=True, slots=True)
class _Waiting:
    partition_name: str
    size: int
    from_time: datetime
    to_time: datetime
    file_name: str
    file_hash: bytes
    entry_count: int


@dataclass(frozen=True, slots=True)
class _Amount:
    amount: int


@dataclass(frozen=True, slots=True)
class _Name:
    name: str


@dataclass(frozen=True, slots=True)
class _There:
    is_there: bool


def archive_months(target: Target, request: Request) -> Report:
    """Do what a request asks for; with dry_run only tell what that would be.

    :raises ArchiveError: a file cannot be written, or the database refuses to let a month go; what
        was done before stays done.
    :raises dsvault.audit.errors.AuditError: the login may not read the trail.
    :raises dsvault.ops.acting.CannotActError: the login may not act as an operator.
    """
    with connect(target, application_name="dsvault audit archive") as session:
        try:
            _refuse_company(session)
            outcomes = [
                _archive(target, session, month, request)
                for month in past_months(session, request.older_than)
            ]
            if request.drop:
                waiting = _as_operator(session, _Waiting, "waiting")
                outcomes += [_drop(session, month, request) for month in waiting]
        except QueryError as error:
            said = error.error
            raise ArchiveError(
                said.message,
                detail=said.detail,
                hint=said.hint or "What was done before stays done; run it again.",
            ) from None
    return Report(target.display, tuple(outcomes))


def _refuse_company(session: Session) -> None:
    [answer] = session.fetch(_There, load("audit/alone"))
    if not answer.is_there:
        raise ArchiveError(
            "Another session archives the trail of this database", hint="Wait until it is done."
        )


def _archive(target: Target, session: Session, month: Month, request: Request) -> Outcome:
    name = month.partition_name
    if month.blocked_by or request.dry_run:
        state = STAYS if month.blocked_by else DUE
        return Outcome(name, state, month.entry_count, month.size, reason=month.blocked_by)
    path = request.folder / f"{name}.jsonl.gz"
    contents = write_month(target, month, path)
    file_hash = hash_of(path)
    describe(request.folder / f"{name}.json", month, contents, file_hash)
    [answer] = _as_operator(
        session, _Amount, "archive", name, request.older_than, path.name, file_hash,
        contents.digest(),
    )  # fmt: skip
    return Outcome(name, ARCHIVED, answer.amount, month.size, path.name, file_hash.hex())


def _drop(session: Session, month: _Waiting, request: Request) -> Outcome:
    path = request.folder / month.file_name
    found = (month.partition_name, month.entry_count, month.size, month.file_name)
    reason = _unlike(path, month.file_hash)
    state = KEPT if reason else WAITS if request.dry_run else DROPPED
    if state == DROPPED:
        _as_operator(session, _Name, "drop", month.partition_name, month.file_hash)
    name, entries, size, file = found
    return Outcome(name, state, entries, size, file, month.file_hash.hex(), reason)


def _unlike(path: Path, file_hash: bytes) -> str | None:
    if not path.exists():
        return f"its file {path.name} is not in that folder"
    return None if hash_of(path) == file_hash else f"its file {path.name} was changed"


def past_months(session: Session, older_than: int) -> list[Month]:
    """Return the past months of the trail, and what keeps each there."""
    return _as_operator(session, Month, "months", older_than)


def _as_operator(session: Session, row: type[T], name: str, *parameters: object) -> list[T]:
    return ask_as(session, _OPERATOR, row, load(f"audit/{name}"), *parameters)
