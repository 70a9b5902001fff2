"""`dsvault audit verify`, `prove` and `check`, as people call them."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING

import psycopg
import pytest
from click.testing import CliRunner
from tests.audit.verification.tampering import run
from tests.support.database import new_database

from dsvault.audit.errors import ProofError
from dsvault.audit.proof import read_proof
from dsvault.cli import cli
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.cluster import Cluster
    from tests.support.database import Database, Deployer

    from dsvault.db import Session


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
        assert (code, error.splitlines()[0]) == (2, f"The entry {row[0]} is in the trail no longer")


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


def test_an_entry_is_sought_by_an_index_where_its_seal_says(session: Session) -> None:
    [[tenant, begin, end, entry]] = run(
        session,
        """SELECT tenant_id::text, from_transaction::text, to_transaction::text, entry_ids[1]::text
           FROM dsvault.audit_seals WHERE seal_number = 2 ORDER BY entry_count DESC LIMIT 1""",
    )
    run(
        session,
        """INSERT INTO dsvault.audit_logs (tenant_id, action, resource_type)
           SELECT $1::uuid, 'more.made', 'more' FROM generate_series(1, 5000)""",
        tenant,
    )
    run(session, "ANALYZE dsvault.audit_logs")
    plan = run(session, f"EXPLAIN {load('audit/entry')}", tenant, entry, begin, end)
    assert "Index Cond: ((transaction_id >= " in "\n".join(str(line[0]) for line in plan)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DELETE FROM dsvault.audit_logs WHERE id = $1", "is in the trail no longer"),
        (
            "UPDATE dsvault.audit_logs SET transaction_id = pg_current_xact_id() WHERE id = $1",
            "is not as it was sealed",
        ),
        ("UPDATE dsvault.audit_logs SET action = 'x.y' WHERE id = $1", "is not as it was sealed"),
        (
            "UPDATE dsvault.audit_logs SET id = gen_random_uuid() WHERE id = $1",
            "is in the trail no longer",
        ),
    ],
)
def test_no_proof_is_given_of_an_entry_that_is_not_as_it_was_sealed(
    server: Cluster, deployer: Deployer, history: Database, change: str, said: str
) -> None:
    with new_database(server, deployer, history.name) as copy:
        with psycopg.connect(copy.superuser_url, autocommit=True) as conn:
            conn.execute("SET session_replication_role = replica")
            [[entry]] = conn.execute("SELECT entry_ids[1]::text FROM dsvault.audit_seals LIMIT 1")
            conn.execute(change.replace("$1", "%s").encode(), [entry])
        code, _, error = call("prove", entry, "--target", copy.url)
        assert (code, error.splitlines()[0]) == (2, f"The entry {entry} {said}")


def test_no_proof_is_given_of_an_entry_that_was_slipped_in(
    server: Cluster, deployer: Deployer, history: Database
) -> None:
    with new_database(server, deployer, history.name) as copy:
        with psycopg.connect(copy.superuser_url, autocommit=True) as conn:
            conn.execute("SET session_replication_role = replica")
            [[entry]] = conn.execute(
                """INSERT INTO dsvault.audit_logs (tenant_id, action, resource_type, transaction_id)
                   SELECT tenant_id, 'x.y', 'x', from_transaction FROM dsvault.audit_seals
                   WHERE seal_number = 2 LIMIT 1 RETURNING id::text"""
            )
        code, _, error = call("prove", entry, "--target", copy.url)
        assert (code, error.splitlines()[0]) == (2, f"The entry {entry} is not as it was sealed")
