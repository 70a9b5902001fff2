"""Maintenance: everything that has to happen regularly, step by step.

    maintain(target, months_ahead=3) -> Report
    due(target, older_than) -> DueList
    schedule(target, "17 3 * * *") -> bool

Every step is a transaction of its own, and can be repeated at any time, by several at once.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypeVar

from dsvault.db import connect
from dsvault.dberrors import QueryError
from dsvault.errors import DsvaultError
from dsvault.ops.acting import ask_as
from dsvault.ops.audit.archive import ARCHIVED, DROPPED, archive_months, past_months
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from dsvault.db import Session
    from dsvault.ops.audit.archive import Request
    from dsvault.ops.audit.month import Month
    from dsvault.target import Target

T = TypeVar("T")

_APPLICATION = "dsvault maintain"
_OPERATOR = "dsvault_operator"


class MaintenanceError(DsvaultError):
    """A step of maintenance failed; the steps before it are done."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a step did: to all, or to one tenant; amount is how many things it changed."""

    task: str
    tenant: str | None
    amount: int


@dataclass(frozen=True, slots=True)
class Report:
    """What maintenance did, in order."""

    target: str
    tasks: Sequence[Task]

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {"target": self.target, "tasks": [asdict(task) for task in self.tasks]}


@dataclass(frozen=True, slots=True)
class Due:
    """A version that retention is due for; blocked_by None: nothing keeps it from being done."""

    tenant: str
    dataset: str
    version: int
    action: str
    due_at: datetime
    blocked_by: str | None


@dataclass(frozen=True, slots=True)
class DueList:
    """What retention would do, and which past months the audit trail has."""

    target: str
    due: Sequence[Due]
    months: Sequence[Month]

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object; times are ISO 8601."""
        rows = [{**asdict(item), "due_at": item.due_at.isoformat()} for item in self.due]
        months = [
            {
                **asdict(month),
                "from_time": month.from_time.isoformat(),
                "to_time": month.to_time.isoformat(),
            }
            for month in self.months
        ]
        return {"target": self.target, "due": rows, "audit_months": months}


@dataclass(frozen=True, slots=True)
class _Amount:
    amount: int


@dataclass(frozen=True, slots=True)
class _There:
    is_there: bool


@dataclass(frozen=True, slots=True)
class _Tenant:
    id: str
    slug: str


def maintain(
    target: Target, *, months_ahead: int, batch_rows: int, archive: Request | None = None
) -> Report:
    """Do everything that is due, and report it; archive months of the trail only if asked to.

    :raises MaintenanceError: a step failed; those before it are done.
    :raises dsvault.ops.acting.CannotActError: the login may not act as an operator.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    with connect(target, application_name=_APPLICATION) as session:
        try:
            tasks = list(_tasks(session, months_ahead, batch_rows))
        except QueryError as error:
            said = error.error
            raise MaintenanceError(said.message, detail=said.detail, hint=said.hint) from None
    if archive is not None:
        months = archive_months(target, archive).outcomes
        done = sum(month.state in {ARCHIVED, DROPPED} for month in months)
        tasks.append(Task("archive", None, done))
    return Report(target.display, tasks)


def due(target: Target, older_than: int) -> DueList:
    """Return what retention would do to every tenant and to the trail; change nothing.

    :raises dsvault.ops.acting.CannotActError: the login may not act as an operator.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    with connect(target, application_name=_APPLICATION) as session:
        months = past_months(session, older_than)
        return DueList(target.display, _as_operator(session, Due, "due"), months)


def schedule(target: Target, times: str, *, is_plain: bool = True) -> bool:
    """Let pg_cron call dsvault.maintain() at times; return False where it is not installed.

    :raises MaintenanceError: pg_cron refuses the schedule, or the login may not use it, or it is
        not plain: what options ask for is no part of what pg_cron calls.
    :raises dsvault.dberrors.ConnectError: the server cannot be reached.
    """
    with connect(target, application_name=_APPLICATION) as session:
        [found] = session.fetch(_There, load("maintain/has_cron"))
        if not found.is_there:
            return False
        if not is_plain:
            raise MaintenanceError(
                "pg_cron calls dsvault.maintain() without options",
                hint="Leave the other options out, or let cron call dsvault maintain with them.",
            )
        try:
            session.fetch(_Amount, load("maintain/schedule"), times)
        except QueryError as error:
            said = error.error
            raise MaintenanceError(
                "pg_cron does not take the schedule", detail=said.message, hint=said.hint
            ) from None
    return True


def _tasks(session: Session, months_ahead: int, batch_rows: int) -> Iterator[Task]:
    yield Task("partitions", None, _step(session, "partitions", months_ahead))
    yield Task("seals", None, _step(session, "seal"))
    for tenant in _as_operator(session, _Tenant, "tenants"):
        yield Task("expiry", tenant.slug, _step(session, "expire", tenant.id))
        yield Task("usage", tenant.slug, _step(session, "recount", tenant.id))
        amount = 0
        while done := _step(session, "retention", tenant.id, batch_rows):
            amount += done
        yield Task("retention", tenant.slug, amount)


def _step(session: Session, name: str, *parameters: object) -> int:
    [answer] = _as_operator(session, _Amount, name, *parameters)
    return answer.amount


def _as_operator(session: Session, row: type[T], name: str, *parameters: object) -> list[T]:
    return ask_as(session, _OPERATOR, row, load(f"maintain/{name}"), *parameters)
