"""`dsvault help`: explain a command."""

from __future__ import annotations

import click

from dsvault.cli.render import write


@click.command()
@click.argument("name", required=False)
@click.pass_context
def command(context: click.Context, name: str | None) -> None:
    """Explain a command, or list all of them; the same as --help."""
    root = context.find_root()
    group = root.command
    if name is None or not isinstance(group, click.Group):
        write(root.get_help())
        return
    found = group.get_command(root, name)
    if found is None:
        raise click.UsageError(f'No help for "{name}"')
    with click.Context(found, info_name=name, parent=root) as asked:
        write(found.get_help(asked))
