"""kill -9 while keys are wrapped anew: nothing is lost, nothing is done twice.

KILLS kills at moments spread over a run; DSVAULT_KILLS asks for more than CI's few.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from tests.schema.builders import new_tenant

from dsvault.client import KeyStore, on
from dsvault.client.keys import new_key
from dsvault.crypto import Secret
from dsvault.ops.keys import rewrap_keys
from dsvault.paths import project_root
from dsvault.target import parse_target
from dsvault.wrapping import open_local

if TYPE_CHECKING:
    from pathlib import Path

    from psycopg import Connection
    from tests.schema.builders import Tenant
    from tests.support.database import Database

KILLS = int(os.environ.get("DSVAULT_KILLS", "3"))
KEYS = 60


def kek_file(folder: Path, name: str) -> str:
    path = folder / name
    path.write_bytes(os.urandom(32))
    path.chmod(0o600)
    return f"file:{path}"


def fill(conn: Connection, tenant: Tenant, kek: str) -> dict[object, bytes]:
    """Give a tenant keys that were rotated; return their bytes."""
    provider, material = open_local(kek), {}
    for _ in range(KEYS):
        secret = Secret.random()
        key = new_key(tenant.id, "backup", provider, secret=secret)
        conn.execute(
            """INSERT INTO dsvault.encryption_keys
                   (tenant_id, id, key_type, kms_provider, kms_key_id, wrapped_key, status)
               VALUES (%s, %s, 'backup', 'local', %s, %s, 'rotated')""",
            [tenant.id, key.id, kek, key.wrapped_key],
        )
        material[key.id] = secret.reveal()
    return material


def wrapped_by(conn: Connection, kek: str) -> int:
    row = conn.execute(
        "SELECT count(*) FROM dsvault.encryption_keys WHERE kms_key_id = %s", [kek]
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_a_killed_rewrap_is_continued(vault: Database, tmp_path: Path) -> None:
    chance = random.Random(4711)  # noqa: S311 - moments, no secrets
    with vault.connect(superuser=True, autocommit=True) as conn:
        tenant = new_tenant(conn, "alpha")
        keks = [kek_file(tmp_path, str(number)) for number in range(KILLS + 1)]
        material = fill(conn, tenant, keks[0])
        cut = 0
        for kek in keks[1:]:
            command = [sys.executable, "-m", "dsvault", "key", "rewrap", "alpha"]
            command += ["--kek", kek, "--batch", "1", "--target", vault.url]
            with subprocess.Popen(command, cwd=project_root()) as process:
                while process.poll() is None and wrapped_by(conn, kek) == 0:
                    time.sleep(0.01)
                time.sleep(chance.random() * 0.5)
                process.send_signal(signal.SIGKILL)
            there = wrapped_by(conn, kek)
            cut += 0 < there < KEYS
            done = rewrap_keys(parse_target(vault.url, environ={}), "alpha", open_local(kek))
            assert (done.done, done.were_done, done.failed) == (KEYS - there, there, [])
        store = KeyStore(on(conn), tenant.id)
        found = {row.id: store.secret(row).reveal() for row in store.rows()}

    assert cut, "at least one kill came between two batches"
    assert found == material
