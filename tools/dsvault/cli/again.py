"""What rebase and checkout share: options, and what they mean for revert and for deploy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from dsvault.cli.options import lock_options, retry_option
from dsvault.ops.deploy import DeployOptions, Mode
from dsvault.ops.revert import RevertOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dsvault.cli.options import Request
    from dsvault.ops.deploy import DeployResult
    from dsvault.ops.revert import RevertResult
    from dsvault.project import Project

F = TypeVar("F", bound="Callable[..., Any]")


@dataclass(frozen=True, slots=True)
class Rebased:
    """What was reverted, and what was deployed."""

    reverted: RevertResult
    deployed: DeployResult

    def as_json(self) -> dict[str, object]:
        """Return the result as one JSON object."""
        return {"reverted": self.reverted.as_json(), "deployed": self.deployed.as_json()}


def again_options(function: F) -> F:
    """Add the options of a command that reverts and deploys again."""
    for decorate in (
        retry_option,
        lock_options,
        click.option("-y", "yes", is_flag=True, help="Do not ask."),
        click.option("--log-only", is_flag=True, help="Change the registry alone."),
        click.option(
            "-r", "--set-revert", multiple=True, metavar="NAME=VALUE", help="For reverting only."
        ),
        click.option(
            "-e", "--set-deploy", multiple=True, metavar="NAME=VALUE", help="For deploying only."
        ),
        click.option(
            "-s", "--set", "settings", multiple=True, metavar="NAME=VALUE", help="For both."
        ),
        click.option("--verify/--no-verify", default=None, help="Verify what is deployed."),
        click.option("--mode", type=click.Choice([mode.value for mode in Mode]), help="As deploy."),
    ):
        function = decorate(function)
    return function


def revert_project(request: Request, options: Mapping[str, Any]) -> Project:
    """Return the project with the variables for reverting."""
    return request.project("revert", [*options["settings"], *options["set_revert"]])


def deploy_project(request: Request, options: Mapping[str, Any]) -> Project:
    """Return the project with the variables for deploying."""
    return request.project("deploy", [*options["settings"], *options["set_deploy"]])


def revert_options(
    options: Mapping[str, Any], *, to: str | None, modified: bool = False
) -> RevertOptions:
    """Return how to revert."""
    return RevertOptions(
        to=to,
        modified=modified,
        log_only=options["log_only"],
        lock_seconds=options["lock_seconds"],
        statement_lock_ms=options["statement_lock_ms"],
        lock_retries=options["lock_retries"],
    )


def deploy_options(
    request: Request, command: str, options: Mapping[str, Any], *, to: str | None
) -> DeployOptions:
    """Return how to deploy: by options, then the command's settings, then those of deploy."""
    config = request.config
    request.reporter.verbose += options["verbose"]
    verify = options["verify"]
    for section in (command, "deploy"):
        verify = config.get_bool(f"{section}.verify") if verify is None else verify
    mode = options["mode"] or config.get(f"{command}.mode") or config.get("deploy.mode")
    return DeployOptions(
        to=to,
        mode=Mode.named(mode),
        verify=bool(verify),
        log_only=options["log_only"],
        lock_seconds=options["lock_seconds"],
        statement_lock_ms=options["statement_lock_ms"],
        lock_retries=options["lock_retries"],
    )
