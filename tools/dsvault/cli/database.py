"""What commands share that work on one database and know nothing of plans: --target and --json."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from dsvault.cli.render import Reportable, write, write_error, write_json
from dsvault.config import find_layout
from dsvault.errors import DsvaultError
from dsvault.ops.targets import resolve_target, wanted_target
from dsvault.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dsvault.target import Target


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command has to say: its result, the same as lines, and the exit code.

    Control characters in the lines are shown, unless they are safe because they are meant.
    """

    result: Reportable
    lines: Iterable[str]
    exit_code: int = 0
    is_safe: bool = False

    def as_json(self) -> dict[str, object]:
        """Return the result as one JSON object; it is ok if the exit code is 0."""
        return {"ok": self.exit_code == 0, **self.result.as_json()}


def database_command(function: Callable[..., Answer]) -> Callable[..., None]:
    """Add --target and --json to a command that gets a Target and returns an Answer."""

    @click.option(
        "-t",
        "--target",
        "wanted",
        metavar="URI|NAME",
        help="The database; default: DSVAULT_TARGET, SQITCH_TARGET, that of sqitch.conf, "
        "DATABASE_URL, else the embedded server.",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
    @wraps(function)
    def with_target(wanted: str | None, as_json: bool, **options: Any) -> None:  # noqa: ANN401
        try:
            answer = function(open_target(wanted), **options)
        except DsvaultError as error:
            if as_json:
                write_json(None, error)
            write_error(error)
            sys.exit(error.exit_code)
        if as_json:
            write_json(answer)
        else:
            for line in answer.lines:
                write(line if answer.is_safe else printable(line))
        sys.exit(answer.exit_code)

    return with_target


def open_target(option: str | None) -> Target:
    """Return the database that is meant; say so on stderr if nobody named one.

    :raises TargetError: there is no such target, or its URI is faulty.
    :raises ServerError: the embedded server cannot be made or started.
    """
    wanted = wanted_target(option, find_layout()[0])
    name = wanted if wanted and ":" not in wanted else None
    config, layout = find_layout(target=name)
    target = resolve_target(wanted, config, layout.registry)
    if target.is_embedded:
        write(f"No target given: using {target.display}", err=True)
    return target
