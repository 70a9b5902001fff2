"""Sealing: what is covered, by whom, and that nothing is lost between two seals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.audit import rfc9162
from tests.schema.builders import SYSTEM_TENANT, new_dataset, new_tenant
from tests.support.actors import as_role, as_tenant
from tests.support.servers import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.schema.builders import Tenant
    from tests.support.database import Database


def seal(conn: psycopg.Connection) -> dict[object, int]:
    """Seal, and return how many entries of each tenant."""
    return dict(conn.execute("SELECT tenant_id, entry_count FROM dsvault.seal_audit()").fetchall())


@pytest.fixture
def sealed(vault: Database) -> Iterator[psycopg.Connection]:
    """A connection, of the test's own database, in autocommit, with everything sealed."""
    with vault.connect(superuser=True, autocommit=True) as conn:
        seal(conn)
        yield conn


def test_a_seal_vouches_for_what_its_tenant_wrote(sealed: psycopg.Connection) -> None:
    tenant = new_tenant(sealed, "alpha")
    new_dataset(sealed, tenant)
    counts = seal(sealed)
    assert counts == {SYSTEM_TENANT: 0, tenant.id: 8}
    row = sealed.execute(
        """SELECT s.entry_count, s.root_hash, s.entry_ids, s.from_transaction::text,
               s.previous_hash, ARRAY(
                   SELECT convert_to(dsvault_private.entry_text(e), 'UTF8')
                   FROM dsvault.audit_logs AS e WHERE e.tenant_id = s.tenant_id
                   ORDER BY e.transaction_id, e.created_at, e.id), ARRAY(
                   SELECT e.id FROM dsvault.audit_logs AS e WHERE e.tenant_id = s.tenant_id
                   ORDER BY e.transaction_id, e.created_at, e.id)
           FROM dsvault.audit_seals AS s WHERE s.tenant_id = %s""",
        [tenant.id],
    ).fetchone()
    assert row is not None
    count, root, ids, start, previous, entries, expected = row
    assert (count, ids, start, previous) == (8, expected, "0", bytes(32))
    assert root == rfc9162.root(entries)


def test_nothing_new_makes_no_seal(sealed: psycopg.Connection) -> None:
    assert seal(sealed) == {}
    new_tenant(sealed, "alpha")
    assert seal(sealed) != {}
    assert seal(sealed) == {}


def test_a_late_commit_falls_into_the_next_seal(
    sealed: psycopg.Connection, vault: Database
) -> None:
    tenant = new_tenant(sealed, "alpha")
    with vault.connect(superuser=True) as late:
        slow = new_dataset(late, tenant, "slow")
        quick = new_dataset(sealed, tenant, "quick")
        assert tenant.id in seal(sealed), "what ended before the slow one began"
        assert seal(sealed) == {}, "what began after it may have to wait for it"
        late.commit()
    assert seal(sealed)[tenant.id] == 2
    covered = sealed.execute(
        """SELECT e.resource_id FROM dsvault.audit_seals AS s
               JOIN dsvault.audit_logs AS e ON e.id = ANY (s.entry_ids)
           WHERE s.tenant_id = %s AND s.seal_number = 2""",
        [tenant.id],
    ).fetchall()
    assert {row[0] for row in covered} == {slow, quick}


def test_what_was_rolled_back_is_in_no_seal(sealed: psycopg.Connection, vault: Database) -> None:
    tenant = new_tenant(sealed, "alpha")
    with vault.connect(superuser=True) as other:
        new_dataset(other, tenant)
        other.rollback()
    assert seal(sealed)[tenant.id] == 7


def test_two_sealers_at_once_make_one_chain(sealed: psycopg.Connection, vault: Database) -> None:
    tenant = new_tenant(sealed, "alpha")

    def work(_: int) -> dict[object, int]:
        with vault.connect(superuser=True) as conn:
            done = seal(conn)
            conn.commit()
            return done

    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with ThreadPoolExecutor(3) as pool, vault.connect(superuser=True) as first:
        made = seal(first)
        done = pool.map(work, range(3))
        eventually(lambda: sealed.execute(waiting).fetchone() == (3,), 60)
        first.commit()
    assert made[tenant.id] == 7
    assert list(done) == [{}, {}, {}]
    numbers = sealed.execute(
        "SELECT seal_number FROM dsvault.audit_seals WHERE tenant_id = %s", [tenant.id]
    ).fetchall()
    assert numbers == [(1,)]


def test_a_long_backlog_is_sealed_in_ranges(sealed: psycopg.Connection) -> None:
    """With the limit lowered: ranges end between transactions, however large one is."""
    tenant = new_tenant(sealed, "alpha")
    for number in range(5):
        new_dataset(sealed, tenant, f"d{number}")
    sealed.execute(
        """DO $$ BEGIN EXECUTE replace(pg_get_functiondef('dsvault.seal_audit()'::regprocedure),
               ':= 100000', ':= 2'); END $$"""
    )
    sealed.execute("SELECT FROM dsvault.seal_audit()")
    counts = sealed.execute(
        """SELECT entry_count FROM dsvault.audit_seals WHERE tenant_id = %s
           ORDER BY seal_number""",
        [tenant.id],
    ).fetchall()
    assert [count for (count,) in counts] == [7, 2, 2, 1]


def test_sealing_needs_read_committed(sealed: psycopg.Connection) -> None:
    sealed.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
    with pytest.raises(psycopg.Error) as refused:
        seal(sealed)
    assert refused.value.sqlstate == "DV805"


def test_a_server_that_counts_from_anew_is_noticed(sealed: psycopg.Connection) -> None:
    sealed.execute(
        """INSERT INTO dsvault.audit_seals SELECT tenant_id, seal_number + 1, to_transaction,
               '999999999', entry_count, root_hash, previous_hash, seal_hash, sealed_at, entry_ids,
               leaf_hashes
           FROM dsvault.audit_seals ORDER BY seal_number DESC LIMIT 1"""
    )
    with pytest.raises(psycopg.Error) as refused:
        seal(sealed)
    assert refused.value.sqlstate == "DV806"


def test_operators_seal_and_nobody_else(conn: psycopg.Connection) -> None:
    with as_role(conn, "dsvault_operator"):
        conn.execute("SELECT FROM dsvault.seal_audit()")
    for role in ("dsvault_app", "dsvault_auditor", "dsvault_definer"):
        conn.execute("SAVEPOINT role")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), as_role(conn, role):
            conn.execute("SELECT FROM dsvault.seal_audit()")
        conn.execute("ROLLBACK TO role")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE dsvault.audit_seals SET sealed_at = now()",
        "DELETE FROM dsvault.audit_seals",
        "TRUNCATE dsvault.audit_seals",
    ],
)
def test_a_seal_is_not_changed(conn: psycopg.Connection, change: str) -> None:
    seal(conn)
    conn.commit()
    with pytest.raises(psycopg.Error) as refused:
        conn.execute(change.encode())
    assert refused.value.sqlstate == "DV801"
    conn.rollback()
    with pytest.raises(psycopg.errors.InsufficientPrivilege), as_role(conn, "dsvault_recorder"):
        conn.execute(change.encode())


def test_a_tenant_sees_its_own_seals(conn: psycopg.Connection, beta: Tenant) -> None:
    conn.commit()
    seal(conn)
    with as_tenant(conn, beta.id, beta.admin, role="dsvault_auditor"):
        tenants = conn.execute("SELECT DISTINCT tenant_id FROM dsvault.audit_seals").fetchall()
    assert tenants == [(beta.id,)]
