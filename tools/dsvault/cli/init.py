"""`dsvault init`: begin a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsvault.authoring.files import make_folders, write_text
from dsvault.authoring.project import Beginning, begin_plan, new_config, script_folders
from dsvault.cli.properties import Properties, property_options, refuse_engine
from dsvault.cli.render import TextReporter, end_with, write_json
from dsvault.config import Config, Layout, own_file
from dsvault.errors import DsvaultError
from dsvault.plan import grammar
from dsvault.plan.parse import NAME_RULE

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command()
@click.argument("project")
@click.option("--uri", help="What tells the project from all others of its name.")
@click.option("--engine", metavar="pg", help="PostgreSQL, which is all that there is.")
@click.option("--target", metavar="URI|NAME", help="The database, or the name of a target.")
@property_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    project: str,
    *,
    uri: str | None,
    engine: str | None,
    target: str | None,
    properties: Properties,
    as_json: bool,
) -> None:
    """Begin a project: write sqitch.conf, an empty plan, and the folders of scripts.

    What is there already stays as it is.
    """
    reporter = TextReporter(quiet=as_json)
    try:
        created = _begin(project, uri, engine, target, properties)
    except DsvaultError as error:
        end_with(error, as_json=as_json)
    reporter.print(f"Created {path}" for path in created)
    if as_json:
        write_json(_Begun(project, created))


class _Begun:
    def __init__(self, project: str, created: Sequence[str]) -> None:
        self._content = {"project": project, "created": list(created)}

    def as_json(self) -> dict[str, object]:
        """Return the result as one JSON object."""
        return dict(self._content)


def _begin(
    project: str, uri: str | None, engine: str | None, target: str | None, given: Properties
) -> list[str]:
    """Write what is missing; return what was written, folders with a slash."""
    if project == "0":
        raise DsvaultError(
            'invalid project name "0": Sqitch takes it for none, and cannot read such a plan',
            hint="Choose a name of letters, digits, _ and -.",
        )
    if not grammar.is_name(project):
        rule = NAME_RULE.replace(', "\\"', "")
        raise DsvaultError(
            f'invalid project name "{project}": project names {rule}',
            hint="Choose a name of letters, digits, _ and -.",
        )
    refuse_engine(engine or "pg")
    created = []
    config = Config.load()
    file = own_file()
    layout = Layout.of(config, overrides=given.settings)
    if not file.is_file():
        wanted = Beginning(
            engine=engine, target=target, settings=given.settings, variables=given.variables
        )
        write_text(file, new_config(config, layout, wanted))
        created.append(str(file))
    created += begin_plan(layout.plan_file, project, uri)
    return created + [f"{path}/" for path in make_folders(script_folders(layout))]
