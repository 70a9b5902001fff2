"""`dsvault key`: keys of tenants, wrapped by a key service or a local key."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsvault.cli.database import Answer, database_command
from dsvault.cli.expiry import expires_option
from dsvault.cli.tables import aligned
from dsvault.errors import DsvaultError
from dsvault.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from dsvault.client.keys import KeyRow
    from dsvault.crypto import Secret
    from dsvault.ops.keys import KeyHealth, Retirement, Rewrapped
    from dsvault.ops.keys.session import KeyUse
    from dsvault.target import Target

_TYPES = ("dataset", "field", "backup", "hash")
_HEADING = ("key", "type", "status", "provider", "KEK", "made", "expires")
_PROVIDERS = ("local", "aws-kms", "gcp-kms", "azure-kv", "vault")
_TENANT = click.argument("tenant", metavar="SLUG|ID")
_KEY = click.argument("key_id", metavar="KEY", type=click.UUID)
_YES = click.option("--yes", is_flag=True, help="Do it; without, only what would be lost is told.")


@click.group()
def command() -> None:
    """Make, rotate, rewrap, revoke and destroy the keys of tenants.

    A tenant's data keys are kept wrapped by a key encryption key (KEK), which the database never
    sees. --kms says who holds it and --kek which one it is:

    \b
    local     file:PATH, env:NAME, passphrase:NAME or passphrase-file:PATH
    aws-kms   a key's ARN, id or alias
    gcp-kms   projects/…/locations/…/keyRings/…/cryptoKeys/…
    azure-kv  https://….vault.azure.net/keys/…
    vault     mount/key of a Transit engine, the key made with derived=true

    Keys are never given as arguments, nor printed.
    """  # noqa: D301 - click keeps the lines below this character


def _kek_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add --kms, --kek and --expires."""
    for option in (
        expires_option("When it stops encrypting"),
        click.option(
            "--kek", required=True, help="The key encryption key; see dsvault key --help."
        ),
        click.option(
            "--kms", type=click.Choice(_PROVIDERS), default="local", help="Who holds the KEK."
        ),
    ):
        function = option(function)
    return function


@command.command()
@_TENANT
@click.option(
    "--type",
    "key_types",
    type=click.Choice(_TYPES),
    multiple=True,
    help="What it is for; may be repeated. Default: dataset, field and hash.",
)
@_kek_options
@database_command
def create(  # noqa: PLR0917 - click passes them by name
    target: Target,
    tenant: str,
    key_types: tuple[str, ...],
    kms: str,
    kek: str,
    expires: datetime | None,
) -> Answer:
    """Make an active key of each type."""
    from dsvault.ops.keys import KeyRequest, create_keys  # noqa: PLC0415 - --help stays quick

    types = key_types or ("dataset", "field", "hash")
    made = create_keys(target, tenant, KeyRequest(types, kms, kek, expires))
    return Answer(made, (f"The {key.key_type} key {key.id} is made." for key in made.keys))


@command.command("list")
@_TENANT
@database_command
def list_(target: Target, tenant: str) -> Answer:
    """List the keys of a tenant."""
    from dsvault.ops.keys import list_keys  # noqa: PLC0415 - --help stays quick

    found = list_keys(target, tenant)
    if not found.keys:
        return Answer(found, [f"The tenant {found.tenant.slug} has no keys."])
    return Answer(found, aligned(_HEADING, [_row(key) for key in found.keys]))


@command.command()
@_TENANT
@_KEY
@database_command
def show(target: Target, tenant: str, key_id: UUID) -> Answer:
    """Show a key, its KEK as the provider knows it, and its use."""
    from dsvault.ops.keys import show_key  # noqa: PLC0415 - --help stays quick

    shown = show_key(target, tenant, key_id)
    use = shown.use
    lines = [
        *aligned(_HEADING, [_row(shown.key)]),
        f"encrypts {_used(use)}",
    ]
    if shown.provider is None:
        lines.append("its provider cannot be asked from here")
    else:
        lines += [f"{name}: {text}" for name, text in shown.provider.details.items()]
    if use.is_held:
        lines.append("a legal hold keeps it")
    return Answer(shown, lines)


@command.command()
@_TENANT
@click.option("--type", "key_type", type=click.Choice(_TYPES), required=True, help="Its purpose.")
@click.option(
    "--key-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Read the key, 32 bytes, from a file; else from standard input.",
)
@_kek_options
@database_command
def wrap(  # noqa: PLR0917 - click passes them by name
    target: Target,
    tenant: str,
    key_type: str,
    key_file: Path | None,
    kms: str,
    kek: str,
    expires: datetime | None,
) -> Answer:
    """Make a key from elsewhere the active one of its type."""
    from dsvault.ops.keys import KeyRequest, import_key  # noqa: PLC0415 - --help stays quick

    secret = _read_key(key_file)
    try:
        request = KeyRequest([key_type], kms, kek, expires)
        made = import_key(target, tenant, request, secret)
    finally:
        secret.wipe()
    return Answer(made, (f"The {key.key_type} key {key.id} is stored." for key in made.keys))


@command.command()
@_TENANT
@_KEY
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Write the key, 32 bytes, to a new file that only you can read.",
)
@database_command
def unwrap(target: Target, tenant: str, key_id: UUID, output: Path | None) -> Answer:
    """Prove that a key can be unwrapped; with --output, also give it out.

    The key is never printed.
    """
    from dsvault.ops.keys import unwrap_key  # noqa: PLC0415 - --help stays quick

    row, secret = unwrap_key(target, tenant, key_id)
    try:
        if output is not None:
            _write_key(output, secret)
    finally:
        secret.wipe()
    lines = [f"The {row.key_type} key {row.id} was unwrapped."]
    if output is not None:
        lines.append(f"It is written to {output}. Whoever has it reads what it encrypted.")
    return Answer(row, lines)


@command.command()
@_TENANT
@click.option("--type", "key_type", type=click.Choice(_TYPES[:3]), required=True, help="Which one.")
@_kek_options
@database_command
def rotate(  # noqa: PLR0917 - click passes them by name
    target: Target, tenant: str, key_type: str, kms: str, kek: str, expires: datetime | None
) -> Answer:
    """Let a new key encrypt from now on. The old one is kept for reading."""
    from dsvault.ops.keys import KeyRequest, rotate_key  # noqa: PLC0415 - --help stays quick

    done = rotate_key(target, tenant, KeyRequest([key_type], kms, kek, expires))
    lines = [
        f"The {key_type} key {done.new.id} encrypts from now on.",
        f"The key {done.old.id} is kept for reading.",
    ]
    return Answer(done, lines)


@command.command()
@click.argument("tenant", metavar="[SLUG|ID]", required=False)
@click.option("--all", "is_all", is_flag=True, help="The keys of all tenants.")
@click.option(
    "--kms", type=click.Choice(_PROVIDERS), default="local", help="Who holds the new KEK."
)
@click.option("--kek", required=True, help="The new key encryption key; see dsvault key --help.")
@click.option(
    "--batch", default=50, type=click.IntRange(1, 10_000), help="Keys in one transaction."
)
@database_command
def rewrap(  # noqa: PLR0917 - click passes them by name
    target: Target, tenant: str | None, is_all: bool, kms: str, kek: str, batch: int
) -> Answer:
    """Wrap keys by another KEK; no data key changes, and no data is read.

    The old KEK is where each key says; it must still be usable. Every new wrap is unwrapped and
    compared before it is written. A run that was interrupted is continued by the next. Keep the old
    KEK as long as backups hold what it wrapped. Exits 1 if a key could not be wrapped anew.
    """
    from dsvault.ops.keys import rewrap_keys  # noqa: PLC0415 - --help stays quick

    if (tenant is None) != is_all:
        raise click.UsageError("Name a tenant, or give --all.")
    done = rewrap_keys(target, tenant, (kms, kek), batch_keys=batch)
    return Answer(done, _rewrapped_lines(done), exit_code=1 if done.failed else 0)


@command.command()
@_TENANT
@_KEY
@_YES
@database_command
def revoke(target: Target, tenant: str, key_id: UUID, yes: bool) -> Answer:
    """Let a key do nothing any more: the first of two steps.

    Without --yes it tells what would become unreadable. A legal hold forbids it.
    """
    from dsvault.ops.keys import revoke_key  # noqa: PLC0415 - --help stays quick

    done = revoke_key(target, tenant, key_id, is_dry_run=not yes)
    return Answer(done, _retired_lines(done, "revoked"))


@command.command()
@_TENANT
@_KEY
@_YES
@database_command
def destroy(target: Target, tenant: str, key_id: UUID, yes: bool) -> Answer:
    """Remove the wrap of a revoked key for ever: the second step.

    Without --yes it tells what becomes unreadable. A legal hold forbids it. Backups and the
    server's logs hold the wrap as long as they are kept: destroy the KEK, or wait for them.
    """
    from dsvault.ops.keys import destroy_key  # noqa: PLC0415 - --help stays quick

    done = destroy_key(target, tenant, key_id, is_dry_run=not yes)
    return Answer(done, _retired_lines(done, "destroyed"))


@command.command()
@click.argument("tenant", metavar="[SLUG|ID]", required=False)
@click.option("--all", "is_all", is_flag=True, help="The keys of all tenants.")
@database_command
def health(target: Target, tenant: str | None, is_all: bool) -> Answer:
    """Unwrap every key, and look at its time and at how much it encrypts.

    Exits 1 if something is amiss: a key that cannot be unwrapped, one whose time is over or soon
    will be, or one that made half of the 2^31 messages that it may.
    """
    from dsvault.ops.keys import health as examine  # noqa: PLC0415 - --help stays quick

    if (tenant is None) != is_all:
        raise click.UsageError("Name a tenant, or give --all.")
    found = examine(target, tenant)
    is_amiss = any(key.findings for key in found)
    return Answer(_Examined(found), _health_lines(found), exit_code=1 if is_amiss else 0)


@dataclass(frozen=True, slots=True)
class _Examined:
    """The health of several keys."""

    keys: Sequence[KeyHealth]

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {"keys": [key.as_json() for key in self.keys]}


def _row(key: KeyRow) -> tuple[str, ...]:
    expires = f"{key.expires_at:%Y-%m-%d}" if key.expires_at else "never"
    return (
        str(key.id), key.key_type, key.status, key.kms_provider, key.kms_key_id,
        f"{key.created_at:%Y-%m-%d}", expires,
    )  # fmt: skip


def _read_key(path: Path | None) -> Secret:
    """Return the key of a file or of standard input.

    :raises DsvaultError: it cannot be read, or is empty.
    """
    from dsvault.crypto import Secret  # noqa: PLC0415 - --help stays quick

    try:
        content = path.read_bytes() if path else sys.stdin.buffer.read(4096)
    except OSError as error:
        raise DsvaultError("The key cannot be read", detail=type(error).__name__) from None
    return Secret(content)


def _write_key(path: Path, secret: Secret) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secret.reveal())
    except OSError as error:
        raise DsvaultError(
            f"The file {path} cannot be made",
            detail=error.strerror,
            hint="Name one that is not there.",
        ) from None


def _rewrapped_lines(done: Rewrapped) -> Iterator[str]:
    anew = counted(done.done, "key is", "keys are")
    yield f"{anew} wrapped anew, {done.were_done:,} were so or are revoked."
    for tenant, key, message in done.failed:
        yield f"! {tenant} {key}: {message}"


def _used(use: KeyUse) -> str:
    return (
        f"{counted(use.records, 'record')} and {counted(use.tokens, 'token')};"
        f" {counted(use.datasets, 'dataset names', 'datasets name')} it"
    )


def _retired_lines(done: Retirement, word: str) -> Iterator[str]:
    verb = "is" if done.is_done else "would be"
    yield f"The {done.key.key_type} key {done.key.id} {verb} {word}."
    yield f"Unreadable without it: {_used(done.use)}."
    if not done.is_done:
        yield "Nothing was changed; --yes does it."


def _health_lines(found: Sequence[KeyHealth]) -> Iterator[str]:
    if not found:
        yield "There are no keys."
        return
    rows = [
        (one.tenant, str(one.key.id), one.key.key_type, one.key.status, str(one.messages),
         "; ".join(one.findings) or "ok")
        for one in found
    ]  # fmt: skip
    yield from aligned(("tenant", "key", "type", "status", "messages", ""), rows)
