"""What the runner's commands share: options, the project and target they mean, and their errors."""

from __future__ import annotations

import os
import re
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from dsvault.cli.places import is_planned, target_of, target_section
from dsvault.cli.properties import parse_pairs
from dsvault.cli.render import Reportable, TextReporter, end_with, write, write_json
from dsvault.config import Config, Layout, find_layout
from dsvault.errors import DsvaultError
from dsvault.ops.locking import LOCK_RETRIES, LOCK_SECONDS, STATEMENT_LOCK_MS
from dsvault.ops.targets import resolve_target, wanted_target
from dsvault.project import Project, read_project
from dsvault.target import Overrides
from dsvault.text import printable
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dsvault.target import Target

F = TypeVar("F", bound="Callable[..., Any]")

_UNITS_MS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}
_LONGEST_MS = 2**31 - 1  # of the server's lock_timeout


class Request(Value):
    """What a user asked for with the shared options; changes are arguments that name no target."""

    config: Config
    layout: Layout
    target: Target
    changes: tuple[str, ...]
    reporter: TextReporter
    section: str | None = None  # the [target] that is meant

    def project(self, command: str = "deploy", settings: Sequence[str] = ()) -> Project:
        """Read the plan. Scripts get the variables of a command's sections, then the settings.

        :raises dsvault.plan.PlanError: it is not valid, or there is none.
        """
        project = read_project(self.config, self.layout)
        configured = self.config.variables(command, target=self.section)
        given = {**configured, **parse_pairs(settings), "registry": self.target.registry}
        return project.but(variables=given)

    def change(self, option: str | None, number: int = 0) -> str | None:
        """Return the change that an option names, or else the argument of that number."""
        return option or (self.changes[number] if len(self.changes) > number else None)

    def warn_of_more(self, doing: str, *options: str | None) -> None:
        """Say on stderr if there are more changes among the arguments than options lack."""
        if len(self.changes) > sum(option is None for option in options):
            text = f"warning: Too many changes specified; {doing}"
            write(printable(text), err=True)


class Duration(click.ParamType[int]):
    """A time as the server's settings have it: 500ms, 2s, 1min, 1h; without unit milliseconds."""

    name = "duration"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return milliseconds."""
        if isinstance(value, int):
            return value
        match = re.fullmatch(r"(\d+)\s*(ms|s|min|h)?", str(value))
        if match is None or int(match[1]) * _UNITS_MS[match[2] or "ms"] > _LONGEST_MS:
            self.fail(f"{value} is no time such as 500ms, 2s or 1min.", param, ctx)
        return int(match[1]) * _UNITS_MS[match[2] or "ms"]


def lock_options(function: F) -> F:
    """Add the options of commands that wait for locks, and --verbose."""
    for decorate in (
        click.option(
            "-v",
            "-V",
            "--verbose",
            count=True,
            help="Show routine notices too; twice, what verify scripts print.",
        ),
        click.option(
            "--statement-lock-timeout",
            "statement_lock_ms",
            type=Duration(),
            default=STATEMENT_LOCK_MS,
            metavar="TIME",
            help="How long a script's statement waits for a lock; 0 is for ever.  [2s]",
        ),
        click.option(
            "--lock-timeout",
            "lock_seconds",
            type=click.IntRange(0),
            default=LOCK_SECONDS,
            metavar="SECONDS",
            help="How long to wait for another run to end.  [60]",
        ),
    ):
        function = decorate(function)
    return function


def retry_option(function: F) -> F:
    """Add --lock-retries to a command that deploys or reverts."""
    return click.option(
        "--lock-retries",
        type=click.IntRange(0),
        default=LOCK_RETRIES,
        metavar="NUMBER",
        help="How often a change that did not get a lock is tried again, after 1, 2, 4 … s.  [3]",
    )(function)


def set_option(function: F) -> F:
    """Add --set, which gives variables to scripts."""
    return click.option(
        "-s",
        "--set",
        "settings",
        multiple=True,
        metavar="NAME=VALUE",
        help="A psql variable for the scripts; may be repeated.",
    )(function)


def runner_command(function: Callable[..., Reportable]) -> Callable[..., None]:
    """Add the shared options to a command that returns a result, and report what becomes of it.

    The command gets a Request first. An error with exit code 1 is an answer rather than an error,
    and its message goes to stdout, as Sqitch has it.
    """
    return _decorated(function, "-f", "--plan-file")


def history_command(function: Callable[..., Reportable]) -> Callable[..., None]:
    """Do the same for a command in which -f means --format, as in Sqitch."""
    return _decorated(function, "--plan-file")


def _decorated(function: Callable[..., Reportable], *plan_names: str) -> Callable[..., None]:
    @wraps(function)
    def with_request(as_json: bool, quiet: bool, **options: Any) -> None:  # noqa: ANN401
        shared = {name: options.pop(name) for name in _SHARED}
        try:
            request = open_request(Asked(**shared), quiet=quiet, silent=as_json)
            result = function(request, **options)
        except DsvaultError as error:
            end_with(error, as_json=as_json)
        if as_json:
            write_json(result)

    plan_help = "The plan; default: as Sqitch finds it."
    decorated: Callable[..., None] = with_request
    decorated = click.option(*plan_names, type=click.Path(path_type=Path), help=plan_help)(
        decorated
    )
    for decorate in reversed(_OPTIONS):
        decorated = decorate(decorated)
    return decorated


_OPTIONS = (
    click.argument("arguments", nargs=-1, metavar="[TARGET] [CHANGE]"),
    click.option("-t", "--target", metavar="URI|NAME", help="The database to work on."),
    click.option(
        "-d", "--db-name", metavar="NAME", help="Another database of the target's server."
    ),
    click.option("-u", "--db-user", "--db-username", metavar="NAME", help="Another user."),
    click.option("-h", "--db-host", metavar="HOST", help="Another server."),
    click.option("-p", "--db-port", type=int, metavar="PORT", help="Another port."),
    click.option("--client", "--db-client", metavar="PROGRAM", help="The psql for what needs one."),
    click.option("--registry", metavar="SCHEMA", help="The registry's schema; default: sqitch."),
    click.option(
        "-C",
        "--chdir",
        "--cd",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="Work as if started in this folder.",
    ),
    click.option("--quiet", is_flag=True, help="Print errors, and what was asked for."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
)


class Asked(NamedTuple):
    """The shared options and arguments as a user gave them."""

    arguments: tuple[str, ...] = ()
    target: str | None = None
    plan_file: Path | None = None
    chdir: Path | None = None
    registry: str | None = None
    client: str | None = None
    db_name: str | None = None
    db_user: str | None = None
    db_host: str | None = None
    db_port: int | None = None

    @property
    def overrides(self) -> Overrides:
        """The parts of a URI that options name."""
        return Overrides(self.db_user, self.db_host, self.db_port, self.db_name)


_SHARED = Asked._fields


def open_request(asked: Asked, *, quiet: bool, silent: bool = False) -> Request:
    """Find out which project and which database are meant.

    :raises DsvaultError: an argument means nothing, there is no such target, a configuration or
        plan file cannot be used.
    """
    if asked.chdir is not None:
        os.chdir(asked.chdir)
    config, layout = find_layout(plan_file=asked.plan_file)
    section = target_section(wanted_target(asked.target, config))
    places, changes = sort_arguments(asked.arguments, config, asked.plan_file, section)
    wanted = wanted_target(asked.target or next(iter(places), None), config)
    name = target_section(wanted)
    config, layout = find_layout(plan_file=asked.plan_file, target=name)
    found = resolve_target(wanted, config, asked.registry or layout.registry, asked.overrides)
    if found.is_embedded:
        write(f"No target given: using {found.display}", err=True)
    if asked.client is not None:
        layout = layout.but(client=asked.client)
    return Request(
        config, layout, found, changes, TextReporter(quiet=quiet, silent=silent), section=name
    )


def sort_arguments(
    arguments: Sequence[str], config: Config, plan_file: Path | None, section: str | None
) -> tuple[list[str], tuple[str, ...]]:
    """Tell targets from changes: what is in the plan, or a number of changes from it, is a change.

    :raises DsvaultError: there is more than one target, or an argument is neither.
    """
    places: list[str] = []
    changes: list[str] = []
    unknown: list[str] = []
    for text in arguments:
        target = target_of(text, config)
        if is_planned(text, plan_file, section):
            changes.append(text)
        elif target is not None:
            places.append(target)
            section = target_section(target)
        else:
            unknown.append(text)
    if unknown:
        shown = f"s: {', '.join(unknown)}" if len(unknown) > 1 else f' "{unknown[0]}"'
        raise DsvaultError(
            f"Unknown argument{shown}",
            hint="Name a change of the plan, or a target: a URI or a name of sqitch.conf.",
        )
    if len(places) > 1:
        raise DsvaultError(
            f"Too many targets specified: {' '.join(places)}", hint="Name one of them."
        )
    return places, tuple(changes)
