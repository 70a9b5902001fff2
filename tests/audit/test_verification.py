"""Whatever is changed behind the triggers' back is found, and named."""

from __future__ import annotations

import json
import os
import random
from datetime import UTC
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner
from tests.schema.builders import SYSTEM_TENANT, new_dataset, new_tenant, new_user
from tests.support.database import new_database

from dsvault import db
from dsvault.audit.checkpoint import read_checkpoint, sign
from dsvault.audit.errors import CheckpointError, KeyFileError, ProofError
from dsvault.audit.proof import read_proof
from dsvault.audit.signing import make_key, read_key
from dsvault.cli import cli
from dsvault.db import Session
from dsvault.ops.audit import ranges
from dsvault.ops.audit.reading import Reader, heads
from dsvault.ops.audit.verify import verify_in
from dsvault.queries import load
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.cluster import Cluster
    from tests.support.database import Database, Deployer

TAMPERINGS = int(os.environ.get("DSVAULT_TEST_TAMPERINGS", "200"))


@pytest.fixture(scope="module")
def history(server: Cluster, deployer: Deployer, vault_template: str) -> Iterator[Database]:
    """A vault with three seals of each of two tenants, and entries that are not sealed yet."""
    with new_database(server, deployer, vault_template) as database:
        with psycopg.connect(database.superuser_url, autocommit=True) as conn:
            tenants = [new_tenant(conn, slug) for slug in ("alpha", "beta")]
            for number in range(3):
                for tenant in tenants:
                    new_user(conn, tenant, f"user{number}", "viewer")
                    dataset = new_dataset(conn, tenant, f"d{number}")
                    conn.execute(
                        "UPDATE dsvault.datasets SET description = 'x' WHERE id = %s", [dataset]
                    )
                conn.execute("SELECT dsvault.break_audit_glass('to have an entry of the system')")
                conn.execute("SELECT FROM dsvault.seal_audit()")
            new_dataset(conn, tenants[0], "last")
        yield database


@pytest.fixture
def session(history: Database) -> Iterator[Session]:
    """A superuser's session behind the triggers' back; what it does is undone."""
    with psycopg.connect(history.superuser_url, autocommit=True) as conn:
        conn.execute("SET session_replication_role = replica")
        conn.execute("BEGIN")
        yield Session(conn.pgconn, parse_target(history.superuser_url))
        conn.execute("ROLLBACK")


def run(session: Session, statement: str, *values: object) -> list[tuple[object, ...]]:
    """Run a statement in the session's own connection."""
    cursor = session._connection.execute(statement.encode(), values)
    return cursor.fetchall() if cursor.description else []


def entries(session: Session) -> list[str]:
    """Return the ids of all sealed entries."""
    return [
        str(row[0]) for row in run(session, "SELECT unnest(entry_ids) FROM dsvault.audit_seals")
    ]


Tampering = tuple[str, "str | None"]


def alter(session: Session, chance: random.Random) -> Tampering:
    """Change one column of one entry; return what is found of which entry."""
    entry = chance.choice(entries(session))
    column, value = chance.choice(
        [
            ("action", "'other.action'"),
            ("resource_type", "'other'"),
            ("resource_id", "gen_random_uuid()"),
            ("user_id", "gen_random_uuid()"),
            ("details", 'details || \'{"login": "somebody"}\''),
            ("details", "jsonb_set(details, '{operation}', '\"INSERTED\"')"),
            ("details", "details - 'login'"),
            ("ip_address", "'10.9.8.7'"),
            ("user_agent", "'other'"),
            ("created_at", "created_at - interval '1 microsecond'"),
            ("created_at", "'2061-07-01'"),
        ]
    )
    run(session, f"UPDATE dsvault.audit_logs SET {column} = {value} WHERE id = $1", entry)
    return "altered after it was sealed", entry


def move(session: Session, chance: random.Random) -> Tampering:
    """Give an entry another identity, tenant or transaction."""
    entry = chance.choice(entries(session))
    change = chance.choice(
        [
            "id = gen_random_uuid()",
            "tenant_id = gen_random_uuid()",
            "transaction_id = '99999999'",
            "transaction_id = '1'",
        ]
    )
    run(session, f"UPDATE dsvault.audit_logs SET {change} WHERE id = $1", entry)
    # Moved within its own seal it is there, and is not what it was.
    return "", entry


def remove(session: Session, chance: random.Random) -> Tampering:
    """Remove an entry."""
    entry = chance.choice(entries(session))
    run(session, "DELETE FROM dsvault.audit_logs WHERE id = $1", entry)
    return "removed after it was sealed", entry


def slip_in(session: Session, chance: random.Random) -> Tampering:
    """Write an entry that looks as if it had been there all the time."""
    entry = chance.choice(entries(session))
    [(new,)] = run(
        session,
        """INSERT INTO dsvault.audit_logs
           SELECT gen_random_uuid(), tenant_id, user_id, action, resource_type, resource_id,
               details, ip_address, user_agent, created_at, transaction_id
           FROM dsvault.audit_logs WHERE id = $1 RETURNING id""",
        entry,
    )
    return "slipped in after it was sealed", str(new)


def slip_in_elsewhere(session: Session, chance: random.Random) -> Tampering:
    """Write an old entry of a tenant that had none."""
    entry = chance.choice(entries(session))
    [(new,)] = run(
        session,
        """INSERT INTO dsvault.audit_logs
           SELECT gen_random_uuid(), gen_random_uuid(), NULL, action, resource_type, resource_id,
               details, NULL, NULL, created_at, transaction_id
           FROM dsvault.audit_logs WHERE id = $1 RETURNING id""",
        entry,
    )
    return "slipped in: below what is sealed, and in no seal", str(new)


def break_seal(session: Session, chance: random.Random) -> Tampering:
    """Change a seal, or take one out of the chain."""
    [(tenant, number)] = run(
        session,
        """SELECT tenant_id, seal_number FROM dsvault.audit_seals
           ORDER BY tenant_id, seal_number OFFSET $1 LIMIT 1""",
        chance.randrange(9),
    )
    change = chance.choice(
        [
            "SET root_hash = sha256('x')",
            "SET previous_hash = sha256('x')",
            "SET seal_hash = sha256('x')",
            "SET sealed_at = sealed_at + interval '1 second'",
            "SET seal_number = seal_number + 10",
            "SET entry_ids = gen_random_uuid() || entry_ids[2:]",
            "SET leaf_hashes = set_byte(leaf_hashes, 0, get_byte(leaf_hashes, 0) # 1)",
            "SET to_transaction = '99999999'",
        ]
    )
    if chance.random() < 0.2:
        run(session, "DELETE FROM dsvault.audit_seals WHERE tenant_id = $1 AND seal_number = $2",
            tenant, number)  # fmt: skip
    else:
        where = "WHERE tenant_id = $1 AND seal_number = $2"
        run(session, f"UPDATE dsvault.audit_seals {change} {where}", tenant, number)
    return "", None


def swap(session: Session, chance: random.Random) -> Tampering:
    """Exchange what two entries of a tenant say: nothing is gone, and nothing new."""
    [(one, other)] = run(
        session,
        """SELECT a.id, b.id FROM dsvault.audit_logs AS a
               JOIN dsvault.audit_logs AS b ON b.tenant_id = a.tenant_id
                   AND (b.action, b.details) <> (a.action, a.details)
           WHERE a.id = ANY ($1) AND b.id = ANY ($1)
           ORDER BY a.id, b.id OFFSET $2 LIMIT 1""",
        entries(session),
        chance.randrange(20),
    )
    run(
        session,
        """UPDATE dsvault.audit_logs AS a SET action = b.action, details = b.details
           FROM dsvault.audit_logs AS b
           WHERE a.id = ANY ($1) AND b.id = ANY ($1) AND b.id <> a.id""",
        [one, other],
    )
    return "", None


def claim(session: Session, chance: random.Random) -> Tampering:
    """Remove an entry and write down that it had left for a file."""
    [(tenant, entry)] = run(
        session,
        "DELETE FROM dsvault.audit_logs WHERE id = $1 RETURNING tenant_id, id",
        chance.choice(entries(session)),
    )
    run(
        session,
        """INSERT INTO dsvault.audit_archives
           VALUES ($1, $2, 'p', '2019-06-01', '2019-07-01', 1, '{[1,1000)}', sha256('x'), 'f',
               sha256('x'), now())""",
        tenant,
        chance.choice([entry, uuid4()]),
    )
    return "", None


KINDS = (alter, alter, move, swap, remove, slip_in, slip_in_elsewhere, break_seal, claim)


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


def rewrite_everything(session: Session) -> None:
    """Change the first entry, then make all seals anew, as who can do anything would."""
    run(session, "UPDATE dsvault.audit_logs SET action = 'x.y' WHERE action = 'user.create'")
    run(
        session, "CREATE TEMP TABLE ends AS SELECT DISTINCT to_transaction FROM dsvault.audit_seals"
    )
    run(session, "DELETE FROM dsvault.audit_seals")
    run(
        session,
        """SELECT dsvault_private.seal_range(
               coalesce(lag(to_transaction) OVER (ORDER BY to_transaction), '0'), to_transaction)
           FROM ends ORDER BY to_transaction""",
    )


def test_a_checkpoint_shows_a_history_that_was_made_sound_again(
    session: Session, tmp_path: Path
) -> None:
    key = make_key(tmp_path / "key")
    text = json.dumps(sign(key, "now", heads(session, None)))
    checkpoint = read_checkpoint(text)
    assert verify_in(session, Reader(), checkpoint).findings == ()
    rewrite_everything(session)
    assert verify_in(session, Reader()).findings == (), "nothing inside of the database tells"
    findings = verify_in(session, Reader(), checkpoint).findings
    assert {finding.what for finding in findings} == {
        "history was replaced: the checkpoint tells this seal otherwise"
    }


def test_a_checkpoint_shows_seals_that_were_cut_off(session: Session, tmp_path: Path) -> None:
    text = json.dumps(sign(make_key(tmp_path / "key"), "now", heads(session, None)))
    run(session, "DELETE FROM dsvault.audit_seals WHERE seal_number = 3")
    assert verify_in(session, Reader()).findings == ()
    findings = verify_in(session, Reader(), read_checkpoint(text)).findings
    assert len(findings) == 3
    assert all("is not there" in finding.what for finding in findings)


def test_a_checkpoint_that_was_changed_or_signed_by_others_is_refused(
    session: Session, tmp_path: Path
) -> None:
    key = make_key(tmp_path / "key")
    said = sign(key, "now", heads(session, None))
    text = json.dumps(said)
    assert read_checkpoint(text, said["public_key"]).made_at == "now"
    with pytest.raises(CheckpointError, match="Somebody else"):
        read_checkpoint(text, "00" * 32)
    for change in ({"made_at": "then"}, {"seals": said["seals"][1:]}, {"signature": "00" * 64}):
        with pytest.raises(CheckpointError, match="was changed"):
            read_checkpoint(json.dumps(said | change))
    for other in ("", "[]", "{}", json.dumps(said | {"format": "other"}), text[:-5]):
        with pytest.raises(CheckpointError, match="no checkpoint"):
            read_checkpoint(other)


def test_a_signing_key_is_not_shared(tmp_path: Path) -> None:
    path = tmp_path / "key"
    make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path)
    with pytest.raises(KeyFileError, match="No new key"):
        make_key(path)
    path.chmod(0o640)
    with pytest.raises(KeyFileError, match="Others may read"):
        read_key(path)
    path.chmod(0o600)
    path.write_text("nothing")
    with pytest.raises(KeyFileError, match="no Ed25519 key"):
        read_key(path)
    with pytest.raises(KeyFileError, match="cannot be read"):
        read_key(tmp_path / "none")


# On the command line


def call(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["audit", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_verify_as_the_deployer_and_as_an_auditor(
    history: Database, make_login: Callable[..., tuple[str, str]]
) -> None:
    assert call("verify", "--target", history.url)[0] == 0
    code, out, _ = call("verify", "--target", history.url, "--json")
    said = json.loads(out)
    assert (code, said["ok"], said["seals"], said["findings"]) == (0, True, 9, [])
    with history.connect(superuser=True) as conn:
        row = conn.execute(
            """SELECT u.tenant_id, u.id FROM dsvault.users AS u
               WHERE u.email = 'admin@alpha.example'"""
        ).fetchone()
    assert row is not None
    url = history.url_as(*make_login("dsvault_auditor"))
    tenant = ("--tenant", str(row[0]))
    code, out, _ = call("verify", "--target", url, *tenant, "--user", str(row[1]), "--json")
    assert (code, json.loads(out)["seals"]) == (0, 3)
    code, _, error = call("verify", "--target", url, *tenant)
    assert (code, error.splitlines()[0]) == (2, "This login may not read the whole audit trail")


def test_what_was_tampered_with_exits_1_and_is_named(
    server: Cluster, deployer: Deployer, history: Database
) -> None:
    with new_database(server, deployer, history.name) as copy:
        with psycopg.connect(copy.superuser_url, autocommit=True) as conn:
            conn.execute("SET session_replication_role = replica")
            row = conn.execute(
                """DELETE FROM dsvault.audit_logs WHERE id = (
                       SELECT id FROM dsvault.audit_logs WHERE action = 'user.create' LIMIT 1)
                   RETURNING id"""
            ).fetchone()
        assert row is not None
        code, out, _ = call("verify", "--target", copy.url)
        assert code == 1
        assert f"entry {row[0]}: removed after it was sealed" in out
        code, _, error = call("prove", str(row[0]), "--target", copy.url)
        assert (code, error.splitlines()[0]) == (2, f"There is no audit entry {row[0]}")


def test_an_entry_is_proven_without_the_database(history: Database, tmp_path: Path) -> None:
    with history.connect(superuser=True) as conn:
        ids = [
            str(row[0])
            for row in conn.execute("SELECT unnest(entry_ids) FROM dsvault.audit_seals LIMIT 12")
        ]
        fresh = conn.execute(
            "SELECT id FROM dsvault.audit_logs ORDER BY transaction_id DESC LIMIT 1"
        ).fetchone()
    key, checkpoint, proof = (tmp_path / name for name in ("key", "checkpoint", "proof"))
    code, out, _ = call("export-seal", "--key", str(key), "--new-key", "--target", history.url)
    assert code == 0
    checkpoint.write_text(out)
    against = ("--against", str(checkpoint), "--public-key", json.loads(out)["public_key"])
    for entry in ids:
        code, out, _ = call("prove", entry, "--target", history.url)
        assert code == 0
        proof.write_text(out)
        code, out, _ = call("check", str(proof), *against, "--json")
        assert (code, json.loads(out)["entry"]["id"]) == (0, entry)
    with history.connect(superuser=True) as conn:
        [made] = conn.execute(
            "SELECT created_at FROM dsvault.audit_logs WHERE id = %s", [entry]
        ).fetchall()
    assert f"created_at      {made[0].astimezone(UTC)}" in call("check", str(proof), *against)[1]
    said = json.loads(proof.read_text())
    no_time = json.loads(said["entry"])
    no_time[9] = "never"
    for change in (
        {"entry": json.dumps(no_time)},
        {"entry": said["entry"].replace("create", "delete").replace("break", "mend")},
        {"leaf_index": said["leaf_index"] + 1},
        {"path": said["path"][1:]},
        {"seals": [said["seals"][0] | {"entry_count": 99}, *said["seals"][1:]]},
        {"seals": [said["seals"][0] | {"seal_hash": "00" * 32}]},
    ):
        proof.write_text(json.dumps(said | change))
        assert call("check", str(proof), *against)[0] == 1, change
    with pytest.raises(ProofError):
        read_proof("{}")
    assert fresh is not None
    code, _, error = call("prove", str(fresh[0]), "--target", history.url)
    assert (code, "is not sealed yet" in error) == (2, True)
    assert call("verify", "--against", str(checkpoint), "--target", history.url)[0] == 0
