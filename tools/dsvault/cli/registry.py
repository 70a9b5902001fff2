"""`dsvault registry`: the tables in which deployments are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsvault.cli.options import Request, runner_command
from dsvault.ops.registering import register

if TYPE_CHECKING:
    from dsvault.ops.registering import Registered


@click.group()
def command() -> None:
    """Prepare the tables in which deployments are recorded."""


@command.command()
@runner_command
def init(request: Request) -> Registered:
    """Make the registry and register the project. Nothing is deployed.

    Run again it changes nothing. To adopt a database that was made otherwise, go on with
    `dsvault deploy --log-only --verify`: each change whose verify script succeeds is recorded.
    """
    return register(request.target, request.project(), request.reporter)
