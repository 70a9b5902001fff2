"""`dsvault rebase`: revert, and deploy again."""

from __future__ import annotations

from functools import partial
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
from dsvault.cli.revert import confirmation
from dsvault.errors import DsvaultError
from dsvault.ops.deploy import deploy, foresee
from dsvault.ops.revert import revert

if TYPE_CHECKING:
    from collections.abc import Mapping


@click.command()
@click.option("--onto", "--onto-change", metavar="CHANGE", help="The change that stays last.")
@click.option("--upto", "--upto-change", metavar="CHANGE", help="The last change to deploy.")
@click.option("-m", "--modified", is_flag=True, help="Revert to before the first edited script.")
@click.option("--all", "everything", is_flag=True, help="Revert everything first.")
@again_options
@runner_command
def command(
    request: Request,
    *,
    onto: str | None,
    upto: str | None,
    modified: bool,
    everything: bool,
    **options: Any,  # noqa: ANN401 - those of again_options
) -> Rebased:
    """Revert changes and deploy again, so that edited scripts or an edited plan take effect.

    Unlike Sqitch it never reverts everything unless --all says so.
    """
    first, last = _span(request, onto, upto, from_argument=not (modified or everything))
    if first is None and not (modified or everything):
        raise DsvaultError(
            "Nothing says what to revert",
            hint="--onto CHANGE reverts what came after CHANGE; --all reverts everything.",
        )
    return _rebase(request, first, last, options, modified=modified)


def _span(
    request: Request, onto: str | None, upto: str | None, *, from_argument: bool
) -> tuple[str | None, str | None]:
    """Return the change that stays and the last one to deploy, of options, then of arguments."""
    rest = list(request.changes)
    first = onto or (rest.pop(0) if rest and from_argument else None)
    return first, upto or (rest.pop(0) if rest else None)


def _rebase(
    request: Request,
    onto: str | None,
    upto: str | None,
    options: Mapping[str, Any],
    *,
    modified: bool,
) -> Rebased:
    project = deploy_project(request, options)
    how = deploy_options(request, "rebase", options, to=upto)
    reverted = revert(
        request.target,
        revert_project(request, options),
        revert_options(options, to=onto, modified=modified).but(
            foresee=partial(foresee, project, how)
        ),
        request.reporter,
        confirmation(request, "rebase", yes=options["yes"]),
    )
    return Rebased(reverted, deploy(request.target, project, how, request.reporter))
