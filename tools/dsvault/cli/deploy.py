"""`dsvault deploy`: run what is planned and not deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsvault.cli.options import (
    Request,
    lock_options,
    retry_option,
    runner_command,
    set_option,
)
from dsvault.ops.deploy import DeployOptions, Mode, deploy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.ops.deploy import DeployResult


@click.command()
@click.option(
    "--to", "--to-change", "--change", metavar="CHANGE", help="The last change to deploy."
)
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    help="What to revert when a change fails: all of this run, back to its last tag, or none "
    "(change); default: deploy.mode, else all.",
)
@click.option(
    "--verify/--no-verify",
    default=None,
    help="Run each verify script before the change is committed; default: deploy.verify, else no.",
)
@click.option("--log-only", is_flag=True, help="Record changes without running their scripts.")
@click.option("--dry-run", is_flag=True, help="Run everything in one transaction and roll it back.")
@click.option(
    "--explain",
    is_flag=True,
    help="The same, and tell which locks each change takes, what it rewrites and scans.",
)
@click.option(
    "--single-transaction", is_flag=True, help="Commit all changes at once, or none of them."
)
@set_option
@lock_options
@retry_option
@runner_command
def command(
    request: Request,
    *,
    to: str | None,
    mode: str | None,
    verify: bool | None,
    log_only: bool,
    dry_run: bool,
    explain: bool,
    single_transaction: bool,
    settings: Sequence[str],
    lock_seconds: int,
    statement_lock_ms: int,
    lock_retries: int,
    verbose: int,
) -> DeployResult:
    """Deploy changes to a database.

    Each change is one transaction: its script, its verify script and the rows in Sqitch's registry.
    TARGET is a postgresql:// or db:pg: URI, or the name of a [target] in sqitch.conf; default:
    DSVAULT_TARGET, SQITCH_TARGET, that of sqitch.conf, DATABASE_URL, else the embedded server.
    """
    request.reporter.verbose += verbose
    config = request.config
    options = DeployOptions(
        to=request.change(to),
        mode=Mode.named(mode or config.get("deploy.mode")),
        verify=(config.get_bool("deploy.verify") or False) if verify is None else verify,
        log_only=log_only,
        dry_run=dry_run or explain,
        explain=explain,
        single_transaction=single_transaction,
        lock_seconds=lock_seconds,
        statement_lock_ms=statement_lock_ms,
        lock_retries=lock_retries,
    )
    request.warn_of_more(f'deploying to "{options.to}"', to)
    project = request.project("deploy", settings)
    result = deploy(request.target, project, options, request.reporter)
    if explain and not request.reporter.is_quiet:
        from dsvault.cli.explained import write_explained  # noqa: PLC0415 - seldom asked for

        write_explained(result)
    return result
