"""`dsvault doctor`: what is wrong with a live database, and what to do about it."""

from __future__ import annotations

import io
import shutil
import sys
from typing import TYPE_CHECKING

import click

from dsvault.cli.database import Answer, database_command
from dsvault.errors import DsvaultError
from dsvault.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.ops.doctor import Diagnosis
    from dsvault.target import Target

FORMATS = ("text", "sarif", "github")
_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


@click.command()
@click.option("--select", multiple=True, metavar="CODE|NAME", help="Only this check; repeatable.")
@click.option(
    "--ignore",
    multiple=True,
    metavar="CODE|NAME|KEY",
    help="Leave out a check, or one finding by its key; repeatable.",
)
@click.option(
    "--level",
    type=click.Choice(["error", "warning", "info"]),
    default="warning",
    show_default=True,
    help="The least urgent findings that are told.",
)
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Another threshold; repeatable."
)
@click.option(
    "--timeout",
    type=click.IntRange(1),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="How long one check may take.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    help="Another format than text, for code hosts.",
)
@click.option("--sql", "as_sql", is_flag=True, help="Print the remedies as a script to read.")
@database_command
def command(  # noqa: PLR0917 - click passes them by name
    target: Target,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    level: str,
    settings: tuple[str, ...],
    timeout: int,
    form: str,
    as_sql: bool,
) -> Answer:
    """Examine a live database; exit 1 if something is found.

    Runs the checks of sql/checks, each a question to the catalog, and compares the policies with
    the declared matrix. Changes nothing and needs no superuser: what the login may not see is
    told as not seen.
    """
    from dsvault.ops.doctor import Options, examine  # noqa: PLC0415 - --help stays quick

    options = Options(
        select=select,
        ignore=ignore,
        level=level,
        timeout_seconds=timeout,
        settings=dict(_setting(text) for text in settings),
    )
    found = examine(target, options)
    exit_code = 1 if found.findings else 0
    if form != "text":
        from dsvault.cli.doctor_formats import in_format  # noqa: PLC0415 - few need it

        return Answer(found, in_format(found, form), exit_code=exit_code)
    is_screen = sys.stdout.isatty()
    lines = _script(found) if as_sql else _table(found) if is_screen else _lines(found)
    return Answer(found, lines, exit_code=exit_code, is_safe=is_screen and not as_sql)


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not value.isdecimal():
        raise DsvaultError(
            f"{text} sets nothing", hint="Write NAME=NUMBER, such as partition_days=60."
        )
    return name, value


def _lines(found: Diagnosis) -> Iterator[str]:
    """Yield a line a finding, its remedy below it."""
    for finding in found.findings:
        yield f"{finding.level:<7} {finding.code} {finding.object}: {finding.detail}"
        yield from (f"    do: {line}" for line in finding.remedy.splitlines())
    yield from _rest(found)


def _rest(found: Diagnosis) -> Iterator[str]:
    for unseen in found.unseen:
        yield f"not seen {unseen.code} {unseen.name}: {unseen.reason}"
        yield f"    do: {unseen.remedy}"
    ignored = f", {found.ignored} ignored" if found.ignored else ""
    not_seen = f", {len({item.code for item in found.unseen})} not seen" if found.unseen else ""
    yield (
        f"{counted(len(found.findings), 'finding')} by {len(found.checks)} checks on {found.server}"
        f"{not_seen}{ignored}"
    )


def _table(found: Diagnosis) -> Iterator[str]:
    """Yield a table as wide as the screen, then the rest."""
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    if found.findings:
        table = Table(show_lines=True)
        for title in ("level", "code", "object", "detail and remedy"):
            table.add_column(title, overflow="fold")
        for finding in found.findings:
            what = Text(printable(finding.detail) + "\n")
            what.append(printable(finding.remedy), style="dim")
            style = _COLOURS[finding.level]
            table.add_row(
                Text(finding.level, style=style),
                finding.code,
                Text(printable(finding.object)),
                what,
            )
        text = io.StringIO()
        width = shutil.get_terminal_size().columns
        Console(file=text, width=width, force_terminal=True).print(table)
        yield from text.getvalue().splitlines()
    yield from map(printable, _rest(found))


def _script(found: Diagnosis) -> Iterator[str]:
    """Yield the remedies as an SQL script, each below a comment that says what it is for."""
    yield "-- Read every line before you run it; what … stands for is yours to decide."
    for finding in found.findings:
        yield ""
        detail = " ".join(finding.detail.split())
        yield f"-- {finding.code} {finding.object}: {detail}"
        yield finding.remedy
