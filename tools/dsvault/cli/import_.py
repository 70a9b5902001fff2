"""`dsvault import`: a file becomes a new version of a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsvault.cli.database import Answer, database_command
from dsvault.cli.progress import progress_bar
from dsvault.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.ops.transfer import Imported, TokenRule
    from dsvault.target import Target


@click.command()
@click.argument("tenant", metavar="SLUG|ID")
@click.argument("dataset")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--user", metavar="EMAIL", help="In whose name; default: the first administrator.")
@click.option("-m", "--message", metavar="TEXT", help="What changed; default: the file's name.")
@click.option("--draft", "is_draft", is_flag=True, help="Leave the version a draft.")
@click.option(
    "--token",
    "columns",
    metavar="COLUMN=TYPE[:random]",
    multiple=True,
    help="A column whose values are replaced by tokens of a type; may be repeated.",
)
@database_command
def command(  # noqa: PLR0917 - click passes them by name
    target: Target,
    tenant: str,
    dataset: str,
    file: Path,
    user: str | None,
    message: str | None,
    is_draft: bool,
    columns: tuple[str, ...],
) -> Answer:
    """Encrypt a .csv, .tsv, .jsonl or .parquet file into a new version of a dataset.

    The dataset is made if there is none of that name. Records are encrypted here, under the
    tenant's active dataset key; the server sees neither them nor the key. An import that was
    interrupted goes on where it was when it is started again with the same file.

    --token email=email puts tokens in place of the values of the column email: equal values of a
    type have the same token, with :random each has its own. TYPE is email, phone, ssn, name,
    address, credit_card, ip_address or custom; COLUMN a member of each object in .jsonl. It takes
    token:create and token:read. `dsvault export --detokenize` gives the file back as it was.
    """
    from dsvault.ops.transfer import ImportRequest, import_file  # noqa: PLC0415 - --help stays quick

    tokens = dict(_rule(text) for text in columns)
    request = ImportRequest(tenant, dataset, file, user, message, is_draft, tokens)
    with progress_bar(f"Importing {file.name}") as progress:
        done = import_file(target, request, progress)
    return Answer(done, _lines(done))


def _rule(text: str) -> tuple[str, TokenRule]:
    from dsvault.crypto import PII_TYPES  # noqa: PLC0415 - --help stays quick
    from dsvault.ops.transfer import TokenRule  # noqa: PLC0415

    name, _, rule = text.rpartition("=")
    pii_type, _, manner = rule.partition(":")
    if not name or pii_type not in PII_TYPES or manner not in {"", "random"}:
        raise click.UsageError(
            f"--token is COLUMN=TYPE or COLUMN=TYPE:random, TYPE one of {', '.join(PII_TYPES)}."
        )
    return name, TokenRule(pii_type, is_random=manner == "random")


def _lines(done: Imported) -> Iterator[str]:
    if done.is_new_dataset:
        yield f"The dataset {done.dataset} is new."
    if done.resumed_rows:
        there = counted(done.resumed_rows, "record was", "records were")
        yield f"{there} there from an interrupted import."
    state = "published" if done.is_published else "a draft"
    yield (
        f"Version {done.version} of {done.dataset} is {state}:"
        f" {counted(done.rows, 'record')}, {counted(done.bytes, 'byte')} encrypted."
    )
    if done.tokens:
        yield counted(done.tokens, "value is a token now.", "values are tokens now.")
