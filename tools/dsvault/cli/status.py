"""`dsvault status`: what is deployed, and what is not yet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from dsvault.cli.options import Request, runner_command
from dsvault.cli.render import undeployed
from dsvault.dates import format_date, validate_date_format
from dsvault.errors import DsvaultError
from dsvault.model import Moment
from dsvault.ops.events import Warned
from dsvault.ops.fate import REPAIR
from dsvault.ops.status import StatusResult, status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dsvault.model import DeployedChange, DeployedTag


class NothingDeployedError(DsvaultError):
    """No changes deployed"""

    exit_code = 1

    def __init__(self, result: StatusResult) -> None:
        self.result = result
        super().__init__()


class UnplannedError(DsvaultError):
    """The last deployed change is not in the plan."""

    def __init__(self, result: StatusResult, plan_file: object) -> None:
        self.result = result
        super().__init__(
            f"Cannot find this change in {plan_file}",
            hint="Make sure you are connected to the proper database for this project.",
        )


@click.command()
@click.option("--show-changes/--no-show-changes", default=None, help="List what is deployed.")
@click.option("--show-tags/--no-show-tags", default=None, help="List the tags of what is deployed.")
@click.option(
    "--date-format", "--date", help="raw, iso, rfc, full, long, medium, short, strftime:…, cldr:…"
)
@click.option("--project", "project_name", help="Another project than the plan's.")
@runner_command
def command(
    request: Request,
    show_changes: bool | None,
    show_tags: bool | None,
    date_format: str | None,
    project_name: str | None,
) -> StatusResult:
    """Show what is deployed and what is pending.

    Exits 1 if nothing is deployed, 2 if what is deployed is not in the plan, else 0.
    """
    config = request.config
    dates = date_format or config.get("status.date_format") or "iso"
    validate_date_format(dates)
    project = request.project() if request.layout.plan_file.exists() else None
    print_lines = partial(request.reporter.print, is_answer=True)
    print_lines([f"# On database {request.target.display}"])
    result = status(request.target, project, project_name)
    for story in result.unfinished:
        request.reporter(Warned(f"{story}. {REPAIR}"))
    if result.current is None:
        raise NothingDeployedError(result)
    print_lines(state_lines(result.current, dates))
    if config.get_bool("status.show_changes") if show_changes is None else show_changes:
        print_lines(
            _list("Change", [change.name for change in result.changes], result.changes, dates)
        )
    if config.get_bool("status.show_tags") if show_tags is None else show_tags:
        print_lines(_list("Tag", [tag.name for tag in result.tags], result.tags, dates))
    print_lines(["# "])
    if result.has_plan and result.undeployed is None:
        raise UnplannedError(result, request.layout.plan_file)
    print_lines(pending_lines(result))
    return result


def state_lines(current: DeployedChange, dates: str) -> Iterator[str]:
    """Yield what is known of the change that was deployed last, as Sqitch writes it."""
    yield f"# Project:  {current.project}"
    yield f"# Change:   {current.id}"
    yield f"# Name:     {current.name}"
    if current.tags:
        yield f"# {'Tag: ' if len(current.tags) == 1 else 'Tags:'}     {', '.join(current.tags)}"
    yield f"# Deployed: {format_date(Moment(current.committed_at), dates)}"
    yield f"# By:       {current.committer_name} <{current.committer_email}>"


def _list(
    what: str, names: Sequence[str], items: Sequence[DeployedChange | DeployedTag], dates: str
) -> Iterator[str]:
    """Yield a list of changes or tags, the last one first."""
    yield "# "
    if not items:
        yield f"# {what}s: None."
        return
    yield f"# {what}:" if len(items) == 1 else f"# {what}s:"
    width = max(map(len, names))
    for item in reversed(items):
        when = format_date(Moment(item.committed_at), dates)
        who = f"{item.committer_name} <{item.committer_email}>"
        yield f"#   {item.name:<{width}} - {when} - {who}"


def pending_lines(result: StatusResult) -> list[str]:
    """Return what is still to be deployed, as Sqitch writes it."""
    if result.undeployed is None:
        return [f'Status unknown. Use --plan-file to assess "{result.project}" status']
    if not result.undeployed:
        return ["Nothing to deploy (up-to-date)"]
    return undeployed(result.undeployed)
