"""What applications write into the trail: dsvault.log_event."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from tests.schema.builders import (
    new_user,
)
from tests.support.actors import as_tenant

if TYPE_CHECKING:
    from tests.audit.trail import Trail
    from tests.schema.builders import Tenant


def test_an_application_writes_what_no_trigger_sees(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail
) -> None:
    resource = uuid4()
    with as_tenant(conn, alpha.id, alpha.admin, role="dsvault_reader"):
        conn.execute(
            "SELECT dsvault.log_event('record.read', 'record', %s, %s)",
            [resource, psycopg.types.json.Jsonb({"why": "support", "operation": "INSERT"})],
        )
    (entry,) = trail.new()
    assert (entry.tenant_id, entry.user_id) == (alpha.id, alpha.admin)
    assert (entry.action, entry.resource_id) == ("record.read", resource)
    assert (entry.details["why"], entry.details["operation"]) == ("support", "EVENT")


def test_an_event_says_nothing_in_place_of_the_trail(
    conn: psycopg.Connection, alpha: Tenant, trail: Trail
) -> None:
    own = ("login", "role", "claimed_tenant", "claimed_user", "claimed_ip", "operation")
    forged = psycopg.types.json.Jsonb(dict.fromkeys((*own, "why"), "forged"))
    for name, value in (("tenant", alpha.id), ("user", alpha.admin)):
        conn.execute("SELECT set_config(%s, %s, true)", [f"app.current_{name}_id", str(value)])
    conn.execute("SELECT dsvault.log_event('record.read', 'record', NULL, %s)", [forged])
    (entry,) = trail.new()
    login = conn.execute("SELECT session_user::text").fetchone()
    assert entry.details == {"login": login[0], "operation": "EVENT", "why": "forged"}  # type: ignore[index]


@pytest.mark.parametrize(
    ("action", "code"),
    [("audit.break_glass", "DV804"), ("read", "DV804"), ("Record.Read", "DV804"), (None, "DV804")],
)
def test_an_event_is_named_as_one(
    conn: psycopg.Connection, alpha: Tenant, action: str | None, code: str
) -> None:
    with pytest.raises(psycopg.Error) as refused, as_tenant(conn, alpha.id, alpha.admin):
        conn.execute("SELECT dsvault.log_event(%s, 'record')", [action])
    assert refused.value.sqlstate == code


@pytest.mark.parametrize("details", ["null", '"text"', "1", '[{"operation": "INSERT"}]'])
def test_the_details_of_an_event_are_an_object(
    conn: psycopg.Connection, alpha: Tenant, details: str
) -> None:
    with (
        pytest.raises(psycopg.errors.CheckViolation, match="audit_details_is_object"),
        as_tenant(conn, alpha.id, alpha.admin),
    ):
        conn.execute("SELECT dsvault.log_event('record.read', 'record', NULL, %s)", [details])


@pytest.mark.parametrize("status", ["suspended", "locked"])
def test_nobody_writes_an_event_who_is_not_a_live_user(
    conn: psycopg.Connection, alpha: Tenant, status: str
) -> None:
    user = new_user(conn, alpha, "one", status=status)
    for who in (user, None, uuid4()):
        conn.execute("SAVEPOINT who")
        with pytest.raises(psycopg.Error) as refused, as_tenant(conn, alpha.id, who):
            conn.execute("SELECT dsvault.log_event('record.read', 'record')")
        conn.execute("ROLLBACK TO who")
        assert refused.value.sqlstate == "DV803"
