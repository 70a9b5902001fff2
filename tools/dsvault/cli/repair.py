"""`dsvault repair`: finish or undo what a run left in the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsvault.cli.options import Request, lock_options, runner_command, set_option
from dsvault.ops.repair import How, RepairOptions, repair

if TYPE_CHECKING:
    from dsvault.ops.repair import RepairResult


@click.command()
@click.option("--undo", "how", flag_value="undo", help="Run the revert script instead.")
@click.option(
    "--again", "how", flag_value="again", help="Repeat a step that was done or not: who knows."
)
@click.option("--skip", "how", flag_value="skip", help="Count such a step as done.")
@click.option(
    "--forget", "how", flag_value="forget", help="Only remove the note: all was put right by hand."
)
@click.option("--verify/--no-verify", default=True, help="Verify what is finished.  [yes]")
@click.option("--dry-run", is_flag=True, help="Only say what was left in the middle.")
@set_option
@lock_options
@runner_command
def command(
    request: Request,
    *,
    how: str | None,
    verify: bool,
    dry_run: bool,
    settings: tuple[str, ...],
    lock_seconds: int,
    statement_lock_ms: int,
    verbose: int,
) -> RepairResult:
    """Finish a change whose script no transaction can hold, and whose run was cut off.

    Such a script (CREATE INDEX CONCURRENTLY, VACUUM, several transactions) is noted before it runs
    and after each of its steps. Repair goes on where it was cut: it looks in the catalog whether
    the step at work was done, removes half of one (an invalid index), runs the rest, verifies and
    records the change. All other changes are one transaction and never need it. Scripts get the
    variables that deploy and revert would give them; --set must be the same as then.
    """
    request.reporter.verbose += verbose
    options = RepairOptions(
        how=How(how or How.FINISH.value),
        verify=verify,
        dry_run=dry_run,
        lock_seconds=lock_seconds,
        statement_lock_ms=statement_lock_ms,
    )
    project, reverting = (request.project(name, settings) for name in ("deploy", "revert"))
    return repair(request.target, project, options, request.reporter, reverting.variables)
