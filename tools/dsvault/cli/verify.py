"""`dsvault verify`: run the verify scripts of what is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsvault.cli.options import Request, runner_command, set_option
from dsvault.ops.verify import VerifyOptions, verify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.ops.verify import VerifyResult


@click.command()
@click.option("--from", "--from-change", "from_", metavar="CHANGE", help="The first change.")
@click.option("--to", "--to-change", metavar="CHANGE", help="The last change.")
@set_option
@runner_command
def command(
    request: Request, from_: str | None, to: str | None, settings: Sequence[str]
) -> VerifyResult:
    """Run the verify scripts of deployed changes; nothing that they write stays."""
    options = VerifyOptions(from_=request.change(from_), to=request.change(to, 0 if from_ else 1))
    request.warn_of_more(f'verifying from "{options.from_}" to "{options.to}"', from_, to)
    return verify(request.target, request.project("verify", settings), options, request.reporter)
