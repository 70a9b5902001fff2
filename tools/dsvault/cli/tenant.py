"""`dsvault tenant`: the tenants of a vault, as an operator sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsvault.cli.database import Answer, database_command
from dsvault.cli.tables import aligned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dsvault.ops.tenant import Tenant, TenantList
    from dsvault.target import Target


@click.group()
def command() -> None:
    """Work on the tenants of a vault, as an operator.

    A tenant is named by its slug or its id. The login must be a member of dsvault_operator, or have
    deployed the vault.
    """


@command.command("list")
@database_command
def list_(target: Target) -> Answer:
    """List all tenants: what their users can do, since when, and how much they may store."""
    from dsvault.ops.tenant import list_tenants  # noqa: PLC0415 - --help stays quick

    found = list_tenants(target)
    return Answer(found, _list_lines(found))


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


def _since(tenant: Tenant) -> datetime:
    return tenant.deleted_at or tenant.suspended_at or tenant.created_at


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _quota(tenant: Tenant) -> str:
    return "none" if tenant.quota_bytes is None else f"{tenant.quota_bytes:,} bytes"
