"""The command line: a group that imports a command's module only when that command is used."""

from __future__ import annotations

import errno
import importlib
import os
import sys
from typing import TYPE_CHECKING

from dsvault import __version__
from dsvault.errors import DsvaultError
from dsvault.lean import let_go_of_click, put_aside_for_click, put_heavy_aside
from dsvault.text import printable

put_aside_for_click()

import click  # noqa: E402 - see there

let_go_of_click()

from dsvault.cli.common import OF_SQITCH, print_etc_path, take_common_options  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping

# name -> (module, one-line help). Each module holds one click command named `command`.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("dsvault.cli.demo", "Deploy a whole vault with two tenants and explain it."),
    "deploy": ("dsvault.cli.deploy", "Deploy changes to a database."),
    "revert": ("dsvault.cli.revert", "Revert changes from a database."),
    "verify": ("dsvault.cli.verify", "Run the verify scripts of deployed changes."),
    "status": ("dsvault.cli.status", "Show what is deployed and what is pending."),
    "log": ("dsvault.cli.log", "Show the history of a database."),
    "plan": ("dsvault.cli.plan", "Show the plan, its IDs or its dependencies."),
    "repair": ("dsvault.cli.repair", "Finish or undo what a run left in the middle."),
    "add": ("dsvault.cli.add", "Plan a change and make its scripts."),
    "tag": ("dsvault.cli.tag", "Mark a change, or list the marks."),
    "rework": ("dsvault.cli.rework", "Plan a change anew and keep its scripts."),
    "rebase": ("dsvault.cli.rebase", "Revert changes and deploy again."),
    "checkout": ("dsvault.cli.checkout", "Change the git branch, and the database with it."),
    "upgrade": ("dsvault.cli.upgrade", "Bring an old registry to the current version."),
    "target": ("dsvault.cli.target", "List, show and change the databases of sqitch.conf."),
    "engine": ("dsvault.cli.engine", "List, show and change the engine of sqitch.conf."),
    "config": ("dsvault.cli.config", "Read and write sqitch.conf."),
    "show": ("dsvault.cli.show", "Show a change, a tag or a script."),
    "bundle": ("dsvault.cli.bundle", "Copy what is needed to deploy a project."),
    "init": ("dsvault.cli.init", "Begin a project."),
    "registry": ("dsvault.cli.registry", "Prepare the tables in which deployments are recorded."),
    "check": ("dsvault.cli.check", "Compare deployed changes with the plan and its scripts."),
    "lint": ("dsvault.cli.lint", "Find faults in change scripts before they run."),
    "login": ("dsvault.cli.login", "Create, list and drop logins of applications and people."),
    "tenant": ("dsvault.cli.tenant", "Create, fill, list, suspend, close and erase tenants."),
    "key": ("dsvault.cli.key", "Make, rotate, rewrap, revoke and destroy keys of tenants."),
    "import": ("dsvault.cli.import_", "Encrypt a file into a new version of a dataset."),
    "export": ("dsvault.cli.export", "Decrypt a dataset into a file; write the plan for others."),
    "token": ("dsvault.cli.token", "Replace personal data by tokens, and the way back."),
    "maintain": ("dsvault.cli.maintain", "Do everything that has to happen regularly."),
    "server": ("dsvault.cli.server", "Start, stop and use the embedded PostgreSQL server."),
    "audit": ("dsvault.cli.audit", "Verify the sealed audit trail; export and check proofs of it."),
    "policy": ("dsvault.cli.policy", "Compare, prove and draw who may do what."),
    "bench": ("dsvault.cli.bench", "Measure what things cost, as ratios of paired runs."),
    "drift": ("dsvault.cli.drift", "Compare a live database with what the plan makes."),
    "doctor": ("dsvault.cli.doctor", "Examine a live database for what is wrong with it."),
    "help": ("dsvault.cli.help", "Explain a command."),
    "snapshot": ("dsvault.cli.snapshot", "Rewrite or check the generated files of the project."),
}


# Commands that are run most and use little of psycopg and pglast: the rest of both is put aside.
LEAN = frozenset({"deploy", "revert", "verify", "status", "lint"})
_UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
_LEAN_MODULES = frozenset(COMMANDS[name][0] for name in LEAN)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for, so that --help stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name in LEAN:
            put_heavy_aside()
        module, _ = COMMANDS[cmd_name]
        command = importlib.import_module(module).command
        assert isinstance(command, click.Command)  # noqa: S101 - a fault of ours, not of input
        if cmd_name in OF_SQITCH:
            take_common_options(command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what it says of wrong usage may name what the user wrote."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise click.UsageError(printable(error.format_message()), error.ctx) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments name; tell what is spelt like it if there is none."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches  # noqa: PLC0415 - a mistyped name is rare

            close = get_close_matches(args[0], COMMANDS, n=1)
            meant = f" Did you mean {close[0]}?" if close else ""
            raise click.UsageError(error.message + meant, ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands from COMMANDS without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="In a checkout, `./dsvault test` runs the tests.",
)
@click.version_option(__version__, prog_name="dsvault")
@click.option(
    "-C",
    "--chdir",
    "--cd",
    type=click.Path(exists=True, file_okay=False),
    help="Work as if started in this folder.",
)
@click.option("--quiet", is_flag=True, help="Print errors, and what was asked for.")
@click.option("-v", "-V", "--verbose", count=True, help="Say more; twice, yet more.")
@click.option("--no-pager", is_flag=True, hidden=True, expose_value=False)
@click.option(
    "--etc-path",
    is_flag=True,
    is_eager=True,
    hidden=True,
    expose_value=False,
    callback=print_etc_path,
)
@click.pass_context
def cli(context: click.Context, chdir: str | None, quiet: bool, verbose: int) -> None:
    """Deploy, verify and use the database of a multi-tenant dataset vault."""
    if chdir is not None:
        os.chdir(chdir)
    context.obj = {"quiet": quiet, "verbose": verbose}


def main() -> None:
    """Run the command line; report known errors on stderr without a traceback."""
    try:
        cli.main(prog_name="dsvault", standalone_mode=True)
    except DsvaultError as error:
        for line in error.lines():
            click.echo(printable(line), err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        # With no file's name, it is of a stream that the caller gave us, a full disk mostly.
        if error.filename is not None or error.errno not in _UNWRITABLE:
            raise
        click.echo(f"The output cannot be written\n  found: {error.strerror}", err=True)
        os._exit(2)  # else what is left of the output would be tried again
    except SystemExit as end:
        if any(name in sys.modules for name in _LEAN_MODULES):
            _leave(end.code)
        raise


def _leave(code: object) -> None:
    """End the process without taking down, piece by piece, what it built up.

    Nothing is left to be done: sessions and files are closed where they were opened.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    if code is None or isinstance(code, int):
        os._exit(code or 0)
