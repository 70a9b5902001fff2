"""Whether keys can be used, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from dsvault.client.keys import RevokedKeyError
from dsvault.crypto import CryptoError
from dsvault.ops.keys.session import at_desk
from dsvault.ops.tenant.states import list_tenants

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dsvault.client.keys import KeyRow
    from dsvault.ops.keys.session import Desk
    from dsvault.target import Target

# AES-GCM with random nonces of 96 bits: 2**32 messages are the limit of NIST SP 800-38D, half of
# that is ours. The alarm comes while there is time to rotate.
MOST_MESSAGES = 2**31
ALARM_MESSAGES = MOST_MESSAGES // 2
_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class KeyHealth:
    """A key, how many messages it encrypted, and what is amiss with it."""

    tenant: str
    key: KeyRow
    messages: int
    findings: Sequence[str]

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "tenant": self.tenant,
            **self.key.as_json(),
            "messages": self.messages,
            "findings": list(self.findings),
        }


def health(
    target: Target, tenant: str | None, *, alarm_messages: int = ALARM_MESSAGES
) -> list[KeyHealth]:
    """Unwrap every key that is not revoked, of a tenant or of all, and count what it encrypts.

    Counted is what was ever stored, removed or not. What was encrypted and never arrived, such as
    a batch that was rolled back, nobody sees: the alarm comes at half of the limit.
    """
    names = [tenant] if tenant else [one.slug for one in list_tenants(target).tenants]
    found: list[KeyHealth] = []
    for name in names:
        with at_desk(target, name) as desk:
            found += [_health(desk, row, alarm_messages) for row in desk.keys.rows()]
    return found


def _health(desk: Desk, row: KeyRow, alarm_messages: int) -> KeyHealth:
    messages = 0 if row.key_type == "hash" else desk.use(row.id).messages
    findings = [*_unwrapping(desk, row), *_times(row)]
    if messages >= alarm_messages and row.status == "active":
        findings.append(
            f"{messages} messages, the limit is {MOST_MESSAGES}: rotate it with dsvault key rotate"
        )
    return KeyHealth(desk.tenant.slug, row, messages, findings)


def _unwrapping(desk: Desk, row: KeyRow) -> Iterator[str]:
    try:
        desk.keys.secret(row).wipe()
    except RevokedKeyError:
        return
    except CryptoError as error:
        yield f"cannot be unwrapped by {row.kms_key_id}: {error.message}"


def _times(row: KeyRow) -> Iterator[str]:
    if row.status != "active" or row.expires_at is None:
        return
    if row.has_expired:
        yield "its time is over and it is still active: rotate it"
    elif row.expires_at - datetime.now(UTC) < _SOON:
        yield f"its time is over on {row.expires_at:%Y-%m-%d}: rotate it before"
