"""`dsvault revert`: undo what was deployed last."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from dsvault.cli.options import (
    Request,
    lock_options,
    retry_option,
    runner_command,
    set_option,
)
from dsvault.cli.render import write
from dsvault.errors import DsvaultError
from dsvault.ops.revert import RevertOptions, revert
from dsvault.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.ops.revert import Confirm, RevertResult

_ATTEMPTS = 3


@click.command()
@click.option(
    "--to", "--to-change", "--change", metavar="CHANGE", help="The change that stays last."
)
@click.option("--all", "everything", is_flag=True, help="Revert everything.")
@click.option("-m", "--modified", is_flag=True, help="Revert to before the first edited script.")
@click.option("-y", "yes", is_flag=True, help="Do not ask.")
@click.option("--log-only", is_flag=True, help="Remove changes from the registry alone.")
@set_option
@lock_options
@retry_option
@runner_command
def command(
    request: Request,
    *,
    to: str | None,
    everything: bool,
    modified: bool,
    yes: bool,
    log_only: bool,
    settings: Sequence[str],
    lock_seconds: int,
    statement_lock_ms: int,
    lock_retries: int,
    verbose: int,
) -> RevertResult:
    """Revert changes from a database, the last one first.

    Unlike Sqitch it never reverts everything unless --all says so, and it never takes the
    absence of a terminal for a yes.
    """
    request.reporter.verbose += verbose
    options = RevertOptions(
        to=None if modified else _stays(request, to, everything=everything),
        modified=modified,
        log_only=log_only,
        lock_seconds=lock_seconds,
        statement_lock_ms=statement_lock_ms,
        lock_retries=lock_retries,
    )
    confirm = confirmation(request, "revert", yes=yes)
    project = request.project("revert", settings)
    return revert(request.target, project, options, request.reporter, confirm)


def _stays(request: Request, to: str | None, *, everything: bool) -> str | None:
    """Return the change that stays last, or None if really everything shall go."""
    change = request.change(to)
    request.warn_of_more(f'reverting to "{change}"', to)
    if change is None and not everything:
        raise DsvaultError(
            "Nothing says what to revert",
            hint="--to CHANGE reverts what came after CHANGE; --all reverts everything.",
        )
    if change is not None and everything:
        raise DsvaultError("--all and a change to stay exclude each other", hint="Give one.")
    return change


def confirmation(request: Request, command: str, *, yes: bool) -> Confirm | None:
    """Return how to ask, or None if nobody needs to be asked.

    The settings of the command count, then those of revert.
    """
    no_prompt = request.config.get_bool(f"{command}.no_prompt")
    if no_prompt is None:
        no_prompt = request.config.get_bool("revert.no_prompt")
    if yes or no_prompt:
        return None
    accept = request.config.get_bool(f"{command}.prompt_accept")
    if accept is None:
        accept = request.config.get_bool("revert.prompt_accept")
    default = "No" if accept is False else "Yes"

    def ask(_: Sequence[str], to: str | None, destination: str, /) -> bool:
        if not sys.stdin.isatty():
            raise DsvaultError(
                "There is no terminal to ask on whether to revert",
                hint="Add -y to agree beforehand.",
            )
        what = f"Revert changes to {to}" if to else "Revert all changes"
        for _attempt in range(_ATTEMPTS):
            write(printable(f"{what} from {destination}? [{default}] "), nl=False)
            answer = (sys.stdin.readline().strip() or default).lower()
            if answer in ("y", "ye", "yes", "n", "no"):
                return answer.startswith("y")
            write('Please answer "y" or "n".')
        raise DsvaultError(f"No valid answer after {_ATTEMPTS} attempts; aborting")

    return ask
