"""Change the key encryption key: every data key is wrapped anew, none changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.ops.keys.session import Desk, KeyOperationError, Touched, at_desk
from dsvault.ops.tenant.states import list_tenants
from dsvault.queries import load
from dsvault.wrapping import Provider, WrapError, open_provider

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.client.keys import KeyRow
    from dsvault.target import Target

BATCH_KEYS = 50


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """How many keys were wrapped anew, were so before, and could not be; the latter by id."""

    done: int
    were_done: int
    failed: Sequence[tuple[str, str, str]]

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "rewrapped": self.done,
            "already": self.were_done,
            "failed": [
                {"tenant": tenant, "key": key, "message": message}
                for tenant, key, message in self.failed
            ],
        }


def rewrap_keys(
    target: Target,
    tenant: str | None,
    provider: Provider | tuple[str, str],
    *,
    batch_keys: int = BATCH_KEYS,
) -> Rewrapped:
    """Wrap all keys of a tenant, or of all, by another key encryption key.

    Each new wrap is unwrapped and compared before it is written. Every batch is a transaction: a
    run that was killed is continued by the next one, which passes over what is done. A key that
    cannot be unwrapped is reported, and does not keep the others.

    :raises dsvault.wrapping.WrapError: the new key encryption key cannot be used.
    """
    new = provider if isinstance(provider, Provider) else open_provider(*provider)
    if not (state := new.health()).is_healthy:
        raise KeyOperationError(
            f"The new key encryption key {new.kms_key_id} cannot be used", detail=state.message
        )
    names = [tenant] if tenant else [one.slug for one in list_tenants(target).tenants]
    done = before = 0
    failed: list[tuple[str, str, str]] = []
    for name in names:
        tried: set[str] = set()
        while True:
            with at_desk(target, name) as desk:
                due = [row for row in _due(desk, new) if str(row.id) not in tried]
                if not tried:
                    before += len(desk.keys.rows()) - len(due)
                batch = due[:batch_keys]
                lost = _rewrap(desk, new, batch)
            tried |= {str(row.id) for row in batch}
            done += len(batch) - len(lost)
            failed += lost
            if len(due) <= batch_keys:
                break
    return Rewrapped(done, before, failed)


def _due(desk: Desk, new: Provider) -> list[KeyRow]:
    """Return the keys that another key encryption key wraps; revoked ones are left as they are."""
    return [
        row
        for row in desk.keys.rows()
        if (row.kms_provider, row.kms_key_id) != (new.name, new.kms_key_id)
        and row.status != "revoked"
    ]


def _rewrap(desk: Desk, new: Provider, batch: Sequence[KeyRow]) -> list[tuple[str, str, str]]:
    """Wrap a batch anew; return what could not be."""
    lost = []
    for row in batch:
        try:
            wrapped = desk.keys.provider(row).rewrap(row.wrapped_key, row.context, new)
        except WrapError as error:
            lost.append((desk.tenant.slug, str(row.id), error.message))
            continue
        changed = desk.session.fetch(
            Touched, load("key/rewrap"), desk.tenant.id, row.id, row.wrapped_key,
            new.name, new.kms_key_id, wrapped,
        )  # fmt: skip
        if not changed:
            lost.append((desk.tenant.slug, str(row.id), "somebody else changed it meanwhile"))
    return lost
