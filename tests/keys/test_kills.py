"""kill -9 while keys are rotated or wrapped anew: nothing is lost, nothing is done twice.

DSVAULT_KILLS is how many kills each kind gets, at moments drawn by lot: 4 by default.
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING, Any

import pytest
from tests.schema.builders import new_tenant
from tests.support.dying import OTHERS, Steps, killed
from tests.support.servers import eventually

from dsvault.client import KeyStore, on
from dsvault.client.keys import new_key
from dsvault.crypto import Secret
from dsvault.ops.keys import rewrap, rewrap_keys
from dsvault.ops.keys.make import KeyRequest, create_keys, rotate_key
from dsvault.target import parse_target
from dsvault.wrapping import open_local

if TYPE_CHECKING:
    from pathlib import Path

    from psycopg import Connection
    from tests.schema.builders import Tenant
    from tests.support.database import Database

KILLS = int(os.environ.get("DSVAULT_KILLS", "4"))
KEYS = 40


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


def number(conn: Connection, query: str, *values: object) -> int:
    row = conn.execute(query.encode(), values).fetchone()
    assert row is not None
    return int(row[0])


def test_a_killed_rewrap_is_continued(vault: Database, tmp_path: Path) -> None:
    chance, target = random.Random(4711), parse_target(vault.url, environ={})  # noqa: S311
    wrapped = "SELECT count(*) FROM dsvault.encryption_keys WHERE kms_key_id = %s"
    with vault.connect(superuser=True, autocommit=True) as conn:
        tenant = new_tenant(conn, "alpha")
        keks = [kek_file(tmp_path, str(turn)) for turn in range(KILLS + 1)]
        material, cut = fill(conn, tenant, keks[0]), 0
        for kek in keks[1:]:

            def work(step: Steps, kek: str = kek) -> None:
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(rewrap, "_rewrap", stepping(step, rewrap._rewrap))
                    rewrap_keys(target, "alpha", open_local(kek), batch_keys=1)

            killed(work, chance, KEYS // 2)
            eventually(lambda: number(conn, OTHERS) == 0, 60)
            there = number(conn, wrapped, kek)
            cut += 0 < there < KEYS
            done = rewrap_keys(target, "alpha", open_local(kek))
            assert (done.done, done.were_done, done.failed) == (KEYS - there, there, [])
        store = KeyStore(on(conn), tenant.id)
        found = {row.id: store.secret(row).reveal() for row in store.rows()}

    assert cut, "at least one kill came between two batches"
    assert found == material


def stepping(step: Steps, function: Any) -> Any:
    """Return a function that counts a step each time it has done its work."""

    def stepped(*arguments: Any) -> Any:
        result = function(*arguments)
        step()
        return result

    return stepped


def test_a_killed_rotation_is_done_or_not_and_never_half(vault: Database, tmp_path: Path) -> None:
    chance, target = random.Random(4712), parse_target(vault.url, environ={})  # noqa: S311
    request = KeyRequest(("dataset",), "local", kek_file(tmp_path, "kek"))
    with vault.connect(superuser=True, autocommit=True) as conn:
        tenant = new_tenant(conn, "alpha")
        create_keys(target, "alpha", request)
        there = 1
        for _ in range(KILLS):

            def work(step: Steps) -> None:
                for _ in range(20):
                    rotate_key(target, "alpha", request)
                    step()

            done = killed(work, chance, 6)
            eventually(lambda: number(conn, OTHERS) == 0, 60)
            found = number(conn, "SELECT count(*) FROM dsvault.encryption_keys")
            assert there + done <= found <= there + done + 1, "acknowledged, and one that was not"
            assert number(
                conn, "SELECT count(*) FROM dsvault.encryption_keys WHERE status = 'active'"
            ) == 1  # fmt: skip
            rotate_key(target, "alpha", request)
            there = found + 1
        store = KeyStore(on(conn), tenant.id)
        secrets = {store.secret(row).reveal() for row in store.rows()}
    assert len(secrets) == there, "every key that ever encrypted is read"
