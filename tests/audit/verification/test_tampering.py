"""Whatever is changed behind the triggers' back is found, and named."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

from tests.audit.verification.tampering import KINDS, entries, run
from tests.schema.builders import SYSTEM_TENANT

from dsvault import db
from dsvault.ops.audit import ranges
from dsvault.ops.audit.reading import Reader
from dsvault.ops.audit.verify import verify_in
from dsvault.queries import load

if TYPE_CHECKING:
    import pytest

    from dsvault.db import Session

TAMPERINGS = int(os.environ.get("DSVAULT_TEST_TAMPERINGS", "200"))


def test_an_untouched_trail_is_sound(session: Session) -> None:
    done = verify_in(session, Reader())
    assert (done.findings, done.unsealed, done.seals) == ((), 1, 9)
    assert done.entries == len(entries(session))


def test_months_are_read_once_however_many_seals_there_are(session: Session) -> None:
    scans = """SELECT relname, seq_scan + idx_scan FROM pg_stat_xact_user_tables
        WHERE relname LIKE 'audit!_logs!_%' ESCAPE '!'"""
    before = dict(run(session, scans))
    assert verify_in(session, Reader()).seals == 9, "in three ranges"
    read = {name: int(str(now)) - int(str(before[name])) for name, now in run(session, scans)}
    assert len(read) >= 4
    assert set(read.values()) == {2}, "for what is sealed, and for what is not"


def test_it_finds_the_same_however_many_rows_come_at_a_time(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges, "_MOST", 1)
    monkeypatch.setattr(db, "_PORTION", 2)
    done = verify_in(session, Reader())
    assert (done.findings, done.seals, done.entries) == ((), 9, len(entries(session)))


def test_entries_come_in_order_from_the_index_and_are_never_sorted_as_a_whole(
    session: Session,
) -> None:
    # The server prefers to sort what is as little as here.
    run(session, "SET LOCAL enable_seqscan = off")
    run(session, "SET LOCAL enable_bitmapscan = off")
    text = load("audit/entries").replace("$1", "NULL").replace("$2", "'999999999'")
    lines = run(session, f"EXPLAIN (COSTS OFF) DECLARE entries CURSOR FOR {text}")
    plan = "\n".join(str(line) for (line,) in lines)
    assert "Presorted Key: e.transaction_id" in plan
    assert "Merge Append" in plan
    assert "->  Sort" not in plan


def test_every_random_tampering_is_caught_and_named(session: Session) -> None:
    """200 of them: entries altered, removed, slipped in, swapped and moved, seals, archives.

    DSVAULT_TEST_TAMPERINGS says another number.
    """
    seed = random.SystemRandom().randrange(10**9)
    chance = random.Random(seed)  # noqa: S311 - to be repeated, no secret
    for number in range(TAMPERINGS):
        run(session, "SAVEPOINT tampering")
        kind = KINDS[number % len(KINDS)]
        what, entry = kind(session, chance)
        findings = verify_in(session, Reader()).findings
        assert findings, f"seed {seed}: {kind.__name__} number {number} was not caught"
        if what:
            first = findings[0]
            assert (first.what, first.entry_id) == (what, entry), f"seed {seed}, {number}"
        run(session, "ROLLBACK TO tampering")


def test_the_first_of_many_is_named_first(session: Session) -> None:
    [(tenant, ids)] = run(
        session,
        """SELECT tenant_id, entry_ids FROM dsvault.audit_seals
           WHERE seal_number = 2 AND tenant_id <> $1 ORDER BY tenant_id LIMIT 1""",
        SYSTEM_TENANT,
    )
    assert isinstance(ids, list)
    run(session, "DELETE FROM dsvault.audit_logs WHERE id = $1", ids[2])
    run(session, "UPDATE dsvault.audit_logs SET action = 'x.y' WHERE id = $1", ids[1])
    found = [(f.entry_id, f.what.split()[0]) for f in verify_in(session, Reader()).findings]
    assert found == [(str(ids[1]), "altered"), (str(ids[2]), "removed")]
    other = Reader(tenant_id=str(SYSTEM_TENANT))
    assert verify_in(session, other).findings == ()
    assert verify_in(session, Reader(tenant_id=str(tenant))).findings != ()
