"""Retention empties the tokens of a version, and lists what somebody has to review."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import psycopg
import pytest
from tests.lifecycle.test_retention import aged, apply, due
from tests.schema.builders import new_record, new_token, new_user, new_version
from tests.support.actors import as_tenant

from dsvault.crypto import Token

if TYPE_CHECKING:
    from psycopg import Connection
    from tests.schema.builders import Tenant

ANONYMIZE = {"duration_days": 30, "action": "anonymize"}
REVIEW = {"duration_days": 30, "action": "review"}


def token(conn: Connection, tenant: Tenant) -> str:
    return str(Token("email", new_token(conn, tenant, token_hash=uuid4().hex * 2)))


def carry(conn: Connection, tenant: Tenant, dataset: UUID, version: UUID, **about: object) -> None:
    """Give a version a record with annotations, though it may be published."""
    conn.execute("SET LOCAL session_replication_role = replica")
    new_record(conn, tenant, dataset, version, pii_annotations=json.dumps({"/email": about}))
    conn.execute("SET LOCAL session_replication_role = origin")


def emptied(conn: Connection) -> set[str]:
    rows = conn.execute(
        "SELECT id FROM dsvault.tokens WHERE octet_length(encrypted_value) = 21"
        " AND expires_at <= clock_timestamp()"
    )
    return {str(Token("email", key)) for (key,) in rows}


def test_the_database_reads_the_id_of_a_token_as_the_library_writes_it(conn: Connection) -> None:
    ids = [UUID(int=0), UUID(int=2**128 - 1), *(uuid4() for _ in range(20))]
    for key in ids:
        for text, expected in ((str(Token("ip_address", key)), key), (f"tok_email_{key}", None)):
            row = conn.execute("SELECT dsvault_private.token_id(%s)", [text]).fetchone()
            assert row == (expected,)


def test_tokens_of_a_version_lead_to_nothing_unless_another_carries_them(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    alone, shared, spelling, going, theirs = (token(conn, alpha) for _ in range(5))
    dataset, version = aged(conn, alpha, ANONYMIZE, name="old")
    other, kept = aged(conn, alpha, {}, name="kept")
    also, gone = aged(conn, alpha, ANONYMIZE, name="also old")
    carry(conn, alpha, dataset, version, type="email", token=alone, spelling=spelling)
    carry(conn, alpha, dataset, version, type="email", token=shared)
    carry(conn, alpha, dataset, version, type="email", token=going)
    carry(conn, alpha, other, kept, type="email", token=shared)
    carry(conn, alpha, also, gone, type="email", token=going)
    foreign = token(conn, beta)
    carry(conn, alpha, dataset, version, type="email", token=foreign)

    assert {blocked for _, _, blocked in due(conn, alpha)} == {None}
    assert apply(conn, alpha) == 2 + 3
    assert apply(conn, alpha) == 0
    assert emptied(conn) == {alone, spelling, going}, "neither shared, foreign nor nobody's"
    assert theirs not in emptied(conn)
    assert due(conn, alpha) == []
    entries = conn.execute(
        "SELECT details ->> 'emptied', details ->> 'kept' FROM dsvault.audit_logs"
        " WHERE action = 'version.anonymize' AND resource_id = %s", [version],
    ).fetchall()  # fmt: skip
    assert [kept for _, kept in entries] == ["1"]


def test_a_token_of_a_deleted_dataset_alone_is_emptied(conn: Connection, alpha: Tenant) -> None:
    shared = token(conn, alpha)
    dataset, version = aged(conn, alpha, ANONYMIZE, name="old")
    other, kept = aged(conn, alpha, {}, name="deleted")
    carry(conn, alpha, dataset, version, type="email", token=shared)
    carry(conn, alpha, other, kept, type="email", token=shared)
    conn.execute("UPDATE dsvault.datasets SET deleted_at = now() WHERE id = %s", [other])
    apply(conn, alpha)
    assert emptied(conn) == {shared}


def test_what_the_server_cannot_anonymize_is_said_and_left(conn: Connection, alpha: Tenant) -> None:
    one = token(conn, alpha)
    aged(conn, alpha, ANONYMIZE, name="no tokens")
    dataset, version = aged(conn, alpha, ANONYMIZE, name="encrypted")
    carry(conn, alpha, dataset, version, type="email", token=one, encrypted=True)
    held, old = aged(conn, alpha, ANONYMIZE | {"legal_hold": True}, name="held")
    carry(conn, alpha, held, old, type="email", token=one)
    new_version(conn, alpha, held, 2)
    assert apply(conn, alpha) == 0
    assert {blocked for _, _, blocked in due(conn, alpha)} == {
        "nothing in it is a token: clients have to do it",
        "has fields that are encrypted: clients have to do it",
        "legal hold",
    }
    assert emptied(conn) == set()


def review(conn: Connection, tenant: Tenant, user: UUID, version: UUID, words: str) -> None:
    with as_tenant(conn, tenant.id, user):
        conn.execute("SELECT dsvault.review_version(%s, %s)", [version, words])


def test_a_review_is_listed_until_somebody_decided_and_again_later(
    conn: Connection, alpha: Tenant
) -> None:
    _, version = aged(conn, alpha, REVIEW)
    [(_, action, blocked)] = due(conn, alpha)
    assert (action, blocked) == (
        "review", f"waits for a review by its owner {alpha.admin}, or who holds dataset:update",
    )  # fmt: skip
    assert apply(conn, alpha) == 0
    review(conn, alpha, alpha.admin, version, "still needed")
    [(_, _, blocked)] = due(conn, alpha)
    assert str(blocked).startswith(f"reviewed by {alpha.admin} on ")
    row = conn.execute(
        "SELECT user_id, resource_type, resource_id, details ->> 'decision'"
        " FROM dsvault.audit_logs WHERE action = 'version.review'"
    ).fetchone()
    assert row == (alpha.admin, "version", version, "still needed")
    conn.execute("SET LOCAL session_replication_role = replica")
    conn.execute(
        'UPDATE dsvault.audit_logs SET details = details || \'{"operation": "NONE"}\''
        " WHERE action = 'version.review'"
    )
    conn.execute("SET LOCAL session_replication_role = origin")
    [(_, _, blocked)] = due(conn, alpha)
    assert str(blocked).startswith("waits for a review")


@pytest.mark.parametrize(
    ("policy", "action"), [(REVIEW, "version.review"), (ANONYMIZE, "version.anonymize")]
)
def test_what_an_application_logs_passes_for_no_review_and_no_anonymizing(
    conn: Connection, alpha: Tenant, policy: dict[str, object], action: str
) -> None:
    dataset, version = aged(conn, alpha, policy)
    carry(conn, alpha, dataset, version, type="email", token=token(conn, alpha))
    before = due(conn, alpha)
    assert len(before) == 1
    with as_tenant(conn, alpha.id, new_user(conn, alpha, "viewer", "viewer")):
        conn.execute(
            "SELECT dsvault.log_event(%s, 'version', %s, %s)",
            [action, version, json.dumps({"decision": "fine", "operation": "RETENTION"})],
        )
    assert due(conn, alpha) == before


def test_reviewing_takes_a_permission_and_words(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    _, version = aged(conn, alpha, REVIEW)
    viewer = new_user(conn, alpha, "viewer", "viewer")
    for tenant, user, words, code in (
        (alpha, viewer, "fine", "DV733"),
        (beta, beta.admin, "fine", "DV733"),
        (alpha, alpha.admin, " ", "DV734"),
    ):
        with pytest.raises(psycopg.Error) as error, conn.transaction():
            review(conn, tenant, user, version, words)
        assert error.value.sqlstate == code
        assert error.value.diag.message_hint
