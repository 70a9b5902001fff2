"""A closed tenant is erased step by step, whatever happens between, and its trail stays."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import psycopg
import pytest
from click.testing import CliRunner, Result
from tests.schema.builders import (
    insert,
    new_dataset,
    new_record,
    new_tenant,
    new_token,
    new_user,
    new_version,
)
from tests.support.actors import as_role

from dsvault.certificate import CertificateError, verify
from dsvault.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

    from psycopg import Connection
    from tests.schema.builders import Tenant
    from tests.support.database import Database

CONTENT = (
    *("records", "lineage_edges", "tokens", "dataset_versions", "datasets", "schemas"),
    *("user_roles", "roles", "users", "encryption_keys"),
)


def fill(conn: Connection, tenant: Tenant, *, records: int = 5) -> None:
    """Give a tenant rows in every table."""
    schema = insert(
        conn, "schemas", tenant_id=tenant.id, name="s", definition="{}", created_by=tenant.admin
    )
    insert(
        conn, "schemas", tenant_id=tenant.id, name="s", definition="{}", created_by=tenant.admin,
        parent_schema_id=schema,
    )  # fmt: skip
    dataset = new_dataset(conn, tenant, schema_id=schema)
    first, second = (new_version(conn, tenant, dataset, number) for number in (1, 2))
    conn.execute(
        "UPDATE dsvault.dataset_versions SET parent_version_id = %s WHERE id = %s", [first, second]
    )
    for _ in range(records):
        new_record(conn, tenant, dataset, first)
    conn.execute("UPDATE dsvault.dataset_versions SET status = 'published', size_bytes = 9")
    new_token(conn, tenant)
    new_user(conn, tenant, "one", "viewer")
    insert(
        conn, "lineage_edges", tenant_id=tenant.id, source_type="version", source_id=second,
        target_type="version", target_id=first, relationship="derived_from",
    )  # fmt: skip
    insert(conn, "audit_logs", tenant_id=tenant.id, action="dataset.read", resource_type="dataset")


def rows_of(conn: Connection, tenant: Tenant) -> dict[str, int]:
    counts = {}
    for table in (*CONTENT, "audit_logs"):
        row = conn.execute(
            f"SELECT count(*) FROM dsvault.{table} WHERE tenant_id = %s".encode(), [tenant.id]
        ).fetchone()
        assert row is not None
        counts[table] = row[0]
    return counts


def step(conn: Connection, tenant: Tenant, slug: str, batch: int = 3) -> tuple[object, ...]:
    with as_role(conn, "dsvault_operator"):
        row = conn.execute(
            "SELECT removed, is_finished FROM dsvault.erase_tenant(%s, %s, %s)",
            [tenant.id, slug, batch],
        ).fetchone()
    assert row is not None
    return row


def close(conn: Connection, tenant: Tenant) -> None:
    with as_role(conn, "dsvault_operator"):
        conn.execute("SELECT dsvault.close_tenant(%s)", [tenant.id])


def test_every_table_of_tenants_is_in_the_order_of_erasure(conn: Connection) -> None:
    tables = conn.execute(
        """SELECT relname FROM pg_class AS c
           WHERE relnamespace = 'dsvault'::regnamespace AND relkind IN ('r', 'p')
             AND NOT relispartition AND EXISTS (SELECT FROM pg_attribute AS a
                WHERE a.attrelid = c.oid AND a.attname = 'tenant_id')"""
    ).fetchall()
    order = conn.execute("SELECT name FROM dsvault_private.erasure_order()").fetchall()
    kept = {name for (name,) in tables if name.startswith("audit_")} | {
        "tenant_erasures",
        "tenant_usage",  # goes with its tenant
        "key_removals",  # goes with its key
    }
    assert {name for (name,) in tables} - kept == {name for (name,) in order}


def test_step_by_step_nothing_is_left_but_the_trail(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    fill(conn, alpha)
    fill(conn, beta)
    before, theirs = rows_of(conn, alpha), rows_of(conn, beta)
    assert all(before.values())
    close(conn, alpha)
    steps = 0
    while not step(conn, alpha, "alpha")[1]:
        steps += 1
        assert steps < 100
    assert steps > len(CONTENT), "five records take two steps of three"
    after = rows_of(conn, alpha)
    assert after.pop("audit_logs") >= before["audit_logs"]
    assert not any(after.values())
    assert rows_of(conn, beta) == theirs
    removed, is_finished = step(conn, alpha, "alpha")
    assert is_finished, "once more changes nothing"
    assert removed == {table: before[table] for table in CONTENT}
    gone = conn.execute("SELECT FROM dsvault.tenants WHERE id = %s", [alpha.id]).fetchone()
    assert gone is None


def test_the_slug_is_free_again(conn: Connection, alpha: Tenant) -> None:
    close(conn, alpha)
    while not step(conn, alpha, "alpha", 1000)[1]:
        pass
    assert new_tenant(conn, "alpha").id != alpha.id


def refusal(conn: Connection, tenant_id: object, slug: str) -> str | None:
    with pytest.raises(psycopg.Error) as refused, conn.transaction():
        conn.execute("SELECT dsvault.erase_tenant(%s, %s)", [tenant_id, slug])
    assert refused.value.diag.message_hint
    return refused.value.sqlstate


def test_what_must_not_be_erased_is_refused(conn: Connection, alpha: Tenant, beta: Tenant) -> None:
    fill(conn, alpha)
    assert refusal(conn, "00000000-0000-0000-0000-000000000000", "system") == "DV742"
    assert refusal(conn, alpha.id, "beta") == "DV743"
    assert refusal(conn, alpha.id, "alpha") == "DV744"
    assert refusal(conn, alpha.admin, "alpha") == "DV741"
    conn.execute("UPDATE dsvault.datasets SET retention_policy = '{\"legal_hold\": true}'")
    close(conn, alpha)
    assert refusal(conn, alpha.id, "alpha") == "DV745"
    assert all(rows_of(conn, alpha).values())
    with pytest.raises(psycopg.errors.InsufficientPrivilege), as_role(conn, "dsvault_app"):
        conn.execute("SELECT dsvault.erase_tenant(%s, 'alpha')", [alpha.id])


@pytest.mark.parametrize("hold", ['{"legal_hold": true}', '{"legal_hold": "true"}'])
def test_a_tenant_under_legal_hold_is_not_erased(
    conn: Connection, alpha: Tenant, hold: str
) -> None:
    """Settings have no checked shape: what keeps its keys keeps the tenant."""
    fill(conn, alpha)
    close(conn, alpha)
    conn.execute("UPDATE dsvault.tenants SET settings = %s WHERE id = %s", [hold, alpha.id])
    assert refusal(conn, alpha.id, "alpha") == "DV745"
    conn.execute("UPDATE dsvault.tenants SET settings = '{}' WHERE id = %s", [alpha.id])
    step(conn, alpha, "alpha")


def test_a_tenant_whose_erasure_has_begun_does_not_come_back(
    conn: Connection, alpha: Tenant
) -> None:
    fill(conn, alpha)
    close(conn, alpha)
    step(conn, alpha, "alpha")
    with pytest.raises(psycopg.Error) as refused:
        conn.execute("SELECT dsvault.restore_tenant(%s)", [alpha.id])
    assert refused.value.sqlstate == "DV724"


# The command


def run(vault: Database, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["tenant", *arguments, "--target", vault.url])


def test_the_command_closes_erases_and_leaves_a_signed_certificate(
    vault: Database, conn: Connection, alpha: Tenant, tmp_path: Path
) -> None:
    fill(conn, alpha)
    conn.commit()
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.json"
    options = ["--signing-key", str(key), "--certificate", str(certificate), "--batch-rows", "2"]
    early = run(vault, "erase", "alpha", "--yes-erase", "alpha", *options)
    assert early.exit_code == 2
    assert "not closed" in early.stderr
    assert "is closed" in run(vault, "close", "alpha").stdout
    assert "is back" in run(vault, "restore", "alpha").stdout
    assert run(vault, "close", "alpha").exit_code == 0
    wrong = run(vault, "erase", "alpha", "--yes-erase", "beta", *options)
    assert wrong.exit_code == 2
    assert "slug does not match" in wrong.stderr
    done = run(vault, "erase", "alpha", "--yes-erase", "alpha", *options)
    assert done.exit_code == 0, done.output
    assert key.stat().st_mode & 0o777 == 0o600
    signed = json.loads(certificate.read_text())
    content = verify(signed, signed["public_key"])
    assert content["tenant_id"] == str(alpha.id)
    assert content["removed"]["records"] == 5
    assert content["finished_at"]
    again = run(vault, "erase", "alpha", "--yes-erase", "alpha", *options, "--json")
    assert again.exit_code == 0, again.output
    assert json.loads(again.stdout)["removed"] == content["removed"]


def test_a_changed_certificate_or_another_key_is_noticed(tmp_path: Path) -> None:
    from dsvault.certificate import new_key, read_key, sign

    signed = sign({"slug": "alpha", "removed": {"records": 5}}, read_key(new_key()))
    key = str(signed["public_key"])
    assert verify(signed, key)["slug"] == "alpha"
    forged = {**signed, "content": {"slug": "alpha", "removed": {"records": 6}}}
    other = str(sign({}, read_key(new_key()))["public_key"])
    for certificate, trusted in ((forged, key), (signed, other), ({}, key), (signed, "?")):
        with pytest.raises(CertificateError, match="not genuine"):
            verify(certificate, trusted)
    with pytest.raises(CertificateError, match="cannot be read"):
        read_key(b"no key")


def test_without_a_terminal_the_slug_must_be_given_and_the_key_be_private(
    vault: Database, tmp_path: Path
) -> None:
    key = tmp_path / "key.pem"
    asked = run(vault, "erase", "alpha", "--signing-key", str(key))
    assert asked.exit_code == 2
    assert "--yes-erase" in asked.stderr
    os.chmod(key, 0o644)  # noqa: PTH101 - what the command has to refuse
    open_to_all = run(vault, "erase", "alpha", "--yes-erase", "a", "--signing-key", str(key))
    assert open_to_all.exit_code == 2
    assert "chmod 600" in open_to_all.stderr
