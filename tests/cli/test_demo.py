"""`dsvault demo` on a database of its own, as the login that deploys."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import psycopg
import pytest

from dsvault.demo.people import COMPANIES, customers
from dsvault.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.database import Database


def demo(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    return subprocess.run(
        [sys.executable, "-m", "dsvault", "demo", *arguments],
        cwd=project_root(),
        env=os.environ | {"DSVAULT_TARGET": url},
        capture_output=True,
        text=True,
        check=False,
    )


def all_rows(vault: Database) -> list[tuple[object, ...]]:
    """Return what is stored, as a superuser sees it: a digest of each table's rows."""
    with vault.connect(superuser=True) as conn:
        names = conn.execute(
            "SELECT c.oid::regclass::text FROM pg_catalog.pg_class AS c"
            " WHERE c.relnamespace = 'dsvault'::regnamespace AND c.relkind IN ('r', 'p')"
            " AND NOT c.relispartition ORDER BY 1"
        ).fetchall()
        digest = "SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {} AS t"
        return [(name, conn.execute(digest.format(name).encode()).fetchone()) for (name,) in names]


def test_demo_deploys_and_fills_an_empty_database(empty_database: Database) -> None:
    done = demo(empty_database.url)

    assert done.returncode == 0, done.stderr
    assert "+ seal @v0.1.0" in done.stdout
    assert "Provisioned: acme, globex" in done.stdout
    assert "Nothing to deploy (up-to-date)" in done.stdout
    assert "Remove everything:" in done.stdout
    assert empty_database.deployer.password not in done.stdout + done.stderr


def test_demo_run_again_changes_nothing(vault: Database) -> None:
    first = demo(vault.url)
    before = all_rows(vault)
    second = demo(vault.url)

    assert first.returncode == second.returncode == 0, first.stderr + second.stderr
    assert "There already, nothing changed: acme, globex" in second.stdout
    assert all_rows(vault) == before
    assert dict(before)["dsvault.records"] != (0, None)


def test_everybody_sees_exactly_what_he_may(vault: Database) -> None:
    done = demo(vault.url, "--json")

    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["made"] == [company.slug for company in COMPANIES]
    sight = {viewer["name"]: viewer["sight"] for viewer in result["viewers"]}
    for company in COMPANIES:
        records = 2 * company.record_count
        for person in company.people:
            seen = sight[person.name]
            assert seen["records"] == (records if person.role else 0)
            assert seen["users"] == (4 if person.role in {"admin", "auditor"} else 1)
            assert seen["tokens"] == (company.record_count // 10 if person.role == "admin" else 0)
    assert set(sight["nobody"].values()) == {0}
    assert [viewer["foreign"] for viewer in result["viewers"]] == [0] * 9


def test_demo_stores_no_plain_text(vault: Database) -> None:
    assert demo(vault.url).returncode == 0
    person = customers(COMPANIES[0])[0]
    with vault.connect(superuser=True) as conn:
        sealed = conn.execute("SELECT encrypted_data FROM dsvault.records").fetchall()

    assert len(sealed) == 400
    for word in (str(person["name"]), str(person["email"])):
        assert not any(word.encode() in data for (data,) in sealed)


def test_a_tenant_is_provisioned_whole_or_not_at_all(vault: Database) -> None:
    with vault.connect(superuser=True, autocommit=True) as conn:
        conn.execute("REVOKE INSERT ON dsvault.tokens FROM dsvault_app")
        conn.execute("REVOKE INSERT (token_hash) ON dsvault.tokens FROM dsvault_app")
        done = demo(vault.url)
        slugs = conn.execute("SELECT slug FROM dsvault.tenants").fetchall()

    assert done.returncode == 2
    assert "permission denied for table tokens" in done.stderr
    assert "Traceback" not in done.stderr
    assert slugs == [("system",)]


def test_demo_refuses_a_tenant_that_it_did_not_make(vault: Database) -> None:
    with vault.connect(superuser=True, autocommit=True) as conn:
        conn.execute("SELECT dsvault.create_tenant('acme', 'Another', 'a@b.example', 'A')")
    before = all_rows(vault)

    done = demo(vault.url)

    assert done.returncode == 2
    assert "tenant acme that this demonstration did not make" in done.stderr
    assert all_rows(vault) == before


def test_demo_leaves_no_membership_behind(vault: Database) -> None:
    memberships = (
        "SELECT m.roleid::regrole::text, m.grantor::regrole::text"
        " FROM pg_catalog.pg_auth_members AS m WHERE m.member = %s::regrole ORDER BY 1, 2"
    )
    with vault.connect(superuser=True, autocommit=True) as conn:
        before = conn.execute(memberships, [vault.deployer.name]).fetchall()
        assert demo(vault.url).returncode == 0
        assert conn.execute(memberships, [vault.deployer.name]).fetchall() == before


def test_a_login_without_rights_is_told_so(
    vault: Database, make_login: Callable[..., tuple[str, str]]
) -> None:
    done = demo(vault.url_as(*make_login()))

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "permission denied" in done.stderr or "may not act" in done.stderr


@pytest.mark.parametrize("setting", ["app.current_tenant_id", "app.current_user_id"])
def test_no_context_outlives_the_demo(vault: Database, setting: str) -> None:
    assert demo(vault.url).returncode == 0
    with psycopg.connect(vault.url) as conn:
        row = conn.execute("SELECT current_setting(%s, true)", [setting]).fetchone()
    assert row == (None,)
