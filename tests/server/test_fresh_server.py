"""A server that was just made: what it promises, and its secrets."""

from __future__ import annotations

import stat
from pathlib import Path

import psycopg
import pytest
from tests.support.servers import ask, eventually, pid_of, postmasters_below

from dsvault.server import EmbeddedServer, ServerState
from dsvault.server.binaries import find_binaries


class TestAFreshServer:
    @pytest.mark.parametrize(
        ("setting", "value"),
        [
            ("data_checksums", "on"),
            ("fsync", "on"),
            ("synchronous_commit", "on"),
            ("full_page_writes", "on"),
            ("listen_addresses", ""),
            ("password_encryption", "scram-sha-256"),
            ("server_encoding", "UTF8"),
            ("lc_messages", "C"),
            ("timezone", "UTC"),
            ("shared_buffers", "128MB"),
        ],
    )
    def test_it_is_set_up_as_promised(
        self, running: EmbeddedServer, setting: str, value: str
    ) -> None:
        assert ask(running, f"SELECT current_setting('{setting}')") == value

    def test_it_accepts_every_client_by_scram_only(self, running: EmbeddedServer) -> None:
        rules = "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules"
        assert ask(running, rules) == ["scram-sha-256"]

    def test_it_has_the_database_dsvault(self, running: EmbeddedServer) -> None:
        assert ask(running, "SELECT current_database() || current_user") == "dsvaultpostgres"

    def test_it_runs_the_programs_that_were_asked_for(
        self, running: EmbeddedServer, source: str
    ) -> None:
        assert str(ask(running, "SHOW server_version")).split()[0] == find_binaries(source).version

    def test_it_refuses_a_wrong_password(self, running: EmbeddedServer, tmp_path: Path) -> None:
        wrong = tmp_path / "wrong"
        wrong.write_text("*:*:*:*:guess\n")
        wrong.chmod(0o600)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(running.url(), passfile=str(wrong))

    def test_it_refuses_whoever_has_no_password(self, running: EmbeddedServer) -> None:
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            psycopg.connect(running.url(), passfile="/dev/null")

    def test_its_settings_can_be_changed_by_alter_system(self, running: EmbeddedServer) -> None:
        with psycopg.connect(running.url(), autocommit=True) as conn:
            conn.execute("ALTER SYSTEM SET work_mem = '5MB'")
            conn.execute("SELECT pg_reload_conf()")
        eventually(lambda: ask(running, "SHOW work_mem") == "5MB")

    def test_starting_it_again_changes_nothing(self, running: EmbeddedServer, source: str) -> None:
        before = pid_of(running)
        assert running.start() is False
        assert EmbeddedServer(running.data_dir, source=source).start() is False
        assert pid_of(running) == before

    def test_status_tells_where_it_is(self, running: EmbeddedServer) -> None:
        status = running.status()
        assert status.state is ServerState.RUNNING
        assert status.url == running.url()
        assert (status.listen, status.port) == (None, 5432)
        assert status.size_bytes is not None
        assert 20_000_000 < status.size_bytes < 200_000_000
        assert status.pid in postmasters_below(running.data_dir)


class TestSecrets:
    def password(self, server: EmbeddedServer) -> str:
        return server.data_dir.joinpath("passfile").read_text().strip().rpartition(":")[2]

    def test_the_password_is_long_and_in_a_private_file(self, running: EmbeddedServer) -> None:
        found = running.data_dir.joinpath("passfile").stat()
        assert stat.S_IMODE(found.st_mode) == 0o600
        assert len(self.password(running)) >= 32

    def test_the_url_names_the_passfile_and_not_the_password(self, running: EmbeddedServer) -> None:
        assert self.password(running) not in running.url()
        assert "passfile=" in running.url()

    def test_the_url_holds_the_password_only_if_asked(self, running: EmbeddedServer) -> None:
        url = running.url(with_password=True)
        assert f"postgres:{self.password(running)}@" in url
        with psycopg.connect(url, passfile="/dev/null") as conn:
            assert conn.info.dbname == "dsvault"

    def test_no_process_shows_the_password(self, running: EmbeddedServer) -> None:
        secret = self.password(running).encode()
        shown = []
        for process in Path("/proc").iterdir():
            if process.name.isdecimal():
                try:
                    shown.append((process / "cmdline").read_bytes())
                except OSError:
                    continue
        assert len(shown) > 1
        assert not [line for line in shown if secret in line]

    def test_no_log_status_or_repr_shows_it(self, running: EmbeddedServer) -> None:
        secret = self.password(running)
        assert secret not in running.log_file.read_text()
        assert secret not in repr(running.status())
        assert secret not in repr(running)

    def test_nothing_of_the_draft_is_left(self, running: EmbeddedServer) -> None:
        assert sorted(entry.name for entry in running.data_dir.iterdir()) == [
            "dsvault-server.json",
            "lock",
            "log",
            "passfile",
            "pgdata",
            "run",
        ]

    def test_only_the_owner_may_enter_data_and_socket(self, running: EmbeddedServer) -> None:
        for name in ("pgdata", "run"):
            found = running.data_dir.joinpath(name).stat()
            assert stat.S_IMODE(found.st_mode) == 0o700
