"""`dsvault check`: compare what is deployed with the plan and its scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsvault.cli.options import Request, runner_command, set_option
from dsvault.ops.check import CheckOptions, check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.ops.check import CheckResult


@click.command()
@click.option("--from", "--from-change", "from_", metavar="CHANGE", help="The first change.")
@click.option("--to", "--to-change", metavar="CHANGE", help="The last change.")
@set_option
@runner_command
def command(
    request: Request, from_: str | None, to: str | None, settings: Sequence[str]
) -> CheckResult:
    """Compare deployed changes with the plan and its scripts; run nothing.

    Exits 1 if a deploy script was edited after it was deployed, or if the plan has other changes.
    """
    options = CheckOptions(from_=request.change(from_), to=request.change(to, 0 if from_ else 1))
    request.warn_of_more(f'checking from "{options.from_}" to "{options.to}"', from_, to)
    return check(request.target, request.project("check", settings), options, request.reporter)
