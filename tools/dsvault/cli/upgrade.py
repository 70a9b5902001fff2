"""`dsvault upgrade`: bring an old registry to the current version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsvault.cli.options import Request, runner_command
from dsvault.config import current_person
from dsvault.ops.upgrade import upgrade

if TYPE_CHECKING:
    from dsvault.ops.upgrade import UpgradeResult


@click.command()
@runner_command
def command(request: Request) -> UpgradeResult:
    """Bring the registry that an older Sqitch made to the version that both tools use now."""
    return upgrade(request.target, current_person(request.config), request.reporter)
