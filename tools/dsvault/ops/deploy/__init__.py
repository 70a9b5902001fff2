"""Deploy planned changes: script, verification and registry rows of each in one transaction.

    deploy(target: Target, project: Project, options: DeployOptions = DeployOptions(),
           report: Reporter = ignore) -> DeployResult

`target` comes from dsvault.target.parse_target(uri), `project` from dsvault.project.open_project().
The function opens a connection of its own and closes it. So a demo, or a test's template database,
needs one line:

    deploy(parse_target(uri), open_project(), DeployOptions(verify=True))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.db import connect
from dsvault.ops.deploy.options import DeployOptions, Mode
from dsvault.ops.deploy.pending import foresee
from dsvault.ops.deploy.result import DeployedNow, DeployError, DeployResult
from dsvault.ops.deploy.run import Deployment
from dsvault.ops.events import ignore
from dsvault.sqlscript import prepare_to_read

if TYPE_CHECKING:
    from dsvault.ops.events import Reporter
    from dsvault.project import Project
    from dsvault.target import Target

__all__ = [
    "DeployError",
    "DeployOptions",
    "DeployResult",
    "DeployedNow",
    "Mode",
    "deploy",
    "foresee",
]

_APPLICATION = "dsvault deploy"


def deploy(
    target: Target,
    project: Project,
    options: DeployOptions = DeployOptions(),
    report: Reporter = ignore,
) -> DeployResult:
    """Deploy the planned changes that are not deployed yet, in the plan's order.

    :raises PreflightError: something would fail, so nothing was done.
    :raises DeployError: a change failed and left no trace; earlier ones go or stay as mode says.
    :raises InterruptedRunError: the user interrupted; earlier changes stay.
    :raises LostConnectionError: the connection broke; earlier changes stay.
    :raises ConnectError: the database cannot be reached.
    :raises RegistryError: the registry has another version.
    :raises UnknownChange: the plan has no change as options.to says.
    """
    prepare_to_read()
    with connect(target, application_name=_APPLICATION) as session:
        return Deployment(session, project, options, report).run()
