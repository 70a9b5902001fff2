"""`dsvault export SLUG DATASET FILE`: a version of a dataset as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsvault.cli.database import Answer, database_command
from dsvault.cli.progress import progress_bar

if TYPE_CHECKING:
    from dsvault.target import Target


@click.command()
@click.argument("tenant", metavar="SLUG|ID")
@click.argument("dataset")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--version", type=click.IntRange(1), metavar="NUMBER", help="Default: the newest published."
)
@click.option("--user", metavar="EMAIL", help="In whose name; default: the first administrator.")
@database_command
def dataset(  # noqa: PLR0917 - click passes them by name
    target: Target,
    tenant: str,
    dataset: str,
    file: Path,
    version: int | None,
    user: str | None,
) -> Answer:
    """Decrypt a version of a dataset into a file, identical to the one that was imported.

    The file is readable by its owner alone, and is there only if its records are those that were
    published.
    """
    from dsvault.ops.transfer import ExportRequest, export_file  # noqa: PLC0415 - --help stays quick

    with progress_bar(f"Exporting {file.name}") as progress:
        done = export_file(target, ExportRequest(tenant, dataset, file, version, user), progress)
    line = f"{done.path}: {done.rows:,} records of version {done.version} of {done.dataset}."
    return Answer(done, [line])
