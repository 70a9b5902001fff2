"""`dsvault tenant create`: a tenant with roles, administrator and keys, or nothing of it."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner, Result

from dsvault.cli import cli
from dsvault.client import on
from dsvault.client.keys import KeyStore

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.database import Database

ADMIN = ("--admin-email", "ada@acme.example")


@pytest.fixture
def kek(tmp_path: Path) -> str:
    """The source of a key encryption key."""
    path = tmp_path / "kek"
    path.touch(0o600)
    path.write_text(secrets.token_hex(32))
    return f"file:{path}"


def run(vault: Database, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["tenant", *arguments, "-t", vault.url])


def slugs(vault: Database) -> list[str]:
    return [item["slug"] for item in json.loads(run(vault, "list", "--json").stdout)["tenants"]]


def test_a_tenant_is_made_with_keys_that_its_administrator_can_use(
    vault: Database, kek: str
) -> None:
    done = run(vault, "create", "acme", *ADMIN, "--quota", "10GB", "--kek", kek, "--json")
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    assert made["tenant"]["quota_bytes"] == 10 * 1024**3
    assert sorted(key["key_type"] for key in made["keys"]) == ["dataset", "field", "hash"]
    with psycopg.connect(vault.superuser_url) as conn:
        conn.execute("SET LOCAL ROLE dsvault_app")
        conn.execute("SELECT dsvault.enter(%s, %s)", [made["tenant"]["id"], made["admin"]["id"]])
        keys = KeyStore(on(conn), UUID(made["tenant"]["id"]))
        assert keys.encrypting("dataset").id != keys.encrypting("field").id
        assert len(keys.hashing().content_hash(b"")) == 64


def test_it_says_what_it_made_and_never_a_key(vault: Database, kek: str, tmp_path: Path) -> None:
    done = run(vault, "create", "acme", *ADMIN, "--kek", kek)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("The tenant acme is created, with id ")
    assert lines[1].startswith("Its administrator ada@acme.example has the id ")
    assert [line.split()[1] for line in lines[2:]] == ["dataset", "field", "hash"]
    assert (tmp_path / "kek").read_text() not in done.output


def test_a_tenant_without_keys_is_asked_for(vault: Database) -> None:
    assert run(vault, "create", "acme", *ADMIN).exit_code == 2
    done = run(vault, "create", "acme", *ADMIN, "--no-keys")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == "It has no keys yet: dsvault key create makes them."


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Not a slug", *ADMIN, "--no-keys"], "small letters of English, digits and hyphens"),
        (["acme", "--admin-email", "nobody", "--no-keys"], "Write it as ada@example.org"),
        (["acme", *ADMIN, "--kek", "file:/nowhere/kek"], "The file /nowhere/kek cannot be read"),
        (["acme", *ADMIN, "--kek", "secret"], "This names no local key encryption key"),
    ],
)
def test_what_is_refused_leaves_no_tenant(vault: Database, arguments: list[str], said: str) -> None:
    done = run(vault, "create", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert slugs(vault) == []


def test_a_slug_that_is_taken_is_refused(vault: Database) -> None:
    assert run(vault, "create", "acme", *ADMIN, "--no-keys").exit_code == 0
    again = run(vault, "create", "acme", *ADMIN, "--no-keys")
    assert again.exit_code == 2
    assert "There is a tenant of this slug already" in again.stderr
    assert slugs(vault) == ["acme"]


@pytest.mark.parametrize("size", ["10", "1kB", "3 MB"])
def test_sizes_have_the_units_of_postgresql(vault: Database, size: str) -> None:
    expected = {"10": 10, "1kB": 1024, "3 MB": 3 * 1024**2}[size]
    done = run(vault, "create", "acme", *ADMIN, "--no-keys", "--quota", size, "--json")
    assert json.loads(done.stdout)["tenant"]["quota_bytes"] == expected


@pytest.mark.parametrize("size", ["-1", "1kb", "1.5GB", "GB", "9999999TB"])
def test_what_is_no_size_is_refused(vault: Database, size: str) -> None:
    done = run(vault, "create", "acme", *ADMIN, "--no-keys", f"--quota={size}")
    assert done.exit_code == 2
    assert "is no size" in done.stderr


def test_a_tenant_is_shown_with_its_counts_and_its_use(vault: Database, kek: str) -> None:
    run(vault, "create", "acme", *ADMIN, "--name", "Acme", "--quota", "1MB", "--kek", kek)
    with psycopg.connect(vault.superuser_url) as conn:
        conn.execute(
            "INSERT INTO dsvault.users (tenant_id, name, email, status)"
            " SELECT id, 'Eve', 'eve@acme.example', 'suspended' FROM dsvault.tenants"
            " WHERE slug = 'acme'"
        )
        conn.execute("UPDATE dsvault.tenant_usage SET amount = 524288")
        conn.execute(
            "INSERT INTO dsvault.tenant_usage (tenant_id, measure, amount) SELECT id,"
            " 'published_bytes', 524288 FROM dsvault.tenants WHERE slug = 'acme'"
            " ON CONFLICT DO NOTHING"
        )
    shown = dict(line.split(maxsplit=1) for line in run(vault, "show", "acme").stdout.splitlines())
    assert shown["tenant"] == "acme (Acme)"
    assert shown["quota"] == "1 MB"
    assert shown["used"] == "512 kB, 50.0 %"
    assert shown["users"] == "2, of them active 1"
    found = json.loads(run(vault, "show", "acme", "--json").stdout)
    assert (found["active_keys"], found["datasets"], found["used_percent"]) == (3, 0, 50.0)
    run(vault, "suspend", "acme", "--reason", "unpaid")
    assert "suspended since" in run(vault, "show", "acme").stdout
    assert run(vault, "show", "nobody").exit_code == 2
