"""`dsvault checkout`: change the branch of the project, and the database with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from dsvault.cli.again import (
    Rebased,
    again_options,
    deploy_options,
    deploy_project,
    revert_options,
    revert_project,
)
from dsvault.cli.options import Request, runner_command
from dsvault.cli.render import write
from dsvault.cli.revert import confirmation
from dsvault.errors import DsvaultError
from dsvault.ops.deploy import deploy
from dsvault.ops.revert import revert
from dsvault.plan import parse_plan
from dsvault.text import printable
from dsvault.vcs import Git

if TYPE_CHECKING:
    from dsvault.plan import Change, Plan


class AlreadyThereError(DsvaultError):
    """The branch is checked out."""

    exit_code = 1


@click.command()
@click.argument("branch")
@again_options
@runner_command
def command(request: Request, *, branch: str, **options: Any) -> Rebased:  # noqa: ANN401
    """Revert what the plan of another git branch does not have, check it out, and deploy it.

    The branches must have their first changes in common; those stay deployed.
    """
    git = Git(request.config.get("core.vcs.client") or "git")
    current = git.current_branch()
    if current == branch:
        raise AlreadyThereError(f"Already on branch {branch}")
    before = revert_project(request, options)
    content = git.show(branch, request.layout.plan_file)
    common = last_common(before.plan, parse_plan(content, request.layout.plan_file))
    if common is None:
        raise DsvaultError(
            f"Branch {branch} has no changes in common with current branch {current}",
            hint="Revert everything, then check the branch out with git.",
        )
    request.reporter.print(
        [f"Last change before the branches diverged: {common.format_name_with_tags()}"]
    )
    confirm = confirmation(request, "checkout", yes=options["yes"])
    reverted = revert(
        request.target, before, revert_options(options, to=common.id), request.reporter, confirm
    )
    told, aside = git.checkout(branch)
    request.reporter.print(told)
    for line in aside:
        write(printable(line), err=True)
    deployed = deploy(
        request.target,
        deploy_project(request, options),
        deploy_options(request, "checkout", options, to=None),
        request.reporter,
    )
    return Rebased(reverted, deployed)


def last_common(ours: Plan, other: Plan) -> Change | None:
    """Return the last change of another plan up to which all of them are ours too."""
    common = None
    for change in other.changes:
        if ours.by_id(change.id) is None:
            break
        common = change
    return common
