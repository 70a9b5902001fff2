"""`dsvault tenant`: the tenants of a vault, as an operator sees them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsvault.cli.certificates import read_signing_key, write_certificate
from dsvault.cli.database import Answer, database_command
from dsvault.cli.progress import progress_bar
from dsvault.cli.tables import aligned
from dsvault.cli.units import Size, in_bytes
from dsvault.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dsvault.ops.tenant import Tenant, TenantList
    from dsvault.ops.tenant.create import Created
    from dsvault.ops.tenant.seed import Seeded
    from dsvault.ops.tenant.summary import Summary
    from dsvault.target import Target

_PROFILES = ("small", "medium", "large")
_PROVIDERS = ("local", "aws-kms", "gcp-kms", "azure-kv", "vault")


@click.group()
def command() -> None:
    """Work on the tenants of a vault, as an operator.

    A tenant is named by its slug or its id. The login must be a member of dsvault_operator, or have
    deployed the vault.
    """


@command.command()
@click.argument("slug")
@click.option("--name", help="Name for people; default: the slug.")
@click.option("--admin-email", required=True, metavar="EMAIL", help="Its first administrator.")
@click.option("--admin-name", help="Name of the administrator; default: the address.")
@click.option("--quota", type=Size(), help="Most that published versions may hold, e.g. 10GB.")
@click.option("--kms", type=click.Choice(_PROVIDERS), default="local", help="Who holds the KEK.")
@click.option("--kek", help="The key encryption key; dsvault key --help tells its forms.")
@click.option("--no-keys", is_flag=True, help="Make no keys; dsvault key create does it later.")
@database_command
def create(  # noqa: PLR0917 - click passes them by name
    target: Target,
    slug: str,
    name: str | None,
    admin_email: str,
    admin_name: str | None,
    quota: int | None,
    kms: str,
    kek: str | None,
    no_keys: bool,
) -> Answer:
    """Create a tenant with its roles, administrator and keys. All of it is done, or nothing.

    It gets a key for records, one for fields and one for hashes, each wrapped under the key
    encryption key (KEK) that --kms and --kek name.
    """
    from dsvault.ops.tenant.create import TenantRequest, create_tenant  # noqa: PLC0415

    if (kek is None) != no_keys:
        raise click.UsageError("Name the key encryption key with --kek, or say --no-keys.")
    done = create_tenant(
        target,
        TenantRequest(slug, name or slug, admin_email, admin_name or admin_email, quota, kms, kek),
    )
    return Answer(done, _created_lines(done))


@command.command("list")
@database_command
def list_(target: Target) -> Answer:
    """List all tenants with what their users can do, and their quotas."""
    from dsvault.ops.tenant import list_tenants  # noqa: PLC0415 - --help stays quick

    found = list_tenants(target)
    return Answer(found, _list_lines(found))


@command.command()
@click.argument("tenant")
@database_command
def show(target: Target, tenant: str) -> Answer:
    """Show what a tenant has, and what its users and its quota allow."""
    from dsvault.ops.tenant.summary import summarise  # noqa: PLC0415 - --help stays quick

    found = summarise(target, tenant)
    return Answer(found, _summary_lines(found))


@command.command()
@click.argument("tenant")
@click.option("--profile", type=click.Choice(_PROFILES), default="small", help="How much.  [small]")
@click.option("--datasets", type=click.IntRange(0), help="So many datasets instead.")
@click.option("--records", type=click.IntRange(0), help="So many records in all instead.")
@click.option("--seed", type=int, default=1, help="Another number, other data.  [1]")
@click.option("--user", metavar="EMAIL", help="In whose name; default: the first administrator.")
@click.option(
    "--connections", type=click.IntRange(1, 16), default=2, help="So many datasets at once.  [2]"
)
@database_command
def seed(  # noqa: PLR0917 - click passes them by name
    target: Target,
    tenant: str,
    profile: str,
    datasets: int | None,
    records: int | None,
    seed: int,
    user: str | None,
    connections: int,
) -> Answer:
    """Fill a tenant with realistic data. Users, datasets, versions, encrypted records, lineage.

    Tokens are made for some of their personal data, which takes token:create and token:read. The
    same number gives the same data. Run again, it goes on where it was interrupted, or finds that
    all of it is there.
    """
    from dsvault.ops.tenant.seed import SeedRequest, seed_tenant  # noqa: PLC0415
    from dsvault.sampledata import PROFILES  # noqa: PLC0415

    wanted = PROFILES[profile]
    wanted = replace(
        wanted,
        datasets=wanted.datasets if datasets is None else datasets,
        records=wanted.records if records is None else records,
    )
    with progress_bar(f"Seeding {tenant}", wanted.records) as progress:
        done = seed_tenant(target, SeedRequest(tenant, wanted, seed, user, connections), progress)
    return Answer(done, _seeded_lines(done))


@command.command()
@click.argument("tenant")
@click.option("--reason", required=True, metavar="TEXT", help="Why; the tenant's users are told.")
@database_command
def suspend(target: Target, tenant: str, reason: str) -> Answer:
    """Let the users of a tenant do nothing until it is resumed.

    It works from each session's next statement on. Nothing is lost.
    """
    from dsvault.ops.tenant import suspend as suspend_tenant  # noqa: PLC0415 - --help stays quick

    done = suspend_tenant(target, tenant, reason)
    state = "is suspended" if done.is_changed else "was suspended for this reason already"
    return Answer(done, [f"The tenant {done.tenant.slug} {state}."])


@command.command()
@click.argument("tenant")
@database_command
def resume(target: Target, tenant: str) -> Answer:
    """Let the users of a suspended tenant go on."""
    from dsvault.ops.tenant import resume as resume_tenant  # noqa: PLC0415 - --help stays quick

    done = resume_tenant(target, tenant)
    state = "goes on" if done.is_changed else "was not suspended"
    return Answer(done, [f"The tenant {done.tenant.slug} {state}."])


def _created_lines(done: Created) -> Iterator[str]:
    yield f"The tenant {done.tenant.slug} is created, with id {done.tenant.id}."
    yield f"Its administrator {done.admin_email} has the id {done.admin_id}."
    for key in done.keys:
        yield f"Its {key.key_type} key {key.id} is wrapped by {key.kms_provider}."
    if not done.keys:
        yield "It has no keys yet: dsvault key create makes them."


@command.command()
@click.argument("tenant")
@database_command
def close(target: Target, tenant: str) -> Answer:
    """Close a tenant: its users can do nothing, and it may be erased. `restore` takes it back."""
    from dsvault.ops.tenant import close as close_tenant  # noqa: PLC0415 - --help stays quick

    done = close_tenant(target, tenant)
    state = "is closed" if done.is_changed else "was closed already"
    return Answer(done, [f"The tenant {done.tenant.slug} {state}."])


@command.command()
@click.argument("tenant")
@database_command
def restore(target: Target, tenant: str) -> Answer:
    """Bring a closed tenant back, unless its erasure has begun."""
    from dsvault.ops.tenant import restore as restore_tenant  # noqa: PLC0415 - --help stays quick

    done = restore_tenant(target, tenant)
    return Answer(done, [f"The tenant {done.tenant.slug} is back."])


@command.command()
@click.argument("tenant")
@click.option("--yes-erase", "slug", metavar="SLUG", help="The slug once more; else it is asked.")
@click.option("--batch-rows", type=click.IntRange(1), default=10_000, show_default=True)
@click.option(
    "--certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the certificate is written; default: erased-SLUG.json.",
)
@click.option(
    "--signing-key",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The Ed25519 key that signs it, as PEM; made with mode 600 if there is none.",
)
@database_command
def erase(  # noqa: PLR0917 - click passes them by name
    target: Target,
    tenant: str,
    slug: str | None,
    batch_rows: int,
    certificate: Path | None,
    signing_key: Path,
) -> Answer:
    """Erase a closed tenant for ever, and sign what was erased. Its audit trail stays.

    It works in batches, each of which is committed; one that was cut off is gone on with. A tenant
    with datasets under legal hold is refused. Backups and replicas keep what they have.
    """
    from dsvault.ops.tenant import erase as erase_tenant  # noqa: PLC0415 - --help stays quick

    key = read_signing_key(signing_key)
    done = erase_tenant(target, tenant, slug or _asked_slug(), batch_rows=batch_rows)
    path = certificate or Path(f"erased-{done.slug}.json")
    write_certificate(path, done.as_json(), key)
    rows = sum(done.counts().values())
    return Answer(
        done, [f"The tenant {done.slug} is erased: {counted(rows, 'row')}. Certificate: {path}"]
    )


def _asked_slug() -> str:
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask for the slug; give --yes-erase SLUG.")
    asked: str = click.prompt("Type the tenant's slug to erase it for ever", err=True)
    return asked


def _list_lines(found: TenantList) -> Iterator[str]:
    if not found.tenants:
        yield "There is no tenant."
        return
    yield from aligned(
        ("slug", "name", "state", "since", "quota", "id"),
        [
            (item.slug, item.name, item.state.value, _day(_since(item)), _quota(item), item.id)
            for item in found.tenants
        ],
    )


def _seeded_lines(done: Seeded) -> Iterator[str]:
    if done.found_records:
        yield counted(done.found_records, "record was", "records were") + " there already."
    rate = f", {done.records / done.seconds:,.0f} a second" if done.records else ""
    yield (
        f"The tenant {done.tenant} has {counted(done.users, 'user')},"
        f" {counted(done.versions, 'version')}, {counted(done.tokens, 'token')} and"
        f" {counted(done.records, 'encrypted record')} more{rate}."
    )


def _summary_lines(found: Summary) -> Iterator[str]:
    tenant, counts = found.tenant, found.counts
    share = "" if found.used_percent is None else f", {found.used_percent} %"
    reason = f": {tenant.suspension_reason}" if tenant.suspension_reason else ""
    rows = [
        ("tenant", f"{tenant.slug} ({tenant.name})"),
        ("id", tenant.id),
        ("state", f"{tenant.state.value} since {_day(_since(tenant))}{reason}"),
        ("quota", _quota(tenant)),
        ("used", in_bytes(counts.used_bytes) + share),
        ("users", f"{counts.users:,}, of them active {counts.active_users:,}"),
        ("datasets", f"{counts.datasets:,}"),
        ("versions", f"{counts.versions:,}, of them published {counts.published_versions:,}"),
        ("active keys", f"{counts.active_keys:,}"),
    ]
    for name, text in rows:
        yield f"{name:<12}{text}"


def _since(tenant: Tenant) -> datetime:
    return tenant.deleted_at or tenant.suspended_at or tenant.created_at


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _quota(tenant: Tenant) -> str:
    return "none" if tenant.quota_bytes is None else in_bytes(tenant.quota_bytes)
