"""`dsvault checkout`: change the branch of the project, and the database with it."""

from __future__ import annotations

from contextlib import chdir
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
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
from dsvault.ops.deploy import deploy, foresee
from dsvault.ops.revert import revert
from dsvault.plan import parse_plan
from dsvault.text import printable
from dsvault.vcs import Git

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dsvault.model import State
    from dsvault.ops.deploy import DeployOptions
    from dsvault.plan import Change, Plan
    from dsvault.project import Project


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
    how = deploy_options(request, "checkout", options, to=None)
    reverted = revert(
        request.target,
        before,
        revert_options(options, to=common.id).but(
            foresee=partial(_foresee, git, branch, partial(_there, request, options), how)
        ),
        request.reporter,
        confirmation(request, "checkout", yes=options["yes"]),
    )
    told, aside = git.checkout(branch)
    request.reporter.print(told)
    for line in aside:
        write(printable(line), err=True)
    project = deploy_project(request, options)
    return Rebased(reverted, deploy(request.target, project, how, request.reporter))


def _there(request: Request, options: Mapping[str, Any]) -> Project:
    """Return the project as it is in the working folder now, wherever that may be."""
    return deploy_project(request.but(layout=request.layout.but()), options)


def _foresee(
    git: Git, branch: str, project: Callable[[], Project], how: DeployOptions, state: State
) -> None:
    """Do nothing if a branch can be checked out, and deployed to a database in that state.

    :raises DsvaultError: git would refuse it, or deploy would.
    """
    git.refuse_checkout(branch)
    with TemporaryDirectory(prefix="dsvault-") as folder, chdir(git.export(branch, Path(folder))):
        foresee(project(), how, state)


def last_common(ours: Plan, other: Plan) -> Change | None:
    """Return the last change of another plan up to which all of them are ours too."""
    common = None
    for change in other.changes:
        if ours.by_id(change.id) is None:
            break
        common = change
    return common
