"""`dsvault tenant list`, `suspend`, `resume`: what an operator sees and does."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from dsvault.cli import cli

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.database import Database

    Login = Callable[[str], tuple[str, str]]


@pytest.fixture
def tenants(vault: Database) -> Database:
    """A vault with the tenants acme and globex."""
    with vault.connect(superuser=True, autocommit=True) as conn:
        for slug in ("globex", "acme"):
            conn.execute(
                "SELECT dsvault.create_tenant(%s, 'Some \x1b[1mname', 'a@mail.example', 'A')",
                [slug],
            )
        conn.execute("UPDATE dsvault.tenants SET storage_quota_bytes = 5000 WHERE slug = 'acme'")
    return vault


def run(database: str, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["tenant", *arguments, "-t", database])


def states(database: str) -> dict[str, str]:
    found = json.loads(run(database, "list", "--json").stdout)
    return {tenant["slug"]: tenant["state"] for tenant in found["tenants"]}


def test_a_tenant_is_suspended_and_goes_on(tenants: Database) -> None:
    done = run(tenants.url, "suspend", "acme", "--reason", "unpaid")
    assert (done.exit_code, done.stdout) == (0, "The tenant acme is suspended.\n")
    assert states(tenants.url) == {"acme": "suspended", "globex": "live"}
    again = run(tenants.url, "suspend", "acme", "--reason", "unpaid")
    assert again.stdout == "The tenant acme was suspended for this reason already.\n"
    assert run(tenants.url, "resume", "acme").stdout == "The tenant acme goes on.\n"
    assert run(tenants.url, "resume", "acme").stdout == "The tenant acme was not suspended.\n"
    assert states(tenants.url) == {"acme": "live", "globex": "live"}


def test_the_list_shows_every_tenant_and_no_control_character(tenants: Database) -> None:
    run(tenants.url, "suspend", "globex", "--reason", "abuse")
    lines = run(tenants.url, "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["slug", "acme", "globex"]
    assert re.search(
        r"Some \\x1b\[1mname +live +\d{4}-\d\d-\d\d +5,000 bytes +[0-9a-f-]{36}", lines[1]
    )
    assert " suspended " in lines[2]
    assert " none " in lines[2]


def test_json_has_stable_keys(tenants: Database) -> None:
    done = json.loads(run(tenants.url, "suspend", "acme", "--reason", "unpaid", "--json").stdout)
    assert set(done) == {"ok", "error", "tenant", "changed"}
    assert set(done["tenant"]) == {
        "id", "slug", "name", "state", "created_at", "deleted_at", "suspended_at",
        "suspension_reason", "quota_bytes",
    }  # fmt: skip
    assert done["tenant"]["suspension_reason"] == "unpaid"


def test_an_operator_s_login_is_enough_and_another_is_refused(
    tenants: Database, make_login: Login
) -> None:
    operator = tenants.url_as(*make_login("dsvault_operator"))
    application = tenants.url_as(*make_login("dsvault_app"))
    assert run(operator, "suspend", "acme", "--reason", "unpaid").exit_code == 0
    refused = run(application, "resume", "acme")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("This login may not act as dsvault_operator\n")
    assert states(operator)["acme"] == "suspended"


def test_no_membership_stays_with_the_deployer(tenants: Database) -> None:
    query = (
        "SELECT pg_has_role(%s, 'dsvault_operator', 'USAGE'), count(*) FROM pg_auth_members"
        " WHERE roleid = 'dsvault_operator'::regrole AND member = %s::regrole"
    )
    name = tenants.deployer.name
    with tenants.connect() as conn:
        before = conn.execute(query, [name, name]).fetchone()
    assert run(tenants.url, "suspend", "acme", "--reason", "unpaid").exit_code == 0
    with tenants.connect() as conn:
        assert conn.execute(query, [name, name]).fetchone() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["suspend", "nobody", "--reason", "x"], "There is no tenant nobody\n"),
        (["suspend", "system", "--reason", "x"], "There is no tenant system\n"),
        (["suspend", "acme", "--reason", " "], "a tenant is suspended for a reason, and none"),
        (["resume", "nobody"], "There is no tenant nobody\n"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    tenants: Database, arguments: list[str], said: str
) -> None:
    done = run(tenants.url, *arguments)
    assert done.exit_code == 2
    assert done.stderr.startswith(said)
    assert "\n  do:    " in done.stderr
    assert states(tenants.url) == {"acme": "live", "globex": "live"}


def test_a_vault_without_tenants_says_so(vault: Database) -> None:
    assert run(vault.url, "list").stdout == "There is no tenant.\n"
