"""`dsvault audit`: is the trail what was sealed, and how others can know it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dsvault.cli.database import Answer, database_command
from dsvault.cli.render import write, write_error, write_json
from dsvault.cli.tables import aligned
from dsvault.errors import DsvaultError
from dsvault.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dsvault.audit.checkpoint import Checkpoint
    from dsvault.ops.audit.archive import Report
    from dsvault.ops.audit.verify import Verification
    from dsvault.target import Target

_SHOWN = 20
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)

_tenant = click.option("--tenant", "tenant_id", metavar="ID", help="Only the trail of this tenant.")
_user = click.option(
    "--user",
    "user_id",
    metavar="ID",
    help="Read with the login's own rights, as this user of the tenant, who needs audit:read.",
)
_public_key = click.option(
    "--public-key", metavar="HEX", help="Believe only a checkpoint that this key signed."
)


@click.group()
def command() -> None:
    """Verify the sealed audit trail, export checkpoints of it, prove entries.

    dsvault.seal_audit() seals what has been written; dsvault.audit_logs and dsvault.audit_seals
    are read here, and every hash is computed anew.
    """


@command.command()
@_tenant
@_user
@click.option("--against", type=_FILE, help="Compare with a checkpoint of export-seal too.")
@_public_key
@click.option(
    "--archive",
    "archives",
    type=click.Path(path_type=Path, exists=True),
    multiple=True,
    help="Prove the entries in a file of an archived month too, or in all that a folder must hold.",
)
@database_command
def verify(  # noqa: PLR0917 - click passes them by name
    target: Target,
    tenant_id: str | None,
    user_id: str | None,
    against: Path | None,
    public_key: str | None,
    archives: tuple[Path, ...],
) -> Answer:
    """Prove every seal and every entry. Name what was altered, removed or slipped in; exit 1 then.

    Entries that `audit archive` wrote to files are counted, and proven only with --archive.
    Without --against, whoever can change everything in the database, the seals included, can also
    make it sound again; a checkpoint kept elsewhere shows that.
    """
    from dsvault.ops.audit.reading import Reader  # noqa: PLC0415 - --help stays quick
    from dsvault.ops.audit.verify import verify_trail  # noqa: PLC0415

    checkpoint = _checkpoint(against, public_key)
    done = verify_trail(target, Reader(tenant_id, user_id), checkpoint, archives)
    return Answer(done, _verified(done), 1 if done.findings else 0)


@command.command()
@click.option(
    "--older-than",
    type=click.IntRange(1, 1200),
    required=True,
    metavar="N",
    help="So many whole months before this one stay.",
)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False, writable=True),
    required=True,
    help="Folder of the files.",
)
@click.option("--drop", is_flag=True, help="Drop what is in a file there, unchanged.")
@click.option("--dry-run", is_flag=True, help="Show what would be done and why not; do nothing.")
@database_command
def archive(target: Target, older_than: int, folder: Path, drop: bool, dry_run: bool) -> Answer:
    """Let old months leave the trail for compressed files.

    A month goes only if it is sealed, each entry is as it was sealed, no tenant in it is under
    legal hold, and its file was read again and holds the same. Its rows then wait in the schema
    dsvault_archive until --drop is given. Cut off anywhere, it goes on with the next run.
    `audit verify --archive` proves the files. The login must be the one that deployed the vault, or
    a superuser.
    """
    from dsvault.ops.audit.archive import Request, archive_months  # noqa: PLC0415 - as above

    done = archive_months(target, Request(older_than, folder, drop, dry_run))
    return Answer(done, _archived(done), 0 if done.is_done else 1)


@command.command("export-seal")
@_tenant
@_user
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File of the Ed25519 key that signs, readable by its owner only.",
)
@click.option("--new-key", is_flag=True, help="Make the key first, in a file that does not exist.")
@database_command
def export_seal(
    target: Target, tenant_id: str | None, user_id: str | None, key_file: Path, new_key: bool
) -> Answer:
    """Print a signed checkpoint of the last seals. Keep it outside of the database."""
    from dsvault.audit.signing import make_key, read_key  # noqa: PLC0415 - --help stays quick
    from dsvault.ops.audit.export import export_checkpoint  # noqa: PLC0415
    from dsvault.ops.audit.reading import Reader  # noqa: PLC0415

    key = make_key(key_file) if new_key else read_key(key_file)
    said = export_checkpoint(target, Reader(tenant_id, user_id), key)
    return Answer(_Document(said), _pretty(said))


@command.command()
@click.argument("entry_id", metavar="ENTRY")
@_tenant
@_user
@database_command
def prove(target: Target, entry_id: str, tenant_id: str | None, user_id: str | None) -> Answer:
    """Print a proof that an entry is in the sealed trail. `audit check` checks it."""
    from dsvault.ops.audit.export import prove_entry  # noqa: PLC0415 - --help stays quick
    from dsvault.ops.audit.reading import Reader  # noqa: PLC0415

    said = prove_entry(target, Reader(tenant_id, user_id), entry_id).as_json()
    return Answer(_Document(said), _pretty(said))


def _offline(function: Callable[..., tuple[dict[str, Any], list[str], int]]) -> Callable[..., None]:
    """Print what a command without a database has to say, and exit."""

    def run(as_json: bool, **options: object) -> None:
        try:
            said, lines, code = function(**options)
        except DsvaultError as error:
            if as_json:
                write_json(None, error)
            write_error(error)
            raise SystemExit(error.exit_code) from None
        if as_json:
            write_json(_Document(said))
        else:
            for line in lines:
                write(printable(line))
        raise SystemExit(code)

    run.__doc__ = function.__doc__
    return run


@command.command("check")
@click.argument("proof", type=_FILE)
@click.option("--against", type=_FILE, help="A checkpoint that tells one of the proof's seals.")
@_public_key
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@_offline
def check(
    proof: Path, against: Path | None, public_key: str | None
) -> tuple[dict[str, Any], list[str], int]:
    """Check a proof without a database. Exit 1 if it does not hold.

    Without --against it shows no more than that entry and seals belong together.
    """
    from dsvault.audit.proof import read_proof  # noqa: PLC0415 - --help stays quick

    checkpoint = _checkpoint(against, public_key)
    found = read_proof(proof.read_text(encoding="utf-8"))
    fault = found.fault(checkpoint.seals if checkpoint else None)
    said = {"ok": fault is None, "fault": fault, "entry": found.columns}
    lines = [f"{name:<14}  {_legible(name, value)}" for name, value in found.columns.items()]
    lines.append(f"not proven: {fault}" if fault else _proven(checkpoint))
    return said, lines, 1 if fault else 0


@dataclass(frozen=True, slots=True)
class _Document:
    content: dict[str, Any]

    def as_json(self) -> dict[str, object]:
        """Return it as it is."""
        return self.content


def _checkpoint(path: Path | None, public_key: str | None) -> Checkpoint | None:
    from dsvault.audit.checkpoint import read_checkpoint  # noqa: PLC0415 - --help stays quick

    return read_checkpoint(path.read_text(encoding="utf-8"), public_key) if path else None


def _archived(done: Report) -> Iterator[str]:
    if not done.outcomes:
        yield "There is no past month in the trail, and none that waits to be dropped."
        return
    yield from aligned(
        ("month", "entries", "MB", "state", "file", "why"),
        [
            (
                one.partition, str(one.entries), f"{one.size / 1e6:.1f}", one.state,
                one.file or "", one.reason or "",
            )
            for one in done.outcomes
        ],
    )  # fmt: skip


def _legible(name: str, value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    """Return a column as people read it: the time of an entry is seconds since 1970, as text."""
    if name == "created_at":
        with suppress(ArithmeticError, TypeError, ValueError):  # the file may say anything
            past = timedelta(microseconds=int(Decimal(value) * 1_000_000))
            return str(datetime.fromtimestamp(0, UTC) + past)
    return json.dumps(value)


def _pretty(said: dict[str, Any]) -> list[str]:
    return json.dumps(said, indent=2).splitlines()


def _proven(checkpoint: Checkpoint | None) -> str:
    if checkpoint is None:
        return "Proven to belong to its seals; no checkpoint tells whether they are genuine."
    return f"Proven by the checkpoint of {checkpoint.made_at}, signed by {checkpoint.public_key}."


def _verified(done: Verification) -> Iterator[str]:
    for finding in done.findings[:_SHOWN]:
        yield str(finding)
    if len(done.findings) > _SHOWN:
        yield f"and {len(done.findings) - _SHOWN} more; --json tells all"
    yield (
        f"{counted(done.seals, 'seal vouches', 'seals vouch')} for"
        f" {counted(done.entries, 'entry', 'entries')},"
        f" {counted(done.unsealed, 'is', 'are')} not sealed yet, {done.archived:,} left for files: "
        + (counted(len(done.findings), "finding") if done.findings else "all as it was sealed")
    )
    for name, amount in done.files.items():
        yield f"{name}: {counted(amount, 'entry', 'entries')} proven"
    if done.signer:
        yield f"compared with a checkpoint signed by {done.signer}"
