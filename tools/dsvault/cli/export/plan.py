"""`dsvault export sqlx` and `schema`: the plan for other tools."""

from __future__ import annotations

import sys
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dsvault.cli.render import TextReporter, write, write_error, write_json
from dsvault.config import find_layout
from dsvault.errors import DsvaultError
from dsvault.project import read_project
from dsvault.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsvault.ops.export import Baseline, Exported
    from dsvault.project import Project
    from dsvault.target import Target

_TARGET = click.option("-t", "--target", metavar="URI|NAME", help="The database for --baseline.")


def _export(function: Callable[..., Exported | Baseline]) -> Callable[..., None]:
    """Add --plan-file and --json to a command that returns what it did."""

    @click.option(
        "-f",
        "--plan-file",
        type=click.Path(path_type=Path),
        help="The plan; default: as Sqitch finds it.",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
    @wraps(function)
    def run(plan_file: Path | None, as_json: bool, **options: Any) -> None:  # noqa: ANN401
        try:
            done = function(plan_file, **options)
        except DsvaultError as error:
            if as_json:
                write_json(None, error)
            write_error(error)
            sys.exit(error.exit_code)
        if as_json:
            write_json(done)
        else:
            for line in done.lines():
                write(printable(line))

    return run


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--baseline", is_flag=True, help="Tell the target too what it has: fill _sqlx_migrations."
)
@_TARGET
@_export
def sqlx(
    plan_file: Path | None, *, folder: Path, baseline: bool, target: str | None
) -> Exported | Baseline:
    """Write the plan as migrations of sqlx. They are DIR/TIMESTAMP_NAME.up.sql and .down.sql.

    Timestamps are the planned times, so they stay what they are when the plan grows. sqlx accepts a
    database that this toolkit or Sqitch has deployed after --baseline.
    """
    from dsvault.ops.export import record_baseline, write_migrations  # noqa: PLC0415 - costly

    project = _project(plan_file, target)
    written = write_migrations(project, folder)
    if not baseline:
        return written
    return record_baseline(_database(project, target), project, TextReporter(quiet=True), written)


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@_export
def schema(plan_file: Path | None, *, file: Path) -> Exported:
    """Write the plan as one FILE that makes the same schema by psql."""
    from dsvault.ops.export import write_schema  # noqa: PLC0415 - costly

    return write_schema(_project(plan_file, None), file)


def _project(plan_file: Path | None, target: str | None) -> Project:
    name = target if target and ":" not in target else None
    return read_project(*find_layout(plan_file=plan_file, target=name))


def _database(project: Project, target: str | None) -> Target:
    from dsvault.ops.targets import resolve_target, wanted_target  # noqa: PLC0415 - needs a server

    found = resolve_target(
        wanted_target(target, project.config), project.config, project.layout.registry
    )
    if found.is_embedded:
        write(f"No target given: using {found.display}", err=True)
    return found
