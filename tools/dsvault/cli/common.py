"""Options that Sqitch takes before and behind each of its commands."""

from __future__ import annotations

import click

OF_SQITCH = frozenset((
    *("add", "bundle", "check", "checkout", "config", "deploy", "engine", "init", "log", "plan"),
    *("rebase", "revert", "rework", "show", "status", "tag", "target", "upgrade", "verify"),
))  # fmt: skip


def take_common_options(command: click.Command) -> None:
    """Let a command take those of Sqitch's common options that it has no use for."""
    taken = {name for parameter in command.params for name in parameter.opts}
    for names in (("-v", "-V", "--verbose"), ("--no-pager",), ("--quiet",)):
        free = [name for name in names if name not in taken]
        if free:
            # With -v of its own a command has --verbose too.
            count = "--verbose" in free
            option = click.Option(
                free,
                is_flag=not count,
                count=count,
                hidden=True,
                expose_value=False,
                callback=_note_verbose,
            )
            command.params.append(option)


def _note_verbose(context: click.Context, option: click.Parameter, value: int) -> None:
    if option.name == "verbose":
        context.find_root().obj["verbose"] += value


def print_etc_path(context: click.Context, _option: click.Parameter, value: bool) -> None:
    """Print the folder of the system's settings, and end."""
    if value and not context.resilient_parsing:
        from dsvault.config.settings import SYSTEM_FOLDER  # noqa: PLC0415 - seldom asked for

        click.echo(SYSTEM_FOLDER)
        context.exit()
