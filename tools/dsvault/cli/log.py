"""`dsvault log`: the history of a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dsvault.cli.options import Request, history_command
from dsvault.cli.render import COLOURS, has_colour
from dsvault.dates import validate_date_format
from dsvault.errors import DsvaultError
from dsvault.formats import Formatter, Item
from dsvault.model import EventFilter, LoggedEvent, Moment
from dsvault.ops.log import LogResult, log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsvault.config import Config

FORMATS: Mapping[str, str] = {
    "raw": (
        "%{:event}C%e %H%{reset}C%T\nname      %n\nproject   %o\n%{requires}a%{conflicts}a"
        "planner   %{name}p <%{email}p>\nplanned   %{date:raw}p\n"
        "committer %{name}c <%{email}c>\ncommitted %{date:raw}c\n\n%{    }B\n"
    ),
    "full": (
        "%{:event}C%L %h%{reset}C%T\n%{name}_ %n\n%{project}_ %o\n%R%X%{planner}_ %p\n"
        "%{planned}_ %{date}p\n%{committer}_ %c\n%{committed}_ %{date}c\n\n%{    }B\n"
    ),
    "long": (
        "%{:event}C%L %h%{reset}C%T\n%{name}_ %n\n%{project}_ %o\n%{planner}_ %p\n"
        "%{committer}_ %c\n\n%{    }B\n"
    ),
    "medium": (
        "%{:event}C%L %h%{reset}C\n%{name}_ %n\n%{committer}_ %c\n%{date}_ %{date}c\n\n%{    }B\n"
    ),
    "short": "%{:event}C%L %h%{reset}C\n%{name}_ %n\n%{committer}_ %c\n\n%{    }s\n",
    "oneline": "%{:event}C%h %l%{reset}C %o:%n %s",
}


@click.command()
@click.option(
    "--event",
    "kinds",
    multiple=True,
    type=click.Choice(["deploy", "revert", "fail"], case_sensitive=False),
    help="Show events of this kind; may be repeated.",
)
@click.option("--change-pattern", "--change", help="Show changes whose name has this pattern.")
@click.option("--project-pattern", "--project", help="Show projects whose name has this pattern.")
@click.option("--committer-pattern", "--committer", help="Show committers with this pattern.")
@click.option("-n", "--max-count", type=click.IntRange(0), help="Show at most so many events.")
@click.option("--skip", type=click.IntRange(0), default=0, help="Leave out so many events first.")
@click.option("--reverse/--no-reverse", help="Show the first event first.")
@click.option("-f", "--format", "format_name", metavar="NAME|format:TEXT", help="Default: medium.")
@click.option("--oneline", is_flag=True, help="Short for --format oneline --abbrev 6.")
@click.option("--abbrev", type=click.IntRange(0, 40), help="Show so many digits of each ID.")
@click.option(
    "--date-format", "--date", help="raw, iso, rfc, full, long, medium, short, strftime:…, cldr:…"
)
@click.option("--headers/--no-headers", default=True, help="Name the database first.")
@click.option("--color", type=click.Choice(COLOURS), help="Default: auto.")
@click.option("--no-color", is_flag=True, help="Short for --color never.")
@history_command
def command(request: Request, **options: Any) -> LogResult:  # noqa: ANN401 - one for each above
    """Show what was deployed, reverted and failed, and by whom.

    Patterns are regular expressions of PostgreSQL. Exits 1 if nothing was ever logged.
    """
    formatter, template = _formatter(request.config, options)
    wanted = EventFilter(
        kinds=[kind.lower() for kind in options["kinds"]],
        change=options["change_pattern"],
        project=options["project_pattern"],
        committer=options["committer_pattern"],
        max_count=options["max_count"] or None,
        skip=options["skip"],
        oldest_first=options["reverse"],
    )
    result = log(request.target, wanted)
    if options["headers"]:
        request.reporter.print([f"On database {result.target}"], is_answer=True)
    for event in result.events:
        text = formatter.format(template, _item(event))
        request.reporter.print([text], is_safe=True, is_answer=True)
    return result


def _formatter(config: Config, options: Mapping[str, Any]) -> tuple[Formatter, str]:
    """Return how to show events, from options, then [log] of the configuration, then defaults."""
    oneline = "oneline" if options["oneline"] else None
    name = options["format_name"] or oneline or config.get("log.format") or "medium"
    template = name.removeprefix("format:") if name.startswith("format:") else FORMATS.get(name)
    if template is None:
        raise DsvaultError(
            f'Unknown log format "{name}"', hint=f"Use {', '.join(FORMATS)} or format:TEXT."
        )
    dates = options["date_format"] or config.get("log.date_format") or "iso"
    validate_date_format(dates)
    colour = "never" if options["no_color"] else options["color"] or config.get("log.color")
    if colour not in {None, *COLOURS}:
        raise DsvaultError(f'Unknown log.color "{colour}"', hint="Write always, never or auto.")
    abbrev = options["abbrev"]
    if abbrev is None:
        abbrev = 6 if options["oneline"] else 0
    use_colour = colour == "always" or (colour != "never" and has_colour())
    return Formatter(date_format=dates, abbrev=abbrev, use_colour=use_colour), template


def _item(event: LoggedEvent) -> Item:
    return Item(
        event=event.event,
        project=event.project,
        change_id=event.change_id,
        change=event.change,
        note=event.note,
        tags=event.tags,
        requires=event.requires,
        conflicts=event.conflicts,
        planned_at=Moment(event.planned_at),
        planner_name=event.planner_name,
        planner_email=event.planner_email,
        committed_at=Moment(event.committed_at),
        committer_name=event.committer_name,
        committer_email=event.committer_email,
    )
