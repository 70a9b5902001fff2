"""Close a tenant, bring it back, erase it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.db import Query, connect
from dsvault.dberrors import QueryError
from dsvault.ops.acting import acting
from dsvault.ops.tenant.model import OPERATOR, TenantError
from dsvault.ops.tenant.names import find_tenant
from dsvault.ops.tenant.states import Turned, as_operator
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dsvault.db import Session
    from dsvault.target import Target

_APPLICATION = "dsvault tenant"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased. removed is a JSON object: how many rows, by table."""

    tenant_id: str
    slug: str
    removed: str
    begun_by: str
    begun_at: datetime
    finished_at: datetime | None

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object; times are ISO 8601."""
        return {
            "tenant_id": self.tenant_id,
            "slug": self.slug,
            "removed": self.counts(),
            "begun_by": self.begun_by,
            "begun_at": self.begun_at.isoformat(),
            "finished_at": self.finished_at.isoformat() if self.finished_at else None,
            "kept": "the audit trail",
        }

    def counts(self) -> Mapping[str, int]:
        """Return how many rows were removed, by table."""
        counts: Mapping[str, int] = json.loads(self.removed)
        return counts


@dataclass(frozen=True, slots=True)
class _Changed:
    is_changed: bool


@dataclass(frozen=True, slots=True)
class _Step:
    is_finished: bool


def close(target: Target, wanted: str) -> Turned:
    """Mark a tenant deleted: its users can do nothing.

    :raises TenantError: there is no such tenant.
    :raises CannotActError: the login may neither act as an operator nor grant itself that.
    """
    with as_operator(target) as session:
        tenant = find_tenant(session, wanted)
        [answer] = session.fetch(_Changed, load("tenant/close"), tenant.id)
        return Turned(find_tenant(session, tenant.id), answer.is_changed)


def restore(target: Target, wanted: str) -> Turned:
    """Bring a closed tenant back.

    :raises TenantError: there is no such tenant, it is not closed, or its erasure has begun.
    :raises CannotActError: the login may neither act as an operator nor grant itself that.
    """
    with as_operator(target) as session:
        tenant = find_tenant(session, wanted)
        session.fetch(_Changed, load("tenant/restore"), tenant.id)
        return Turned(find_tenant(session, tenant.id), is_changed=True)


def erase(target: Target, wanted: str, slug: str, *, batch_rows: int) -> Erasure:
    """Erase a closed tenant in batches, each of which is committed; go on where one stopped.

    wanted is its slug or id; slug is said a second time, to be sure. One that is erased already
    stays so, and what was removed is returned again.

    :raises TenantError: there is no such tenant, it is not closed, the slug is another one, or it
        has datasets under legal hold.
    :raises CannotActError: the login may neither act as an operator nor grant itself that.
    """
    with connect(target, application_name=_APPLICATION) as session:
        try:
            return _erase(session, wanted, slug, batch_rows)
        except QueryError as error:
            said = error.error
            raise TenantError(said.message, detail=said.detail, hint=said.hint) from None


def _erase(session: Session, wanted: str, slug: str, batch_rows: int) -> Erasure:
    with acting(session, OPERATOR):
        session.run([Query(f"SET LOCAL ROLE {OPERATOR}")])
        begun = session.fetch(Erasure, load("tenant/erasure"), wanted)
        known = begun and begun[0].slug == slug and begun[0].finished_at
        tenant_id = begun[0].tenant_id if known else find_tenant(session, wanted).id
    while True:
        with acting(session, OPERATOR):
            session.run([Query(f"SET LOCAL ROLE {OPERATOR}")])
            [step] = session.fetch(_Step, load("tenant/erase"), tenant_id, slug, batch_rows)
            if step.is_finished:
                [erasure] = session.fetch(Erasure, load("tenant/erasure"), tenant_id)
                return erasure
