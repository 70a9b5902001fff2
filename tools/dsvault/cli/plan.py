"""`dsvault plan`: show a plan's changes, with their IDs, without a database."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dsvault.cli.places import is_planned, target_of, target_section
from dsvault.cli.render import COLOURS, has_colour
from dsvault.config import find_layout
from dsvault.dates import validate_date_format
from dsvault.errors import DsvaultError
from dsvault.formats import Formatter, Item
from dsvault.plan import read_plan
from dsvault.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dsvault.config import Config
    from dsvault.plan import Change, Plan

FORMATS: Mapping[str, str] = {
    "raw": (
        "%{:event}C%e %H%{reset}C%T\nname      %n\nproject   %o\n%{requires}a%{conflicts}a"
        "planner   %{name}p <%{email}p>\nplanned   %{date:raw}p\n\n%{    }B\n"
    ),
    "full": (
        "%{:event}C%L %h%{reset}C%T\n%{name}_ %n\n%{project}_ %o\n%R%X%{planner}_ %p\n"
        "%{planned}_ %{date}p\n\n%{    }B\n"
    ),
    "long": (
        "%{:event}C%L %h%{reset}C%T\n%{name}_ %n\n%{project}_ %o\n%{planner}_ %p\n\n%{    }B\n"
    ),
    "medium": (
        "%{:event}C%L %h%{reset}C\n%{name}_ %n\n%{planner}_ %p\n%{date}_ %{date}p\n\n%{    }B\n"
    ),
    "short": "%{:event}C%L %h%{reset}C\n%{name}_ %n\n%{planner}_ %p\n\n%{    }s\n",
    "oneline": "%{:event}C%h %l%{reset}C %n%{cyan}C%t%{reset}C",
}


@click.command()
@click.argument("arguments", nargs=-1, metavar="[TARGET]")
@click.option(
    "--plan-file", type=click.Path(path_type=Path), help="The plan; default: as Sqitch finds it."
)
@click.option("-f", "short", metavar="FORMAT|FILE", help="Short for --format, or the plan.")
@click.option("-t", "--target", help="Find the plan by the settings of this [target] section.")
@click.option("--ids", is_flag=True, help="Print only each change's ID and name.")
@click.option(
    "--compare",
    is_flag=False,
    flag_value="",
    metavar="[WHAT]",
    help="Say where it parts from a database (URI or name), another plan file or a git revision; "
    "default: the database that other commands work on.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--format", "format_name", metavar="NAME|format:TEXT", help="Default: medium.")
@click.option("--oneline", is_flag=True, help="Short for --format oneline --abbrev 6.")
@click.option("--abbrev", type=click.IntRange(0, 40), help="Show so many digits of each ID.")
@click.option(
    "--date-format", "--date", help="raw, iso, rfc, full, long, medium, short, strftime:…, cldr:…"
)
@click.option("--event", help="Show changes that are planned to deploy, or to revert.")
@click.option("--change-pattern", "--change", help="Show changes whose name has this pattern.")
@click.option("--planner-pattern", "--planner", help="Show changes whose planner has this pattern.")
@click.option("-n", "--max-count", type=click.IntRange(0), help="Show at most so many changes.")
@click.option("--skip", type=click.IntRange(0), default=0, help="Leave out so many changes first.")
@click.option("--reverse/--no-reverse", help="Show the last change first.")
@click.option("--headers/--no-headers", default=True, help="Name project and file first.")
@click.option("--color", type=click.Choice(COLOURS), help="Default: auto.")
@click.option("--no-color", is_flag=True, help="Short for --color never.")
def command(
    arguments: Sequence[str],
    plan_file: Path | None,
    short: str | None,
    target: str | None,
    **options: Any,  # noqa: ANN401
) -> None:
    """Show the changes of a plan, their IDs and dependencies.

    Several of --event, --change and --planner show what fits at least one of them, as in Sqitch.
    No database is needed, but to --compare with one. Exits 1 if the plan has no changes, or parts
    from what it is compared with; 2 if it is not valid.
    """
    if short is not None:
        if short in FORMATS or short.startswith("format:") or not Path(short).exists():
            options["format_name"] = options["format_name"] or short
        else:
            plan_file = plan_file or Path(short)
    target = target or _argument_target(arguments)
    config, layout = find_layout(plan_file=plan_file, target=target_section(target))
    plan = read_plan(layout.plan_file)
    if options["compare"] is not None:
        from dsvault.cli.compare import print_comparison  # noqa: PLC0415 - needs a database

        what, as_json = options["compare"] or target, options["as_json"]
        sys.exit(print_comparison(plan, what, config, layout.registry, as_json=as_json))
    changes = _select(plan, options)
    if options["ids"]:
        _print_ids(changes)
    elif options["as_json"]:
        _echo(json.dumps(_as_json(plan, changes), indent=2))
    elif plan.changes:
        _print_list(plan, changes, config, options)
    else:
        _echo(f"No changes in {printable(str(plan.path))}")
        sys.exit(1)


def _argument_target(arguments: Sequence[str]) -> str | None:
    """Return the target that an argument means.

    :raises DsvaultError: it means none, or there are several.
    """
    config, _ = find_layout()
    targets = {argument: target_of(argument, config) for argument in arguments}
    unknown = [
        argument
        for argument, target in targets.items()
        if target is None and not is_planned(argument)  # a change means nothing here
    ]
    if unknown:
        raise DsvaultError(f'Unknown argument "{unknown[0]}"', hint="dsvault target list")
    found = [target for target in targets.values() if target is not None]
    if len(found) > 1:
        raise DsvaultError("Too many targets specified", hint="Name one of them.")
    return found[0] if found else None


def _select(plan: Plan, options: Mapping[str, Any]) -> Sequence[Change]:
    changes = plan.changes[::-1] if options["reverse"] else plan.changes
    changes = changes[options["skip"] :]
    if options["max_count"]:
        changes = changes[: options["max_count"]]
    tests: list[Callable[[Change], object]] = []
    if options["event"]:
        event = options["event"].lower()
        if event not in {"deploy", "revert"}:
            raise DsvaultError(
                f'Unknown change operation "{event}"', hint="Write --event deploy or revert."
            )
        tests.append(lambda change: _event(change) == event)
    if options["change_pattern"]:
        name = _pattern(options["change_pattern"])
        tests.append(lambda change: name.search(change.name))
    if options["planner_pattern"]:
        planner = _pattern(options["planner_pattern"])
        tests.append(lambda change: planner.search(change.planner_name))
    return [change for change in changes if not tests or any(test(change) for test in tests)]


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise DsvaultError(
            f"The pattern {text} is not valid: {error}", hint=r"Put a \ before signs like [ or *."
        ) from error


def _event(change: Change) -> str:
    # Sqitch names the operators so in lists; it deploys both alike.
    return "revert" if change.operator == "-" else "deploy"


def _print_ids(changes: Sequence[Change]) -> None:
    # Programs that compare names need them as they are; terminals must not get them so.
    show = printable if sys.stdout.isatty() else str
    for change in changes:
        _echo(f"{change.id} {show(change.name)}")


def _echo(text: str) -> None:
    # As bytes: click would take escape sequences out of text, and encode it as the locale says.
    click.echo(text.encode())


def _print_list(
    plan: Plan, changes: Sequence[Change], config: Config, options: Mapping[str, Any]
) -> None:
    formatter, template = _formatter(config, options)
    if options["headers"]:
        _echo(f"# Project: {printable(plan.project)}")
        _echo(f"# File:    {printable(str(plan.path))}\n")
    for change in changes:
        _echo(formatter.format(template, _item(plan, change)))


def _formatter(config: Config, options: Mapping[str, Any]) -> tuple[Formatter, str]:
    """Return how to show changes, from options, then [plan] of the configuration, then defaults."""
    oneline = "oneline" if options["oneline"] else None
    name = options["format_name"] or oneline or config.get("plan.format") or "medium"
    template = name.removeprefix("format:") if name.startswith("format:") else FORMATS.get(name)
    if template is None:
        raise DsvaultError(
            f'Unknown plan format "{name}"',
            hint=f"Use {', '.join(FORMATS)} or format:TEXT.",
        )
    dates = options["date_format"] or config.get("plan.date_format") or "iso"
    validate_date_format(dates)
    colour = "never" if options["no_color"] else options["color"] or config.get("plan.color")
    if colour not in {None, *COLOURS}:
        raise DsvaultError(f'Unknown plan.color "{colour}"', hint="Write always, never or auto.")
    abbrev = options["abbrev"]
    if abbrev is None:
        abbrev = 6 if options["oneline"] else 0
    use_colour = colour == "always" or (colour != "never" and has_colour())
    return Formatter(date_format=dates, abbrev=abbrev, use_colour=use_colour), template


def _item(plan: Plan, change: Change) -> Item:
    return Item(
        event=_event(change),
        project=plan.project,
        change_id=change.id,
        change=change.name,
        note=change.note,
        tags=[str(tag) for tag in change.tags],
        requires=[str(dependency) for dependency in change.requires],
        conflicts=[str(dependency) for dependency in change.conflicts],
        planned_at=change,
        planner_name=change.planner_name,
        planner_email=change.planner_email,
    )


def _as_json(plan: Plan, changes: Sequence[Change]) -> dict[str, object]:
    return {
        "project": plan.project,
        "uri": plan.uri,
        "file": str(plan.path),
        "changes": [
            {
                "id": change.id,
                "name": change.name,
                "tags": [str(tag) for tag in change.tags],
                "requires": [str(dependency) for dependency in change.requires],
                "conflicts": [str(dependency) for dependency in change.conflicts],
                "note": change.note,
                "planner": change.planner,
                "planner_name": change.planner_name,
                "planner_email": change.planner_email,
                "planned_at": change.date,
                "parent_id": change.parent_id,
                "event": _event(change),
                "is_reworked": change.is_reworked,
                "line": change.line,
            }
            for change in changes
        ],
        "tags": [
            {
                "id": tag.id,
                "name": str(tag),
                "change_id": tag.change_id,
                "note": tag.note,
                "planner": tag.planner,
                "planned_at": tag.date,
                "line": tag.line,
            }
            for change in changes
            for tag in change.tags
        ],
    }
