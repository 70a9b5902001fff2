"""Reading the trail as a superuser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg.rows import class_row

if TYPE_CHECKING:
    from uuid import UUID

    import psycopg

# What is audited, and what stands for a secret that must not enter the trail.
TABLES = (
    *("tenants", "users", "roles", "user_roles", "schemas", "encryption_keys"),
    *("datasets", "dataset_versions", "records", "tokens", "lineage_edges"),
)
SECRET = bytes.fromhex("deadbeefcafe")


@dataclass(frozen=True)
class Entry:
    """An audit entry."""

    tenant_id: UUID
    user_id: UUID | None
    action: str
    resource_type: str
    resource_id: UUID | None
    details: dict[str, Any]
    ip_address: object
    user_agent: str | None


class Trail:
    """The entries that are written while somebody looks."""

    def __init__(self, conn: psycopg.Connection) -> None:
        self._conn = conn
        self._seen = {row[0] for row in conn.execute("SELECT id FROM dsvault.audit_logs")}

    def new(self) -> list[Entry]:
        """Return what was written since the last look, in order."""
        with self._conn.cursor(row_factory=class_row(Entry)) as cursor:
            entries = cursor.execute(
                """SELECT tenant_id, user_id, action, resource_type, resource_id, details,
                       ip_address, user_agent
                   FROM dsvault.audit_logs WHERE id <> ALL (%s)
                   ORDER BY created_at, resource_type, action""",
                [list(self._seen)],
            ).fetchall()
        self.__init__(self._conn)  # type: ignore[misc]
        return entries

    def actions(self) -> list[str]:
        """Return the actions that were written since the last look."""
        return [entry.action for entry in self.new()]
