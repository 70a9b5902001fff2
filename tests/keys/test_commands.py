"""`dsvault key`: the life of a tenant's keys, and what becomes of what they encrypted."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result
from tests.schema.builders import Tenant, new_dataset, new_tenant, new_version
from tests.support.actors import as_tenant

from dsvault.cli import cli
from dsvault.client import (
    KeyStore,
    RevokedKeyError,
    TokenVault,
    insert_records,
    on,
    read_records,
)
from dsvault.client.keys import NoActiveKeyError
from dsvault.crypto import FieldRule, Keyring, RecordReader, RecordWriter, Secret
from dsvault.ops.keys import KeyOperationError, health, rewrap_keys
from dsvault.target import parse_target
from dsvault.wrapping import DestroyedError, LocalProvider, WrapError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psycopg import Connection
    from tests.support.database import Database


class Site:
    """A vault with one tenant, two key encryption keys, and the command."""

    def __init__(self, vault: Database, folder: Path) -> None:
        self.vault = vault
        self.folder = folder
        self.kek, self.new_kek = (self.kek_file(name) for name in ("kek", "new"))
        with vault.connect(superuser=True, autocommit=True) as conn:
            self.tenant: Tenant = new_tenant(conn, "alpha")

    def kek_file(self, name: str) -> str:
        path = self.folder / name
        path.write_bytes(os.urandom(32))
        path.chmod(0o600)
        return f"file:{path}"

    def run(self, *arguments: str, data: bytes | None = None) -> Result:
        return CliRunner().invoke(cli, ["key", *arguments, "--target", self.vault.url], input=data)

    def json(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        done = self.run(*arguments, "--json")
        assert done.exit_code == code, done.output
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def keys(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for key in self.json("list", "alpha")["keys"]:
            found.setdefault(key["key_type"], []).append(key)
        return found

    def create(self) -> dict[str, str]:
        made = self.json("create", "alpha", "--kek", self.kek)["keys"]
        return {key["key_type"]: key["id"] for key in made}

    def write(
        self, conn: Connection, *names: str, pointers: tuple[str, ...] = ("/name",)
    ) -> RecordReader:
        """Write records with the tenant's active keys, as its administrator."""
        store = KeyStore(on(conn), self.tenant.id)
        dataset = new_dataset(conn, self.tenant, uuid4().hex)
        version = new_version(conn, self.tenant, dataset)
        with as_tenant(conn, self.tenant.id, self.tenant.admin):
            writer = RecordWriter(
                self.tenant.id, dataset, store.encrypting("dataset"), store.hashing(),
                [FieldRule(each, "name") for each in pointers], store.encrypting("field"),
            )  # fmt: skip
            batches = writer.encrypt({"name": name, "alias": name} for name in names)
            insert_records(on(conn), dataset, version, batches)
        self.version = version
        return RecordReader(self.tenant.id, dataset, Keyring())

    def read(self, conn: Connection, reader: RecordReader) -> list[str]:
        with as_tenant(conn, self.tenant.id, self.tenant.admin):
            ring = KeyStore(on(conn), self.tenant.id).ring()
            own = RecordReader(reader.tenant_id, reader.dataset_id, ring)
            return sorted(
                content["name"] for _, content in read_records(on(conn), own, self.version)
            )


@pytest.fixture
def site(vault: Database, tmp_path: Path) -> Site:
    return Site(vault, tmp_path)


@pytest.fixture
def conn(vault: Database) -> Iterator[Connection]:
    with vault.connect(superuser=True, autocommit=True) as conn:
        yield conn


def test_keys_are_made_and_used_by_an_application(site: Site, conn: Connection) -> None:
    made = site.create()
    assert set(made) == {"dataset", "field", "hash"}
    reader = site.write(conn, "Ada", "Grace")
    assert site.read(conn, reader) == ["Ada", "Grace"]
    assert [key["status"] for kind in site.keys().values() for key in kind] == ["active"] * 3


def test_a_second_active_key_is_refused_and_nothing_is_half_made(site: Site) -> None:
    site.json("create", "alpha", "--type", "field", "--kek", site.kek)
    done = site.run("create", "alpha", "--kek", site.kek)

    assert done.exit_code == 2
    assert "There is an active key of this type and provider already" in done.stderr
    assert set(site.keys()) == {"field"}


def test_rotation_keeps_the_old_key_for_reading(site: Site, conn: Connection) -> None:
    old = site.create()["dataset"]
    first = site.write(conn, "Ada")
    version = site.version
    answer = site.json("rotate", "alpha", "--type", "dataset", "--kek", site.kek)
    site.write(conn, "Grace")
    site.version = version

    assert answer["old"]["id"] == old
    assert site.read(conn, first) == ["Ada"]
    assert {key["status"] for key in site.keys()["dataset"]} == {"active", "rotated"}
    used = conn.execute(
        "SELECT DISTINCT encode(substring(encrypted_data FROM 6 FOR 16), 'hex')"
        " FROM dsvault.records"
    ).fetchall()
    assert {UUID(key) for (key,) in used} == {UUID(old), UUID(answer["new"]["id"])}


def test_a_hash_key_is_not_rotated_and_a_missing_one_not_either(site: Site) -> None:
    assert site.run("rotate", "alpha", "--type", "hash", "--kek", site.kek).exit_code == 2
    done = site.run("rotate", "alpha", "--type", "field", "--kek", site.kek)
    assert done.exit_code == 2
    assert "There is no active field key of local to rotate" in done.stderr


def test_rewrap_changes_the_kek_and_no_key(site: Site, conn: Connection) -> None:
    site.create()
    reader = site.write(conn, "Ada")
    before = conn.execute("SELECT id, wrapped_key FROM dsvault.encryption_keys").fetchall()
    answer = site.json("rewrap", "alpha", "--kek", site.new_kek, "--batch", "2")
    after = dict(conn.execute("SELECT id, wrapped_key FROM dsvault.encryption_keys").fetchall())

    assert (answer["rewrapped"], answer["already"], answer["failed"]) == (3, 0, [])
    assert all(after[key] != wrapped for key, wrapped in before)
    (site.folder / "kek").unlink()
    assert site.read(conn, reader) == ["Ada"]
    assert site.json("rewrap", "--all", "--kek", site.new_kek)["already"] == 3


class Cut(Exception):  # noqa: N818 - what kill -9 would be
    """The process ends here."""


class DyingProvider(LocalProvider):
    """Ends after some wraps, without any warning."""

    left = 3

    def wrap(self, *arguments: Any) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise Cut
        return super().wrap(*arguments)


def test_a_rewrap_that_was_cut_is_continued_without_doing_anything_twice(
    site: Site, conn: Connection
) -> None:
    """The transaction of the open batch is lost, as by a kill; those before it stay."""
    site.create()
    target = parse_target(site.vault.url, environ={})
    secret = Secret.random()
    with pytest.raises(Cut):
        rewrap_keys(target, "alpha", DyingProvider(site.new_kek, secret), batch_keys=1)
    done = conn.execute(
        "SELECT count(*) FROM dsvault.encryption_keys WHERE kms_key_id = %s", [site.new_kek]
    ).fetchone()
    answer = rewrap_keys(target, "alpha", LocalProvider(site.new_kek, secret), batch_keys=1)

    assert done == (2,), "the health check took one of three wraps"
    assert (answer.done, answer.were_done, answer.failed) == (1, 2, [])


class LyingProvider(LocalProvider):
    """Wraps, and gives another key back."""

    def unwrap(self, *arguments: Any) -> Secret:
        secret = super().unwrap(*arguments)
        return secret if arguments[1].key_type == "health" else Secret.random()


def test_a_wrap_that_does_not_give_the_key_back_is_never_written(
    site: Site, conn: Connection
) -> None:
    site.create()
    before = conn.execute("SELECT * FROM dsvault.encryption_keys ORDER BY id").fetchall()
    target = parse_target(site.vault.url, environ={})
    done = rewrap_keys(target, "alpha", LyingProvider(site.new_kek, Secret.random()))

    assert (done.done, len(done.failed)) == (0, 3)
    assert conn.execute("SELECT * FROM dsvault.encryption_keys ORDER BY id").fetchall() == before


def test_a_key_whose_kek_is_lost_is_reported_and_keeps_no_other(
    site: Site, conn: Connection
) -> None:
    site.create()
    site.json("create", "alpha", "--type", "backup", "--kek", site.new_kek)
    (site.folder / "kek").unlink()
    answer = site.json("rewrap", "alpha", "--kek", site.kek_file("third"), code=1)

    assert (answer["rewrapped"], len(answer["failed"])) == (1, 3)
    assert all("cannot be read" in lost["message"] for lost in answer["failed"])
    with pytest.raises(KeyOperationError, match="cannot be used"):
        rewrap_keys(parse_target(site.vault.url, environ={}), "alpha", LocalProvider("nothing"))


def test_revoking_takes_two_looks_and_then_nothing_is_read(site: Site, conn: Connection) -> None:
    key = site.create()["field"]
    reader = site.write(conn, "Ada", "Grace")
    dry = site.json("revoke", "alpha", key)

    assert (dry["done"], dry["records"], dry["key"]["status"]) == (False, 2, "active")
    assert site.read(conn, reader) == ["Ada", "Grace"]
    done = site.json("revoke", "alpha", key, "--yes")
    assert (done["done"], done["key"]["status"]) == (True, "revoked")
    with pytest.raises(RevokedKeyError):
        site.read(conn, reader)
    assert site.run("revoke", "alpha", key, "--yes").exit_code == 2


def test_destroying_takes_a_revoked_key_and_leaves_no_wrap(site: Site, conn: Connection) -> None:
    key = site.create()["dataset"]
    reader = site.write(conn, "Ada")
    refused = site.run("destroy", "alpha", key, "--yes")
    assert (refused.exit_code, "not revoked" in refused.stderr) == (2, True)
    site.json("revoke", "alpha", key, "--yes")
    assert site.json("destroy", "alpha", key)["done"] is False
    answer = site.json("destroy", "alpha", key, "--yes")

    assert (answer["done"], answer["records"]) == (True, 1)
    row = conn.execute(
        "SELECT wrapped_key, status FROM dsvault.encryption_keys WHERE id = %s", [key]
    ).fetchone()
    assert row == (b"DSW\1\1\0", "revoked")
    store = KeyStore(on(conn), site.tenant.id)
    with pytest.raises(RevokedKeyError):
        store.secret(store.row(UUID(key)))
    with pytest.raises(DestroyedError):
        store.provider(store.row(UUID(key))).unwrap(row[0], store.row(UUID(key)).context)
    assert site.run("destroy", "alpha", key, "--yes").exit_code == 2
    with pytest.raises(RevokedKeyError):
        site.read(conn, reader)


@pytest.mark.parametrize(
    "hold",
    [
        """UPDATE dsvault.tenants SET settings = '{"legal_hold": true}' WHERE slug = 'alpha'""",
        """UPDATE dsvault.datasets SET retention_policy = '{"legal_hold": true}'""",
    ],
    ids=["of the tenant", "of a dataset"],
)
def test_a_legal_hold_keeps_keys(site: Site, conn: Connection, hold: str) -> None:
    key = site.create()["dataset"]
    site.write(conn, "Ada")
    conn.execute(hold)
    done = site.run("revoke", "alpha", key, "--yes")

    assert done.exit_code == 2
    assert "A legal hold keeps the keys of the tenant alpha" in done.stderr
    assert "1 record and" in done.stderr
    assert site.keys()["dataset"][0]["status"] == "active"


def test_an_expired_key_encrypts_nothing_and_still_reads(site: Site, conn: Connection) -> None:
    site.create()
    reader = site.write(conn, "Ada")
    conn.execute("UPDATE dsvault.encryption_keys SET expires_at = now() WHERE key_type = 'field'")
    with pytest.raises(NoActiveKeyError, match="field"):
        site.write(conn, "Grace")
    assert site.read(conn, reader) == ["Ada"]
    answer = site.json("health", "alpha", code=1)
    assert [key["findings"] for key in answer["keys"] if key["key_type"] == "field"] == [
        ["its time is over and it is still active: rotate it"]
    ]


def test_an_expiry_that_is_over_is_refused_and_changes_no_key(site: Site) -> None:
    before = site.create()
    over = ("--kek", site.kek, "--expires", "2020-01-31")
    for words in (("create", "alpha", "--type", "backup"), ("rotate", "alpha", "--type", "field")):
        done = site.run(*words, *over)
        assert (done.exit_code, "2020-01-31 is over" in done.stderr) == (2, True)
    assert {kind: key["id"] for kind, [key] in site.keys().items()} == before
    [made] = site.json("create", "alpha", "--type", "backup", *over[:3], "2999-01-31")["keys"]
    assert made["expires_at"] == "2999-01-31T00:00:00+00:00"


def test_health_unwraps_every_key_and_counts_its_messages(site: Site, conn: Connection) -> None:
    site.create()
    site.write(conn, "Ada", "Grace", "Edith")
    answer = site.json("health", "--all")
    assert [(key["key_type"], key["messages"], key["findings"]) for key in answer["keys"]] == [
        ("dataset", 3, []),
        ("field", 3, []),
        ("hash", 0, []),
    ]
    target = parse_target(site.vault.url, environ={})
    alarmed = {
        one.key.key_type for one in health(target, "alpha", alarm_messages=3) if one.findings
    }
    assert alarmed == {"dataset", "field"}
    (site.folder / "kek").unlink()
    assert all(key["findings"] for key in site.json("health", "alpha", code=1)["keys"])


def test_each_field_that_is_encrypted_apart_is_a_message(site: Site, conn: Connection) -> None:
    site.create()
    site.write(conn, "Ada", "Grace", "Edith", pointers=("/name", "/alias"))
    assert messages(site) == {"dataset": 3, "field": 6, "hash": 0}


def test_what_is_removed_counts_toward_its_keys_limit(site: Site, conn: Connection) -> None:
    made = site.create()
    site.write(conn, "Ada", "Grace", "Edith", pointers=("/name", "/alias"))
    store = KeyStore(on(conn), site.tenant.id)
    with as_tenant(conn, site.tenant.id, site.tenant.admin):
        TokenVault(on(conn), site.tenant.id, store).tokenize("name", ["Ada", "Grace"])
    used = {"dataset": 3, "field": 8, "hash": 0}
    assert messages(site) == used

    one = "DELETE FROM dsvault.records WHERE id = (SELECT min(id::text)::uuid FROM dsvault.records)"
    with as_tenant(conn, site.tenant.id, site.tenant.admin):
        conn.execute(one)
    assert messages(site) == used  # one record, by an application
    with as_tenant(conn, site.tenant.id, site.tenant.admin):
        conn.execute("DELETE FROM dsvault.dataset_versions")
    assert messages(site) == used  # the other two, by the cascade from their version
    conn.execute("UPDATE dsvault.tokens SET expires_at = now()")
    for noted in (1, 1):  # the second run finds one row for each key and leaves it
        conn.execute("SELECT dsvault.expire(%s)", [site.tenant.id])
        assert messages(site) == used  # tokens, by maintenance
        assert conn.execute(
            "SELECT key_id::text, count(*), sum(messages) FROM dsvault.key_removals"
            " GROUP BY 1 ORDER BY 3"
        ).fetchall() == [(made["dataset"], noted, 3), (made["field"], noted, 8)]
    left = "SELECT (SELECT count(*) FROM dsvault.records), (SELECT count(*) FROM dsvault.tokens)"
    assert conn.execute(left).fetchall() == [(0, 0)]


def test_a_removal_that_is_undone_counts_once(site: Site, conn: Connection) -> None:
    site.create()
    site.write(conn, "Ada", "Grace")
    with conn.transaction(force_rollback=True):
        conn.execute("DELETE FROM dsvault.records")
    assert messages(site) == {"dataset": 2, "field": 2, "hash": 0}


def test_records_of_a_key_that_is_gone_can_be_removed(site: Site, conn: Connection) -> None:
    site.create()
    site.write(conn, "Ada")
    conn.execute("DELETE FROM dsvault.encryption_keys WHERE key_type = 'field'")
    conn.execute("DELETE FROM dsvault.records")
    assert messages(site) == {"dataset": 1, "hash": 0}


def messages(site: Site) -> dict[str, int]:
    """How many messages each type of key has made, as `dsvault key health` counts them."""
    return {key["key_type"]: key["messages"] for key in site.json("health", "alpha")["keys"]}


def test_a_key_from_elsewhere_comes_in_and_goes_out_again(site: Site, tmp_path: Path) -> None:
    material = os.urandom(32)
    done = site.run("wrap", "alpha", "--type", "backup", "--kek", site.kek, "--json", data=material)
    assert done.exit_code == 0, done.output
    key = json.loads(done.stdout)["keys"][0]["id"]
    out = tmp_path / "out"
    shown = site.run("unwrap", "alpha", key, "--output", str(out))

    assert out.read_bytes() == material
    assert out.stat().st_mode & 0o777 == 0o600
    assert material.hex() not in shown.output
    assert site.run("unwrap", "alpha", key, "--output", str(out)).exit_code == 2
    short = site.run("wrap", "alpha", "--type", "field", "--kek", site.kek, data=b"short")
    assert (short.exit_code, "32 bytes" in short.stderr) == (2, True)


def test_show_tells_everything_but_the_key(site: Site, conn: Connection) -> None:
    key = site.create()["dataset"]
    site.write(conn, "Ada")
    shown = site.json("show", "alpha", key)

    assert shown["use"] == {"datasets": 0, "records": 1, "tokens": 0}
    assert shown["provider"] == {"scheme": "AES-256 key wrap with padding (RFC 5649)"}
    text = site.run("show", "alpha", key).output
    assert re.search(rf"{key} +dataset +active +local", text)
    assert site.run("show", "alpha", str(uuid4())).exit_code == 2


def test_a_key_moved_to_another_row_is_refused(site: Site, conn: Connection) -> None:
    site.create()
    conn.execute(
        """UPDATE dsvault.encryption_keys AS k SET wrapped_key = o.wrapped_key
           FROM dsvault.encryption_keys AS o
           WHERE k.key_type = 'dataset' AND o.key_type = 'field'"""
    )
    with pytest.raises(WrapError, match="moved from another row"):
        KeyStore(on(conn), site.tenant.id).encrypting("dataset")


def test_who_may_not_read_keys_finds_none(site: Site, conn: Connection) -> None:
    site.create()
    with (
        as_tenant(conn, site.tenant.id, uuid4()),
        pytest.raises(NoActiveKeyError, match="dataset"),
    ):
        KeyStore(on(conn), site.tenant.id).encrypting("dataset")


@pytest.mark.parametrize("command", ["rewrap", "health"])
def test_a_tenant_or_all_must_be_named(site: Site, command: str) -> None:
    arguments = ["--kek", site.kek] if command == "rewrap" else []
    assert site.run(command, *arguments).exit_code == 2
    assert site.run(command, "alpha", "--all", *arguments).exit_code == 2


def test_errors_are_answers_in_json_too(site: Site) -> None:
    answer = site.json("list", "nowhere", code=2)
    assert answer["ok"] is False
    answer = site.json("create", "alpha", "--kek", "file:/nowhere/kek", code=2)
    assert "cannot be read" in json.dumps(answer)
