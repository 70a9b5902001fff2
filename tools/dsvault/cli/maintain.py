"""`dsvault maintain`: everything that has to happen regularly."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from dsvault.cli.database import Answer, database_command
from dsvault.cli.scheduling import schedule_lines
from dsvault.cli.tables import aligned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.ops.maintain import DueList, Report
    from dsvault.target import Target

_WORDS = {
    "partitions": "audit partitions made",
    "seals": "seals made",
    "expiry": "keys, grants and tokens expired",
    "usage": "sums of use corrected",
    "retention": "versions and records archived or removed",
    "archive": "audit months archived or dropped",
}


@click.command()
@click.option("--months-ahead", type=click.IntRange(0, 120), default=3, show_default=True)
@click.option("--batch-rows", type=click.IntRange(1), default=10_000, show_default=True)
@click.option(
    "--archive-to",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Archive old audit months into files of this folder too, as `audit archive` does.",
)
@click.option(
    "--archive-older-than",
    "older_than",
    type=click.IntRange(1, 1200),
    default=24,
    show_default=True,
    metavar="N",
    help="So many whole audit months before this one stay.",
)
@click.option("--archive-drop", "drop", is_flag=True, help="Drop what is in a file there.")
@click.option("--dry-run", is_flag=True, help="Show what retention is due for; change nothing.")
@click.option("--install-cron", is_flag=True, help="Do it every day from now on; see above.")
@click.option("--times", default="17 3 * * *", show_default=True, help="When, for --install-cron.")
@database_command
def command(  # noqa: PLR0917 - click passes them by name
    target: Target,
    months_ahead: int,
    batch_rows: int,
    folder: Path | None,
    older_than: int,
    drop: bool,
    dry_run: bool,
    install_cron: bool,
    times: str,
) -> Answer:
    """Make audit partitions, seal the trail, expire what has reached its time, apply retention.

    Run it as often as you like, also several at once: it does what is due, each step in a
    transaction of its own. The login must be a member of dsvault_operator, or have deployed the
    vault.

    --install-cron schedules `CALL dsvault.maintain()` with pg_cron where that is installed in the
    database, for the login that it is called with; elsewhere it prints a line for crontab and a
    timer for systemd, with the other options that are given. Passwords are not in it: libpq finds
    them, in ~/.pgpass for instance.
    """
    from dsvault.ops.audit.archive import Request  # noqa: PLC0415 - --help stays quick
    from dsvault.ops.maintain import due, maintain, schedule  # noqa: PLC0415

    if install_cron:
        others = _others()
        is_done = schedule(target, times, is_plain=not others)
        lines = schedule_lines(target, times, others, is_done=is_done)
        return Answer(_Schedule(is_done, times), lines)
    if dry_run:
        found = due(target, older_than)
        return Answer(found, _due_lines(found))
    archive = Request(older_than, folder, drop) if folder else None
    report = maintain(target, months_ahead=months_ahead, batch_rows=batch_rows, archive=archive)
    return Answer(report, _report_lines(report))


@dataclass(frozen=True, slots=True)
class _Schedule:
    is_done: bool
    times: str

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {"scheduled": self.is_done, "times": self.times}


def _report_lines(report: Report) -> Iterator[str]:
    amounts = dict.fromkeys((task.task for task in report.tasks), 0)
    for task in report.tasks:
        amounts[task.task] += task.amount
    yield from aligned(
        ("amount", "what"), [(str(amount), _WORDS[name]) for name, amount in amounts.items()]
    )
    for task in report.tasks:
        if task.tenant is not None and task.amount:
            yield f"{task.tenant}: {task.amount} {_WORDS[task.task]}"


def _due_lines(found: DueList) -> Iterator[str]:
    yield from _retention_lines(found)
    for month in found.months:
        state = f"stays: {month.blocked_by}" if month.blocked_by else "could be archived"
        yield f"{month.partition_name}, {month.entry_count} audit entries: {state}"


def _retention_lines(found: DueList) -> Iterator[str]:
    if not found.due:
        yield "Retention is due for nothing."
        return
    yield from aligned(
        ("tenant", "dataset", "version", "action", "since", "blocked by"),
        [
            (
                item.tenant, item.dataset, str(item.version), item.action,
                item.due_at.date().isoformat(), item.blocked_by or "nothing",
            )
            for item in found.due
        ],
    )  # fmt: skip


def _others() -> list[str]:
    """Return the options beside --install-cron of the command line, which a schedule repeats."""
    context = click.get_current_context()
    others: list[str] = []
    for option in context.command.params:
        name = str(option.name)
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if given and name in {"months_ahead", "batch_rows", "folder", "older_than", "drop"}:
            value = context.params[name]
            others.append(option.opts[0])
            if isinstance(value, Path):
                others.append(str(value.absolute()))
            elif not isinstance(value, bool):
                others.append(str(value))
    return others
