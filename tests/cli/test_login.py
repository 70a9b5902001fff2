"""`dsvault login`: who can connect, as what, and what becomes of the password."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import psycopg
import pytest
from click.testing import CliRunner, Result
from psycopg import errors, sql

from dsvault.cli import cli
from dsvault.cli.login import _Created
from dsvault.ops.login import Login, LoginRequest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.cluster import Cluster
    from tests.support.database import Database

WORD = "correct horse 'battery' staple"
KINDS = ["app", "reader", "auditor", "operator"]


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["login", *arguments], input=text)


@pytest.fixture
def name(server: Cluster) -> Iterator[str]:
    """A name that no role has; a role that the test gives it is dropped."""
    chosen = f'login test {os.getpid()} "quoted" ü'
    yield chosen
    server.admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(chosen)))


@pytest.fixture
def tenant(vault: Database) -> str:
    with vault(superuser=True, autocommit=True) as conn:
        row = conn.execute(
            "SELECT tenant_id::text FROM dsvault.create_tenant('acme', 'Acme', 'a@acme.org', 'A')"
        ).fetchone()
    assert row is not None
    return row[0]


@pytest.fixture
def password_file(tmp_path: Path) -> str:
    path = tmp_path / "password"
    path.write_text(f"{WORD}\n")
    return str(path)


def verifier_of(server: Cluster, name: str) -> str | None:
    row = server.admin.execute(
        "SELECT rolpassword FROM pg_authid WHERE rolname = %s", [name]
    ).fetchone()
    return row[0] if row else None


class TestCreate:
    @pytest.mark.parametrize("kind", KINDS)
    def test_the_deployer_creates_a_login_of_each_role(
        self, vault: Database, name: str, password_file: str, kind: str
    ) -> None:
        result = run(
            "create", name, "--role", kind, "--password-file", password_file, "-t", vault.url
        )
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout == f"The login {name} is created, a member of dsvault_{kind}.\n"
        with psycopg.connect(vault.url_as(name, WORD)) as conn:
            row = conn.execute(
                """SELECT current_setting('search_path'), r.rolsuper, r.rolcreaterole,
                          r.rolcreatedb, r.rolinherit, ARRAY(
                              SELECT roleid::regrole::text FROM pg_auth_members
                              WHERE member = r.oid)
                     FROM pg_roles AS r WHERE r.rolname = current_user"""
            ).fetchone()
        assert row == ("dsvault", False, False, False, True, [f"dsvault_{kind}"])

    def test_bare_names_of_the_design_work(
        self, vault: Database, name: str, password_file: str
    ) -> None:
        run("create", name, "--role", "app", "--password-file", password_file, "-t", vault.url)
        with psycopg.connect(vault.url_as(name, WORD)) as conn:
            assert conn.execute("SELECT count(*) FROM datasets").fetchone() == (0,)
            assert conn.execute("SELECT current_tenant_id()").fetchone() == (None,)
            with pytest.raises(errors.InsufficientPrivilege):
                conn.execute("TRUNCATE datasets")

    def test_a_taken_name_is_refused_and_left_alone(
        self, vault: Database, server: Cluster, name: str, password_file: str
    ) -> None:
        arguments = ("create", name, "--role", "app", "--password-file", password_file)
        assert run(*arguments, "-t", vault.url).exit_code == 0
        before = verifier_of(server, name)
        result = run("create", name, "--role", "reader", "--generate", "-t", vault.url)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"There is a role {name} already\n")
        assert verifier_of(server, name) == before

    @pytest.mark.parametrize("bad", ["", "x" * 64, "ü" * 32])
    def test_a_name_that_the_server_would_cut_is_refused(self, vault: Database, bad: str) -> None:
        result = run("create", bad, "--role", "app", "--generate", "-t", vault.url)
        assert result.exit_code == 2
        assert result.stderr.startswith("A login's name has 1 to 63 bytes")

    def test_a_name_that_the_server_keeps_for_itself_is_refused(self, vault: Database) -> None:
        result = run("create", "pg_me", "--role", "app", "--generate", "-t", vault.url)
        assert result.exit_code == 2
        assert "reserved" in result.stderr
        assert "  do:    Choose another name.\n" in result.stderr

    def test_a_login_that_may_not_create_others_says_so(
        self, vault: Database, server: Cluster, name: str
    ) -> None:
        stranger = server.new_role("dsvault_test_stranger", "LOGIN")
        result = run("create", name, "--role", "app", "--generate", "-t", vault.url_as(*stranger))
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("This login may not create members of dsvault_app")
        assert verifier_of(server, name) is None

    def test_json_tells_what_was_created(
        self, vault: Database, name: str, password_file: str
    ) -> None:
        result = run(
            "create", name, "--role", "app", "--password-file", password_file, "--json",
            "-t", vault.url,
        )  # fmt: skip
        assert json.loads(result.stdout) == {
            "ok": True,
            "name": name,
            "roles": ["app"],
            "tenant_id": None,
            "error": None,
        }


class TestPassword:
    def test_the_server_stores_a_scram_verifier(
        self, vault: Database, server: Cluster, name: str, password_file: str
    ) -> None:
        run("create", name, "--role", "app", "--password-file", password_file, "-t", vault.url)
        assert (verifier_of(server, name) or "").startswith("SCRAM-SHA-256$4096:")

    def test_the_servers_log_holds_the_statement_and_not_the_password(
        self, vault: Database, server: Cluster, name: str, password_file: str
    ) -> None:
        if server.embedded is None:
            pytest.skip("needs the log of the server, which only an embedded one shows")
        server.admin.execute(
            sql.SQL("ALTER DATABASE {} SET log_statement = 'all'").format(
                sql.Identifier(vault.name)
            )
        )
        run("create", name, "--role", "app", "--password-file", password_file, "-t", vault.url)
        log = server.embedded.status().log
        assert log is not None
        text = log.read_text(encoding="utf-8", errors="replace")
        assert "CREATE ROLE" in text
        assert "SCRAM-SHA-256$" in text
        assert "battery" not in text

    def test_a_generated_password_is_shown_once_and_works(self, vault: Database, name: str) -> None:
        result = run("create", name, "--role", "reader", "--generate", "-t", vault.url)
        [word] = re.findall(r"^Password, shown this once: (\S{32})$", result.stdout, re.MULTILINE)
        with psycopg.connect(vault.url_as(name, word)) as conn:
            assert conn.info.user == name
        assert word not in run("list", "-t", vault.url).stdout

    def test_generated_passwords_differ_and_json_has_them(self, vault: Database, name: str) -> None:
        words = set()
        for _ in range(2):
            result = run("create", name, "--role", "app", "--generate", "--json", "-t", vault.url)
            words.add(json.loads(result.stdout)["password"])
            run("drop", name, "-t", vault.url)
        assert len(words) == 2

    def test_a_password_comes_from_standard_input(self, vault: Database, name: str) -> None:
        result = run(
            "create", name, "--role", "app", "--password-stdin", "-t", vault.url, text=f"{WORD}\r\n"
        )
        assert result.exit_code == 0
        assert WORD not in result.output
        psycopg.connect(vault.url_as(name, WORD)).close()

    def test_only_one_newline_is_dropped(self, vault: Database, name: str) -> None:
        run("create", name, "--role", "app", "--password-stdin", "-t", vault.url, text="a\n\n")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(vault.url_as(name, "a"))

    def test_on_a_terminal_it_is_asked_for_twice_and_not_shown(
        self, vault: Database, name: str
    ) -> None:
        master, slave = pty.openpty()
        arguments = ["login", "create", name, "--role", "app", "--target", vault.url]
        with subprocess.Popen(
            [sys.executable, "-m", "dsvault", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        ) as process:
            os.close(slave)
            said = _talk(master, [b"Password: ", b"Repeat for confirmation: "], WORD)
        os.close(master)
        assert process.returncode == 0, said
        assert WORD not in said
        psycopg.connect(vault.url_as(name, WORD)).close()

    def test_without_a_terminal_somebody_must_tell_the_password(
        self, vault: Database, server: Cluster, name: str
    ) -> None:
        result = run("create", name, "--role", "app", "-t", vault.url, text=f"{WORD}\n")
        assert result.exit_code == 2
        assert "There is no terminal to ask for a password" in result.stderr
        assert verifier_of(server, name) is None

    def test_two_sources_are_refused(self, vault: Database, name: str, password_file: str) -> None:
        result = run(
            "create", name, "--role", "app", "--generate", "--password-file", password_file,
            "-t", vault.url,
        )  # fmt: skip
        assert result.exit_code == 2
        assert "Only one of" in result.stderr

    @pytest.mark.parametrize("text", ["", "\n", "a\0b"])
    def test_no_password_is_refused(self, vault: Database, name: str, text: str) -> None:
        result = run(
            "create", name, "--role", "app", "--password-stdin", "-t", vault.url, text=text
        )
        assert result.exit_code == 2
        assert result.stderr.startswith("A login needs a password")

    def test_a_file_that_is_no_text_is_refused(
        self, vault: Database, name: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "password"
        path.write_bytes(b"\xff\xfe")
        result = run("create", name, "--role", "app", "--password-file", str(path), "-t", vault.url)
        assert result.exit_code == 2
        assert result.stderr.startswith("The password cannot be read")

    def test_no_value_shows_its_password(self) -> None:
        assert WORD not in repr(LoginRequest("x", "app", WORD))
        assert WORD not in repr(_Created(Login("x", ["app"]), WORD))


class TestTenant:
    @pytest.mark.parametrize("by", ["slug", "id", "ID"])
    def test_a_superuser_binds_a_login_to_a_tenant(
        self, vault: Database, name: str, password_file: str, tenant: str, by: str
    ) -> None:
        wanted = {"slug": "acme", "id": tenant, "ID": tenant.upper()}[by]
        result = run(
            "create", name, "--role", "app", "--tenant", wanted, "--password-file", password_file,
            "-t", vault.superuser_url,
        )  # fmt: skip
        assert result.exit_code == 0, result.output
        assert f"Its sessions begin in tenant {tenant}.\n" in result.stdout
        with psycopg.connect(vault.url_as(name, WORD), autocommit=True) as conn:
            assert str(conn.execute("SELECT current_tenant_id()").fetchone()[0]) == tenant
            conn.execute("DISCARD ALL")
            assert str(conn.execute("SELECT current_tenant_id()").fetchone()[0]) == tenant

    def test_the_binding_is_a_default_that_a_session_may_change(
        self, vault: Database, name: str, password_file: str, tenant: str
    ) -> None:
        """As the command's help says; it is no wall against whoever can run any SQL."""
        run(
            "create", name, "--role", "app", "--tenant", tenant, "--password-file", password_file,
            "-t", vault.superuser_url,
        )  # fmt: skip
        with psycopg.connect(vault.url_as(name, WORD)) as conn:
            conn.execute("SET LOCAL app.current_tenant_id = '00000000-0000-0000-0000-000000000001'")
            row = conn.execute("SELECT current_tenant_id()::text").fetchone()
        assert row == ("00000000-0000-0000-0000-000000000001",)
        assert "It is no wall" in " ".join(run("create", "--help").stdout.split())

    def test_the_deployer_is_told_what_it_takes_and_nothing_is_left(
        self, vault: Database, server: Cluster, name: str, tenant: str
    ) -> None:
        result = run(
            "create", name, "--role", "app", "--tenant", tenant, "--generate", "-t", vault.url
        )
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("This login may not bind another one to a tenant")
        assert "GRANT SET ON PARAMETER app.current_tenant_id TO" in result.stderr
        assert verifier_of(server, name) is None

    def test_the_deployer_binds_once_a_superuser_has_allowed_it(
        self, vault: Database, server: Cluster, name: str, tenant: str, password_file: str
    ) -> None:
        allow = sql.SQL("{} SET ON PARAMETER app.current_tenant_id {} {}")
        role = sql.Identifier(vault.deployer.name)
        server.admin.execute(allow.format(sql.SQL("GRANT"), sql.SQL("TO"), role))
        try:
            result = run(
                "create", name, "--role", "app", "--tenant", "acme",
                "--password-file", password_file, "-t", vault.url,
            )  # fmt: skip
        finally:
            server.admin.execute(allow.format(sql.SQL("REVOKE"), sql.SQL("FROM"), role))
        assert result.exit_code == 0, result.output
        with psycopg.connect(vault.url_as(name, WORD)) as conn:
            assert conn.execute("SELECT current_tenant_id()::text").fetchone() == (tenant,)

    @pytest.mark.parametrize(
        "wanted", ["nobody", "00000000-0000-0000-0000-000000000000", "system", "' OR true --"]
    )
    def test_what_is_no_tenant_is_refused(
        self, vault: Database, server: Cluster, name: str, tenant: str, wanted: str
    ) -> None:
        result = run(
            "create", name, "--role", "app", "--tenant", wanted, "--generate",
            "-t", vault.superuser_url,
        )  # fmt: skip
        assert result.exit_code == 2
        assert result.stderr.startswith(f"There is no tenant {wanted}")
        assert verifier_of(server, name) is None

    def test_a_deleted_tenant_is_refused(self, vault: Database, name: str, tenant: str) -> None:
        with vault(superuser=True, autocommit=True) as conn:
            conn.execute("UPDATE dsvault.tenants SET is_deleted = true WHERE id = %s", [tenant])
        result = run(
            "create", name, "--role", "app", "--tenant", "acme", "--generate",
            "-t", vault.superuser_url,
        )  # fmt: skip
        assert (result.exit_code, result.stderr.splitlines()[0]) == (
            2,
            "The tenant acme is deleted",
        )


class TestList:
    def test_logins_are_listed_with_their_roles_and_tenants(
        self, vault: Database, name: str, tenant: str
    ) -> None:
        run(
            "create", name, "--role", "auditor", "--tenant", tenant, "--generate",
            "-t", vault.superuser_url,
        )  # fmt: skip
        content = json.loads(run("list", "--json", "-t", vault.url).stdout)
        [login] = [login for login in content["logins"] if login["name"] == name]
        assert login == {
            "name": name,
            "roles": ["auditor"],
            "tenant_id": tenant,
            "valid_until": None,
            "sessions": 0,
        }
        lines = run("list", "-t", vault.url).stdout.splitlines()
        assert lines[0].split() == ["login", "roles", "tenant", "valid", "until", "sessions"]
        [line] = [line for line in lines if line.startswith(name)]
        assert line.removeprefix(name).split() == ["auditor", tenant, "for", "ever", "0"]

    def test_other_logins_are_not_listed(self, vault: Database, server: Cluster) -> None:
        stranger, _ = server.new_role("dsvault_test_stranger", "LOGIN")
        assert stranger not in run("list", "-t", vault.url).stdout
        assert vault.deployer.name not in run("list", "-t", vault.url).stdout


class TestDrop:
    def test_a_login_is_dropped(self, vault: Database, server: Cluster, name: str) -> None:
        run("create", name, "--role", "app", "--generate", "-t", vault.url)
        result = run("drop", name, "-t", vault.url)
        assert (result.exit_code, result.stdout) == (0, f"The login {name} is dropped.\n")
        assert verifier_of(server, name) is None

    def test_open_sessions_are_told_and_have_no_right_any_more(
        self, vault: Database, name: str, password_file: str
    ) -> None:
        run("create", name, "--role", "app", "--password-file", password_file, "-t", vault.url)
        with psycopg.connect(vault.url_as(name, WORD), autocommit=True) as conn:
            conn.execute("SELECT FROM datasets")
            result = run("drop", name, "-t", vault.superuser_url)
            assert "Of its sessions 1 are still connected here.\n" in result.stdout
            with pytest.raises(errors.InsufficientPrivilege):
                conn.execute("SELECT FROM dsvault.datasets")

    @pytest.mark.parametrize("other", ["nobody_at_all", "postgres", "dsvault_app"])
    def test_what_is_no_login_of_the_vault_is_left_alone(self, vault: Database, other: str) -> None:
        result = run("drop", other, "-t", vault.superuser_url)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"There is no login {other} of the vault")

    def test_a_login_that_owns_something_is_kept(
        self, vault: Database, server: Cluster, name: str
    ) -> None:
        run("create", name, "--role", "app", "--generate", "-t", vault.url)
        with vault(superuser=True, autocommit=True) as conn:
            role = sql.Identifier(name)
            conn.execute(sql.SQL("CREATE SCHEMA his AUTHORIZATION {}").format(role))
            result = run("drop", name, "-t", vault.url)
            assert result.exit_code == 2
            assert "owns something" in result.stderr
            assert "schema his" in result.stderr
            assert verifier_of(server, name) is not None
            conn.execute("DROP SCHEMA his")

    def test_who_may_not_drop_it_is_told(self, vault: Database, server: Cluster, name: str) -> None:
        run("create", name, "--role", "app", "--generate", "-t", vault.url)
        stranger = server.new_role("dsvault_test_stranger", "LOGIN")
        result = run("drop", name, "-t", vault.url_as(*stranger))
        assert result.exit_code == 2
        assert result.stderr.startswith(f"This login may not drop {name}")
        assert verifier_of(server, name) is not None


def _talk(master: int, prompts: list[bytes], answer: str) -> str:
    """Answer each prompt of a terminal; return all that was said on it."""
    said = b""
    waiting = list(prompts)
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:  # the other end is closed
            return said.decode()
        if not piece:
            return said.decode()
        said += piece
        if waiting and said.endswith(waiting[0]):
            waiting.pop(0)
            os.write(master, f"{answer}\n".encode())
