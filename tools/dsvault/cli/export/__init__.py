"""`dsvault export`: what is in a vault, and the plan that makes it, for others to read."""

from __future__ import annotations

import click

from dsvault.cli.export.dataset import dataset
from dsvault.cli.export.plan import schema, sqlx


class _WithDefault(click.Group):
    """A group whose command `dataset` is meant where none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `dataset` before a tenant's name."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["dataset", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_WithDefault)
def command() -> None:
    """Write a version of a dataset as a file, or the plan for other tools.

    dsvault export SLUG DATASET FILE is the command dataset: its name may be left out, unless the
    tenant is called as one of the commands below.
    """


for subcommand in (dataset, sqlx, schema):
    command.add_command(subcommand)
