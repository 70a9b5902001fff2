"""Revoke and destroy keys: two steps, each tried first without doing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.ops.keys.session import Desk, KeyOperationError, KeyUse, Touched, at_desk
from dsvault.queries import load
from dsvault.text import counted
from dsvault.wrapping import destroyed_key

if TYPE_CHECKING:
    from uuid import UUID

    from dsvault.client.keys import KeyRow
    from dsvault.target import Target

_DESTROYED_BYTES = len(destroyed_key("local"))


@dataclass(frozen=True, slots=True)
class Retirement:
    """A key that was revoked or destroyed, or would be, and what cannot be read without it."""

    key: KeyRow
    use: KeyUse
    is_done: bool

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "key": self.key.as_json(),
            "done": self.is_done,
            "datasets": self.use.datasets,
            "records": self.use.records,
            "tokens": self.use.tokens,
            "legal_hold": self.use.is_held,
        }


def revoke_key(target: Target, tenant: str, key_id: UUID, *, is_dry_run: bool) -> Retirement:
    """Let a key neither encrypt nor decrypt any more. Its wrap stays until it is destroyed.

    :raises KeyOperationError: a legal hold forbids it, or it was revoked before.
    :raises dsvault.crypto.UnknownKeyError: the tenant has no such key.
    """
    with at_desk(target, tenant) as desk:
        row = desk.keys.row(key_id)
        if row.status == "revoked":
            raise KeyOperationError(
                f"The key {key_id} is revoked already",
                hint="dsvault key destroy takes its wrap out of the database.",
            )
        use = _use(desk, key_id)
        if not is_dry_run:
            desk.session.fetch(Touched, load("key/revoke"), desk.tenant.id, key_id)
            row = desk.keys.row(key_id)
        return Retirement(row, use, is_done=not is_dry_run)


def destroy_key(target: Target, tenant: str, key_id: UUID, *, is_dry_run: bool) -> Retirement:
    """Take the wrap of a revoked key out of the database, for ever.

    Backups and logs of the server may hold it still; they read what they hold.

    :raises KeyOperationError: it is not revoked, was destroyed before, or a legal hold forbids it.
    :raises dsvault.crypto.UnknownKeyError: the tenant has no such key.
    """
    with at_desk(target, tenant) as desk:
        row = desk.keys.row(key_id)
        if row.status != "revoked":
            raise KeyOperationError(
                f"The key {key_id} is {row.status}, not revoked",
                hint="Revoke it first, and see for a while that nobody misses it.",
            )
        if len(row.wrapped_key) == _DESTROYED_BYTES:
            raise KeyOperationError(f"The key {key_id} is destroyed already")
        use = _use(desk, key_id)
        if not is_dry_run:
            gone = destroyed_key(row.kms_provider)
            desk.session.fetch(Touched, load("key/destroy"), desk.tenant.id, key_id, gone)
            row = desk.keys.row(key_id)
        return Retirement(row, use, is_done=not is_dry_run)


def _use(desk: Desk, key_id: UUID) -> KeyUse:
    use = desk.use(key_id)
    if use.is_held:
        raise KeyOperationError(
            f"A legal hold keeps the keys of the tenant {desk.tenant.slug}",
            detail=f"{counted(use.records, 'record')} and {counted(use.tokens, 'token')}"
            " would become unreadable",
            hint="Take the hold back first: legal_hold in the tenant's settings, or in the"
            " retention_policy of one of its datasets.",
        )
    return use
