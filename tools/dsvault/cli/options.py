"""What the runner's commands share: options, the project and target they mean, and their errors."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from dsvault.cli.properties import parse_pairs
from dsvault.cli.render import Reportable, TextReporter, write, write_error, write_json
from dsvault.config import Config, Layout, find_layout
from dsvault.errors import DsvaultError
from dsvault.ops.locking import LOCK_RETRIES, LOCK_SECONDS, STATEMENT_LOCK_MS
from dsvault.ops.targets import resolve_target, wanted_target
from dsvault.project import Project, read_project
from dsvault.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dsvault.target import Target

F = TypeVar("F", bound="Callable[..., Any]")

_UNITS_MS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}
_LONGEST_MS = 2**31 - 1  # of the server's lock_timeout


@dataclass(frozen=True, slots=True)
class Request:
    """What a user asked for with the shared options; changes are arguments that name no target."""

    config: Config
    layout: Layout
    target: Target
    changes: tuple[str, ...]
    reporter: TextReporter
    section: str | None = None  # the [target] that is meant

    def project(self, command: str | None = None, settings: Sequence[str] = ()) -> Project:
        """Read the plan. Scripts get the variables of a command's sections, then the settings.

        :raises dsvault.plan.PlanError: it is not valid, or there is none.
        """
        project = read_project(self.config, self.layout)
        if command is None:
            return project
        configured = self.config.variables(command, target=self.section)
        given = {**configured, **parse_pairs(settings), "registry": self.target.registry}
        return replace(project, variables=given)

    def change(self, option: str | None, number: int = 0) -> str | None:
        """Return the change that an option names, or else the argument of that number."""
        return option or (self.changes[number] if len(self.changes) > number else None)


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
        click.option("-v", "--verbose", is_flag=True, help="Show routine notices too."),
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

    @click.argument("arguments", nargs=-1, metavar="[TARGET] [CHANGE]")
    @click.option("-t", "--target", metavar="URI|NAME", help="The database to work on.")
    @click.option(
        "-f",
        "--plan-file",
        type=click.Path(path_type=Path),
        help="The plan; default: as Sqitch finds it.",
    )
    @click.option(
        "-C",
        "--chdir",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="Work as if started in this folder.",
    )
    @click.option("--registry", metavar="SCHEMA", help="The registry's schema; default: sqitch.")
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
    @wraps(function)
    def with_request(as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the command's own too
        shared = {
            name: options.pop(name)
            for name in ("arguments", "target", "plan_file", "chdir", "registry")
        }
        try:
            result = function(_open_request(**shared, quiet=as_json), **options)
        except DsvaultError as error:
            end_with(error, as_json=as_json)
        if as_json:
            write_json(result)

    return with_request


def end_with(error: DsvaultError, *, as_json: bool) -> NoReturn:
    """Report an error and leave with its exit code."""
    if as_json:
        write_json(getattr(error, "result", None), getattr(error, "cause", error))
    if error.exit_code != 1:
        write_error(error)
    elif not as_json:
        write(printable(error.message))
    sys.exit(error.exit_code)


def _open_request(
    arguments: tuple[str, ...],
    target: str | None,
    plan_file: Path | None,
    chdir: Path | None,
    registry: str | None,
    *,
    quiet: bool,
) -> Request:
    if chdir is not None:
        os.chdir(chdir)
    places, changes = _sort_arguments(arguments)
    wanted = wanted_target(target or next(iter(places), None))
    name = wanted if wanted and ":" not in wanted else None
    config, layout = find_layout(plan_file=plan_file, target=name)
    found = resolve_target(wanted, config, registry or layout.registry)
    if found.is_embedded:
        _announce_embedded(found, config)
    return Request(config, layout, found, changes, TextReporter(quiet=quiet), section=name)


def _sort_arguments(arguments: tuple[str, ...]) -> tuple[list[str], tuple[str, ...]]:
    """Tell targets from changes: a URI has a colon, which no change can have."""
    if not arguments:
        return [], ()
    config, _ = find_layout()
    places = [
        text for text in arguments if ":" in text or config.get(f"target.{text}.uri") is not None
    ]
    if len(places) > 1:
        raise DsvaultError(
            f"Too many targets specified: {' '.join(places)}", hint="Name one of them."
        )
    return places, tuple(text for text in arguments if text not in places)


def _announce_embedded(target: Target, config: Config) -> None:
    """Say on stderr which database is used when none was named."""
    named = config.get("core.target") or config.get("engine.pg.target")
    # The name may be a URI with a password.
    hint = "" if not named else "; sqitch.conf names another one, which --target can choose"
    write(f"No target given: using {target.display}{hint}", err=True)
