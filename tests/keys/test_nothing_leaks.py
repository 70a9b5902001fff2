"""What a server of its own has on its disk afterwards: neither plain text nor key bytes.

ROWS records with personal data go through encryption, tokens, rotation, rewrapping and forgetting;
DSVAULT_LEAK_ROWS asks for more than CI's few. Then every file of the server is read: tables,
indexes, WAL, logs.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from click.testing import CliRunner
from tests.schema.builders import Tenant, new_dataset, new_tenant, new_version
from tests.support.actors import as_tenant

from dsvault.cli import cli
from dsvault.client import KeyStore, TokenVault, insert_records, on, read_records
from dsvault.crypto import FieldRule, RecordReader, RecordWriter
from dsvault.server import temporary_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from psycopg import Connection

ROWS = int(os.environ.get("DSVAULT_LEAK_ROWS", "2000"))
SECRET_NAME = "Wolperdinger"


def person(number: int) -> dict[str, object]:
    mail = f"{SECRET_NAME}.{number:07}@example.org"
    return {"number": number, "name": f"{SECRET_NAME} {number:07}", "mail": mail}


class Story:
    """One tenant's data from the first key to the forgotten value; keys notes every key's bytes."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.keys: list[bytes] = []
        self.keks = [self.kek_file(folder, name) for name in ("one", "two")]
        assert self.key("create", "alpha", "--kek", self.keks[0])

    def kek_file(self, folder: Path, name: str) -> str:
        path = folder / name
        path.write_bytes(os.urandom(32))
        path.chmod(0o600)
        self.keys.append(path.read_bytes())
        return f"file:{path}"

    def key(self, *arguments: str) -> bool:
        done = CliRunner().invoke(cli, ["key", *arguments, "--target", self.url])
        assert done.exit_code == 0, done.output
        return True

    def write(self, conn: Connection, tenant: Tenant) -> tuple[UUID, UUID]:
        store = KeyStore(on(conn), tenant.id)
        dataset = new_dataset(conn, tenant)
        version = new_version(conn, tenant, dataset)
        with as_tenant(conn, tenant.id, tenant.admin):
            writer = RecordWriter(
                tenant.id, dataset, store.encrypting("dataset"), store.hashing(),
                [FieldRule("/mail", "email")], store.encrypting("field"),
            )  # fmt: skip
            records = (person(number) for number in range(ROWS))
            insert_records(on(conn), dataset, version, writer.encrypt(records))
            mails = [str(person(number)["mail"]) for number in range(0, ROWS, 10)]
            vault = TokenVault(on(conn), tenant.id, store)
            tokens = vault.tokenize("email", mails)
            assert vault.detokenize(tokens, "a look") == mails
            assert vault.find("email", mails[0].upper()) == tokens[:1]
        return dataset, version

    def go_on(self, conn: Connection, tenant: Tenant, dataset: UUID, version: UUID) -> None:
        self.key("rotate", "alpha", "--type", "dataset", "--kek", self.keks[0])
        self.key("rewrap", "alpha", "--kek", self.keks[1])
        store = KeyStore(on(conn), tenant.id)
        self.keys += [store.secret(row).reveal() for row in store.rows()]
        with as_tenant(conn, tenant.id, tenant.admin):
            reader = RecordReader(tenant.id, dataset, store.ring())
            read = [content for _, content in read_records(on(conn), reader, version)]
            assert sorted(read, key=lambda one: one["number"]) == list(map(person, range(ROWS)))
            vault = TokenVault(on(conn), tenant.id, store)
            assert vault.forget("email", str(person(0)["mail"]), "article 17") == 1


def files_that_hold(folder: Path, needles: list[bytes]) -> list[str]:
    """Return the files below a folder in which a needle stands, as it is or as hexadecimal."""
    spellings = [*needles, *(needle.hex().encode() for needle in needles)]
    pattern = re.compile(b"|".join(map(re.escape, spellings)), re.IGNORECASE)
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and pattern.search(path.read_bytes())
    ]


@pytest.fixture
def server() -> Iterator[tuple[str, Path]]:
    """A server of its own with a deployed vault: its URL and its data."""
    with temporary_server() as server:
        done = CliRunner().invoke(cli, ["deploy", "--no-verify", "--target", server.url()])
        assert done.exit_code == 0, done.output
        with psycopg.connect(server.url(), autocommit=True) as conn:
            [(data,)] = conn.execute("SELECT current_setting('data_directory')")
            conn.execute("ALTER SYSTEM SET log_statement = 'all'")
            conn.execute("SELECT pg_reload_conf()")
        yield server.url(), Path(data).parent


def test_neither_plain_text_nor_a_key_is_on_the_servers_disk(
    server: tuple[str, Path], tmp_path: Path
) -> None:
    url, data = server
    with psycopg.connect(url, autocommit=True) as conn:
        tenant = new_tenant(conn, "alpha")
        story = Story(url, tmp_path)
        dataset, version = story.write(conn, tenant)
        story.go_on(conn, tenant, dataset, version)
        conn.execute("CHECKPOINT")
        conn.execute("SELECT pg_switch_wal()")

        assert len(story.keys) == 2 + 4
        assert files_that_hold(data, [SECRET_NAME.encode(), *story.keys]) == []
        # The search finds what is there: the tenant's own name, in a table and in the WAL.
        shown = files_that_hold(data, [b"admin@alpha.example"])
        assert any(name.startswith("data/base/") or "/base/" in name for name in shown)
        assert any("pg_wal" in name for name in shown)
