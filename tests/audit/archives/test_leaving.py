"""Old months leave the trail for files: proven before they go, provable ever after."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import psycopg
import pytest
from click.testing import CliRunner
from tests.audit.archives.months import ARCHIVE, JUNE, MAY, archive, call, findings, refusal
from tests.lifecycle.test_partitions import partitions
from tests.schema.builders import SYSTEM_TENANT, Tenant, new_dataset
from tests.support.actors import as_role

from dsvault.audit.monthfile import contents_of, hash_of
from dsvault.cli import cli

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.database import Database


def test_months_leave_for_files_that_prove_every_entry(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    before = conn.execute("SELECT count(*) FROM dsvault.audit_logs").fetchone()
    assert archive(vault, folder) == {MAY: "archived", JUNE: "archived"}
    assert not {MAY, JUNE} & set(partitions(conn))
    code, said, _ = call(vault, "verify", "--archive", folder)
    assert (code, said["archived"], said["findings"]) == (0, 12, [])
    assert said["files"] == {f"{MAY}.jsonl.gz": 9, f"{JUNE}.jsonl.gz": 3}
    conn.execute("SELECT FROM dsvault.seal_audit()")
    assert findings(vault, folder) == []
    told = conn.execute(
        """SELECT count(*), sum((details ->> 'entries')::integer) FROM dsvault.audit_logs
           WHERE action = 'audit.archive'"""
    ).fetchone()
    assert told == (4, 12), "two of the tenants, two of the system"
    after = conn.execute("SELECT count(*) FROM dsvault.audit_logs").fetchone()
    assert before is not None
    assert after is not None
    assert after[0] == before[0] - 12 + 4
    contents = contents_of(folder / f"{MAY}.jsonl.gz")
    manifest = json.loads((folder / f"{MAY}.json").read_text())
    assert manifest["contents"] == contents.digest().hex()
    assert manifest["sha256"] == hash_of(folder / f"{MAY}.jsonl.gz").hex()


def test_what_waits_to_be_dropped_is_closed_and_stays_as_it_is(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    archive(vault, folder)
    place = f"dsvault_archive.{MAY}"
    for change in (f"DELETE FROM {place}", f"UPDATE {place} SET action = 'x'", f"TRUNCATE {place}"):
        assert refusal(conn, change)[0] == "DV801"
    for role in ("dsvault_app", "dsvault_operator", "dsvault_auditor", "dsvault_recorder"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), as_role(conn, role):
            conn.execute(f"SELECT FROM {place}".encode())
    assert refusal(conn, "DELETE FROM dsvault.audit_archives")[0] == "DV801"
    assert refusal(conn, "TRUNCATE dsvault.audit_archives")[0] == "DV801"
    assert conn.execute("SELECT count(*) FROM dsvault_facts.everything()").fetchone() == (1,)


def test_a_month_is_dropped_only_while_its_file_is_there_unchanged(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    archive(vault, folder)
    june = folder / f"{JUNE}.jsonl.gz"
    june.rename(folder / "away")
    drop = ("archive", "--older-than", 12, "--to", folder, "--drop")
    code, said, _ = call(vault, *drop)
    months = said["months"]
    assert isinstance(months, list)
    assert (code, [one["state"] for one in months]) == (1, ["dropped", "not dropped"])
    assert months[1]["reason"] == f"its file {JUNE}.jsonl.gz is not in that folder"
    june.write_bytes((folder / "away").read_bytes() + b"\0")
    assert call(vault, *drop)[1]["months"][0]["reason"] == f"its file {JUNE}.jsonl.gz was changed"  # type: ignore[index]
    for name in (JUNE, None, "users"):
        drop_it = "SELECT dsvault.drop_archived_partition(%s, sha256('x'))"
        assert refusal(conn, drop_it, name)[0] == "DV825"
    (folder / "away").rename(june)
    assert archive(vault, folder, "--drop", "--dry-run") == {JUNE: "would be dropped"}
    assert archive(vault, folder, "--drop") == {JUNE: "dropped"}
    told = conn.execute(
        """SELECT tenant_id, details ->> 'partition' FROM dsvault.audit_logs
           WHERE action = 'audit.drop'"""
    ).fetchall()
    assert set(told) == set(
        conn.execute("SELECT tenant_id, partition_name FROM dsvault.audit_archives").fetchall()
    ), "every tenant whose entries left is told"
    assert len(told) == 4
    assert conn.execute("SELECT count(*) FROM dsvault.archived_audit_partitions()").fetchone() == (
        0,
    )
    assert findings(vault, folder) == []


def test_a_dry_run_tells_what_would_happen_and_why_not(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    conn.execute(
        """UPDATE dsvault.tenants SET settings = settings || '{"legal_hold": true}'
           WHERE slug = 'beta'"""
    )
    assert archive(vault, folder, "--dry-run") == {MAY: "would be archived", JUNE: "stays"}
    assert list(folder.iterdir()) == []
    assert {MAY, JUNE} <= set(partitions(conn))
    assert archive(vault, folder) == {MAY: "archived", JUNE: "stays"}


def test_each_reason_keeps_a_month_in_the_trail(vault: Database, conn: psycopg.Connection) -> None:
    none = bytes(32)
    this = conn.execute("SELECT to_char(now() AT TIME ZONE 'UTC', '\"audit_logs_\"YYYY_MM')")
    for name in ("audit_logs_default", "tenants", None, *(row[0] for row in this.fetchall())):
        assert refusal(conn, ARCHIVE, name, 12, none)[0] == "DV821", name
    for months in (0, 1201, None):
        assert refusal(conn, ARCHIVE, MAY, months, none)[0] == "DV821"
    assert refusal(conn, ARCHIVE, MAY, 1200, none) == ("DV822", "not older than 1200 months")
    assert refusal(conn, ARCHIVE, MAY, 12, none)[0] == "DV824", "the file holds something else"
    row = conn.execute("SELECT tenant_id FROM dsvault.users WHERE email LIKE 'admin@alpha%'")
    [(alpha,)] = row.fetchall()
    conn.execute(
        """UPDATE dsvault.datasets SET retention_policy = '{"legal_hold": true}'
           WHERE tenant_id = %s""",
        [alpha],
    )
    conn.execute(
        "UPDATE dsvault.tenants SET settings = '{\"legal_hold\": true}' WHERE id = %s", [alpha]
    )
    assert refusal(conn, ARCHIVE, MAY, 12, none) == ("DV822", f"legal hold of tenant {alpha}")
    conn.execute(
        """INSERT INTO dsvault.audit_logs (tenant_id, action, resource_type, created_at)
           VALUES (%s, 'x.y', 'x', '2019-05-31')""",
        [SYSTEM_TENANT],
    )
    assert refusal(conn, ARCHIVE, MAY, 12, none) == ("DV822", "1 entries are not sealed yet")


def test_the_hold_of_one_dataset_keeps_the_months_of_its_tenant(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    [(tenant, admin)] = conn.execute(
        "SELECT tenant_id, id FROM dsvault.users WHERE email LIKE 'admin@alpha%'"
    ).fetchall()
    dataset = new_dataset(conn, Tenant(tenant, admin))
    conn.execute(
        """UPDATE dsvault.datasets SET retention_policy = '{"legal_hold": true}' WHERE id = %s""",
        [dataset],
    )
    conn.execute("SELECT FROM dsvault.seal_audit()")
    assert archive(vault, folder) == {MAY: "stays", JUNE: "archived"}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE dsvault.audit_logs SET action = 'x.y' WHERE id = %s",
        "UPDATE dsvault.audit_logs SET id = gen_random_uuid() WHERE id = %s",
        "UPDATE dsvault.audit_logs SET created_at = created_at + interval '1 hour' WHERE id = %s",
    ],
)
def test_a_month_with_an_entry_that_was_altered_does_not_leave(
    vault: Database, conn: psycopg.Connection, folder: Path, change: str
) -> None:
    conn.execute("SET session_replication_role = replica")
    [(entry,)] = conn.execute(f"SELECT id FROM dsvault.{MAY} LIMIT 1".encode()).fetchall()
    conn.execute(change.encode(), [entry])
    code, said, _ = call(vault, "archive", "--older-than", 12, "--to", folder)
    assert (code, "is not as it was sealed" in str(said["error"])) == (2, True)
    assert MAY in partitions(conn)


def test_operators_let_months_go_and_nobody_else(conn: psycopg.Connection) -> None:
    with as_role(conn, "dsvault_operator"):
        conn.execute("SELECT FROM dsvault.audit_months(12)")
        assert refusal(conn, ARCHIVE, MAY, 12, bytes(32))[0] == "DV824"
    for role in ("dsvault_app", "dsvault_auditor", "dsvault_definer", "dsvault_reader"):
        for query in (
            "SELECT FROM dsvault.audit_months(12)",
            f"SELECT dsvault.archive_audit_partition('{MAY}', 12, 'f', '', '')",
            f"SELECT dsvault.drop_archived_partition('{MAY}', '')",
            "SELECT FROM dsvault.archived_audit_partitions()",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), as_role(conn, role):
                conn.execute(query.encode())


def test_an_auditor_proves_what_left_of_his_own_tenant(
    vault: Database,
    conn: psycopg.Connection,
    folder: Path,
    make_login: Callable[..., tuple[str, str]],
) -> None:
    archive(vault, folder)
    [(tenant, admin)] = conn.execute(
        "SELECT tenant_id, id FROM dsvault.users WHERE email LIKE 'admin@alpha%'"
    ).fetchall()
    url = vault.url_as(*make_login("dsvault_auditor"))
    command = ["audit", "verify", "--target", url, "--json", "--archive", str(folder)]
    result = CliRunner().invoke(cli, [*command, "--tenant", str(tenant), "--user", str(admin)])
    said = json.loads(result.stdout)
    assert (result.exit_code, said["archived"]) == (0, 9), said
    assert said["files"] == {f"{MAY}.jsonl.gz": 9}
