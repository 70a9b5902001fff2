"""`dsvault export SLUG DATASET FILE`: a version of a dataset as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsvault.cli.database import Answer, database_command
from dsvault.cli.progress import progress_bar
from dsvault.text import counted

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
@click.option("--detokenize", is_flag=True, help="Write values in place of tokens; takes --reason.")
@click.option("--reason", metavar="TEXT", help="Why; it is written into the audit trail.")
@database_command
def dataset(  # noqa: PLR0917 - click passes them by name
    target: Target,
    tenant: str,
    dataset: str,
    file: Path,
    version: int | None,
    user: str | None,
    detokenize: bool,
    reason: str | None,
) -> Answer:
    """Decrypt a version of a dataset into a file. It is identical to the one that was imported.

    The file is readable by its owner alone, and is there only if its records are those that were
    published. Where the import put tokens in place of values they stay, unless --detokenize
    --reason asks for the values: that takes token:detokenize, and each look is audited. What was
    forgotten or has expired stays a token.
    """
    from dsvault.ops.transfer import ExportRequest, export_file  # noqa: PLC0415 - --help stays quick

    if detokenize != (reason is not None):
        raise click.UsageError("--detokenize and --reason go together.")
    request = ExportRequest(tenant, dataset, file, version, user, reason)
    with progress_bar(f"Exporting {file.name}") as progress:
        done = export_file(target, request, progress)
    lines = [
        f"{done.path}: {counted(done.rows, 'record')} of version {done.version} of {done.dataset}."
    ]
    if done.tokens_left:
        lines.append(
            counted(done.tokens_left, "value stays a token", "values stay tokens")
            + ": forgotten or expired."
        )
    elif not done.is_identical:
        lines.append("Tokens stand in place of values; --detokenize writes the values.")
    return Answer(done, lines)
