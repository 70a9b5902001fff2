"""Months that may leave the trail, and the commands that let them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import psycopg
import pytest
from click.testing import CliRunner

from dsvault.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

    from tests.schema.builders import Tenant
    from tests.support.database import Database

MAY, JUNE = "audit_logs_2019_05", "audit_logs_2019_06"
ARCHIVE = "SELECT dsvault.archive_audit_partition(%s, %s, 'file', sha256('x'), %s)"


def write(conn: psycopg.Connection, tenant: Tenant, month: str, amount: int) -> None:
    """Write entries of an old month, each in a transaction of its own."""
    for number in range(amount):
        conn.execute(
            """INSERT INTO dsvault.audit_logs
                   (tenant_id, action, resource_type, details, created_at)
               VALUES (%s, 'record.read', 'record', jsonb_build_object('said', %s::text), %s)""",
            [tenant.id, f"“{number}”\n", f"{month}-{number + 1:02d}"],
        )


def call(vault: Database, *arguments: object) -> tuple[int, dict[str, object], str]:
    """Call a command of `audit`; return its exit code, its answer and its errors."""
    command = ["audit", *map(str, arguments), "--target", vault.url, "--json"]
    result = CliRunner().invoke(cli, command)
    return result.exit_code, json.loads(result.stdout), result.stderr


def archive(vault: Database, folder: Path, *options: str) -> dict[str, str]:
    """Archive what is older than a year; return the state of each month."""
    code, said, error = call(vault, "archive", "--older-than", 12, "--to", folder, *options)
    assert code == 0, error
    months = said["months"]
    assert isinstance(months, list)
    return {month["partition"]: month["state"] for month in months}


def findings(vault: Database, *paths: Path) -> list[tuple[str | None, str]]:
    """Verify the trail and files; return entry and words of each finding."""
    options = [option for path in paths for option in ("--archive", path)]
    code, said, error = call(vault, "verify", *options)
    assert code in {0, 1}, error
    found = said["findings"]
    assert isinstance(found, list)
    assert (code == 1) == bool(found)
    return [(one["entry_id"], one["what"]) for one in found]


def refusal(conn: psycopg.Connection, query: str, *values: object) -> tuple[str | None, str]:
    """Return code and detail of a refusal."""
    with pytest.raises(psycopg.Error) as refused:
        conn.execute(query.encode(), values)
    return refused.value.sqlstate, refused.value.diag.message_detail or ""
