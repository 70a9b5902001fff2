"""`dsvault token`: personal data replaced by tokens, and the way back."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsvault.cli.database import Answer, database_command
from dsvault.cli.expiry import expires_option
from dsvault.errors import DsvaultError
from dsvault.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from dsvault.client.tokens import Carrier, TokenOptions
    from dsvault.ops.tokens import Actor
    from dsvault.target import Target

_TYPES = ("email", "phone", "ssn", "name", "address", "credit_card", "ip_address", "custom")
_TENANT = click.argument("tenant", metavar="SLUG|ID")
_TYPE = click.argument("pii_type", metavar="TYPE", type=click.Choice(_TYPES))
_AS = click.option(
    "--as", "user_id", type=click.UUID, required=True, help="The user on whose behalf: his id."
)
_REASON = click.option("--reason", required=True, help="Why; it is written into the audit trail.")


@click.group()
def command() -> None:
    """Replace personal data by tokens, find them, look behind them, forget them.

    Everything is done on behalf of a user of the tenant, whose permissions decide: token:create and
    token:read to make tokens, token:detokenize to look behind them, and key:read.

    TYPE is email, phone, ssn, name, address, credit_card, ip_address or custom. Values are read
    from standard input, one a line, and never given as arguments.
    """


def _token_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add --random, --one-way and --expires."""
    for option in (
        expires_option("When a new token stops leading back"),
        click.option("--one-way", is_flag=True, help="Keep no value: it can be found, not opened."),
        click.option("--random", "is_random", is_flag=True, help="A new token for each value."),
    ):
        function = option(function)
    return function


@command.command()
@_TENANT
@_TYPE
@_AS
@_token_options
@database_command
def create(  # noqa: PLR0917 - click passes them by name
    target: Target,
    tenant: str,
    pii_type: str,
    user_id: UUID,
    is_random: bool,
    one_way: bool,
    expires: datetime | None,
) -> Answer:
    """Print a token for each value of standard input, in their order.

    Without --random the same value of a type has the same token in a tenant.
    """
    from dsvault.ops.tokens import token_vault  # noqa: PLC0415 - --help stays quick

    with token_vault(target, _actor(tenant, user_id)) as vault:
        made = vault.tokenize(pii_type, _values(), _options(is_random, one_way, expires))
    return Answer(_Texts("tokens", made), made)


@command.command()
@_TENANT
@click.argument("tokens", nargs=-1, required=True)
@_AS
@_REASON
@database_command
def detokenize(
    target: Target, tenant: str, tokens: tuple[str, ...], user_id: UUID, reason: str
) -> Answer:
    """Print the values of tokens, in their order; every one or none.

    What has expired, was forgotten or keeps no value is an error.
    """
    from dsvault.ops.tokens import token_vault  # noqa: PLC0415 - --help stays quick

    with token_vault(target, _actor(tenant, user_id)) as vault:
        values = vault.detokenize(tokens, reason)
    return Answer(_Texts("values", values), values)


@command.command()
@_TENANT
@_TYPE
@_AS
@click.option("--everywhere", is_flag=True, help="Random tokens too: compares all of the type.")
@database_command
def find(target: Target, tenant: str, pii_type: str, user_id: UUID, everywhere: bool) -> Answer:
    """Print the tokens of the value on standard input. Exits 1 if there is none."""
    from dsvault.ops.tokens import token_vault  # noqa: PLC0415 - --help stays quick

    with token_vault(target, _actor(tenant, user_id)) as vault:
        found = vault.find(pii_type, _value(), is_everywhere=everywhere)
    return Answer(_Texts("tokens", found), found, exit_code=0 if found else 1)


@command.command()
@_TENANT
@click.argument("token")
@_AS
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="At most.")
@database_command
def records(target: Target, tenant: str, token: str, user_id: UUID, limit: int) -> Answer:
    """Print the records that carry a token. Exits 1 if none does.

    Each is told by its dataset, version, id and field. With `find` before it, all records of a
    person are found by an address. It takes version:read.
    """
    from dsvault.ops.tokens import token_vault  # noqa: PLC0415 - --help stays quick

    with token_vault(target, _actor(tenant, user_id)) as vault:
        found = vault.carriers(token, limit)
    lines = [f"{one.dataset} {one.version} {one.record_id} {one.pointer}" for one in found]
    return Answer(_Carriers(found), lines, exit_code=0 if found else 1)


@command.command()
@_TENANT
@_TYPE
@_AS
@_REASON
@click.option("--yes", is_flag=True, help="Do it; without, only how many is told.")
@database_command
def forget(  # noqa: PLR0917 - click passes them by name
    target: Target, tenant: str, pii_type: str, user_id: UUID, reason: str, yes: bool
) -> Answer:
    """Empty every token of the value on standard input, for ever.

    The tokens stay and lead to nothing; neither can the value be found by them. Records and backups
    that hold the value are another matter.
    """
    from dsvault.ops.tokens import token_vault  # noqa: PLC0415 - --help stays quick

    value = _value()
    with token_vault(target, _actor(tenant, user_id)) as vault:
        if yes:
            count = vault.forget(pii_type, value, reason)
        else:
            count = len(vault.find(pii_type, value, is_everywhere=True))
    forgotten = ("token is", "tokens are") if yes else ("token would be", "tokens would be")
    lines = [f"{counted(count, *forgotten)} forgotten."]
    if not yes:
        lines.append("Nothing was changed; --yes does it.")
    return Answer(_Number("forgotten" if yes else "found", count), lines)


@command.command()
@_TENANT
@click.argument("source", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("destination", type=click.Path(path_type=Path))
@click.option(
    "--column",
    "columns",
    metavar="NAME:TYPE",
    multiple=True,
    required=True,
    help="A column and the type of its values; may be repeated.",
)
@_AS
@_token_options
@database_command
def column(  # noqa: PLR0917 - click passes them by name
    target: Target,
    tenant: str,
    source: Path,
    destination: Path,
    columns: tuple[str, ...],
    user_id: UUID,
    is_random: bool,
    one_way: bool,
    expires: datetime | None,
) -> Answer:
    """Copy a file with tokens in place of values of its columns.

    It is a .csv, .tsv, .jsonl or .parquet file (that takes the extra dsvault[parquet]). Empty
    values stay empty. The copy appears when it is complete; a run that was cut is run again.
    `dsvault import --token` does the same on the way into a dataset.
    """
    from dsvault.ops.token_files import ColumnJob, tokenize_file  # noqa: PLC0415 - as above

    wanted = dict(_pair(text) for text in columns)
    with _progress(f"Tokens of {source.name}") as advance:
        options = _options(is_random, one_way, expires)
        job = ColumnJob(source, destination, wanted, options)
        done = tokenize_file(target, _actor(tenant, user_id), job, advance)
    lines = [f"{counted(done.rows, 'row is', 'rows are')} copied to {destination}."]
    lines += [
        f"{name}: {counted(count, 'value is a token', 'values are tokens')} now"
        for name, count in done.values.items()
    ]
    return Answer(done, lines)


@command.command()
@click.argument("tenant", metavar="[SLUG|ID]", required=False)
@click.option("--all", "is_all", is_flag=True, help="The tokens of all tenants.")
@database_command
def count(target: Target, tenant: str | None, is_all: bool) -> Answer:
    """Add noted accesses to the counters of tokens. Run it now and then."""
    from dsvault.ops.tokens import count_accesses  # noqa: PLC0415 - --help stays quick

    if (tenant is None) != is_all:
        raise click.UsageError("Name a tenant, or give --all.")
    amount = count_accesses(target, tenant)
    return Answer(
        _Number("counted", amount), [f"{counted(amount, 'access is', 'accesses are')} counted."]
    )


@dataclass(frozen=True, slots=True)
class _Texts:
    """Tokens or values under their name."""

    name: str
    texts: Sequence[str] = field(repr=False)

    def as_json(self) -> dict[str, object]:
        """Return them as one JSON object."""
        return {self.name: list(self.texts)}


@dataclass(frozen=True, slots=True)
class _Carriers:
    """Records that carry a token."""

    found: Sequence[Carrier]

    def as_json(self) -> dict[str, object]:
        """Return them as one JSON object."""
        return {
            "records": [
                {
                    "dataset": one.dataset,
                    "version": one.version,
                    "status": one.status,
                    "dataset_id": str(one.dataset_id),
                    "version_id": str(one.version_id),
                    "record_id": str(one.record_id),
                    "pointer": one.pointer,
                }
                for one in self.found
            ]
        }


@dataclass(frozen=True, slots=True)
class _Number:
    """How many, under a name."""

    name: str
    number: int

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {self.name: self.number}


def _actor(tenant: str, user_id: UUID) -> Actor:
    from dsvault.ops.tokens import Actor  # noqa: PLC0415 - --help stays quick

    return Actor(tenant, user_id)


def _options(is_random: bool, is_one_way: bool, expires: datetime | None) -> TokenOptions:
    from dsvault.client.tokens import TokenOptions  # noqa: PLC0415 - --help stays quick

    return TokenOptions(is_random=is_random, is_one_way=is_one_way, expires_at=expires)


def _values() -> list[str]:
    """Return the lines of standard input that are not empty.

    :raises DsvaultError: they are no UTF-8.
    """
    try:
        text = sys.stdin.buffer.read().decode()
    except UnicodeDecodeError:
        raise DsvaultError(
            "Standard input is no text in UTF-8",
            hint="Convert it first, for example: iconv -f LATIN1 -t UTF-8",
        ) from None
    return [line for line in text.splitlines() if line]


def _value() -> str:
    values = _values()
    if len(values) != 1:
        raise DsvaultError(
            "Expected is one value on standard input",
            detail=counted(len(values), "line"),
            hint="Run the command for each value.",
        )
    return values[0]


def _pair(text: str) -> tuple[str, str]:
    name, colon, pii_type = text.rpartition(":")
    if not colon or not name or pii_type not in _TYPES:
        raise click.UsageError(f"--column is NAME:TYPE, TYPE one of {', '.join(_TYPES)}.")
    return name, pii_type


@contextmanager
def _progress(title: str) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how many rows are done."""
    from rich.console import Console  # noqa: PLC0415 - --help stays quick
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    console = Console(stderr=True)
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,} rows"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(title, total=None)
        yield lambda rows: progress.advance(task, rows)
