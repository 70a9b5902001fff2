"""A server that lives as long as its user, however that one ends."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.support.people import run_python, somebody, start_python
from tests.support.servers import as_root, ask, eventually, is_alive, pid_of, postmasters_below

from dsvault.server import EmbeddedServer, sweep, temporary_server
from dsvault.server.lock import try_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

HOLD = """
with temporary_server(source) as server:
    print(server.data_dir, server.status().pid, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module")
def temporary(source: str) -> Iterator[EmbeddedServer]:
    with temporary_server(source) as server:
        yield server


class TestWhileItLives:
    @pytest.mark.parametrize(
        "setting", ["fsync", "synchronous_commit", "full_page_writes", "autovacuum"]
    )
    def test_it_does_not_care_for_durability(self, temporary: EmbeddedServer, setting: str) -> None:
        assert ask(temporary, f"SHOW {setting}") == "off"

    def test_it_checks_its_pages_and_has_no_tcp(self, temporary: EmbeddedServer) -> None:
        assert ask(temporary, "SHOW data_checksums") == "on"
        assert ask(temporary, "SHOW listen_addresses") == ""

    def test_a_sweep_leaves_it_alone(self, temporary: EmbeddedServer) -> None:
        assert temporary.data_dir.parent not in sweep()
        assert ask(temporary, "SELECT 1") == 1

    def test_two_live_side_by_side(self, temporary: EmbeddedServer, source: str) -> None:
        with temporary_server(source) as other:
            assert other.data_dir != temporary.data_dir
            assert ask(other, "SELECT 1") == ask(temporary, "SELECT 1")

    def test_it_outlives_the_thread_that_started_it(self, source: str) -> None:
        with ExitStack() as stack:
            servers: list[EmbeddedServer] = []
            thread = threading.Thread(
                target=lambda: servers.append(stack.enter_context(temporary_server(source)))
            )
            thread.start()
            thread.join()
            pid = pid_of(servers[0])
            with pytest.raises(AssertionError):
                eventually(lambda: not is_alive(pid), 0.5)
            assert ask(servers[0], "SELECT 1") == 1


class TestItsEnd:
    def test_the_block_leaves_no_process_and_no_file(self, source: str) -> None:
        with temporary_server(source) as server:
            home, pid = server.data_dir.parent, pid_of(server)
        eventually(lambda: not is_alive(pid), 1.0)
        assert not home.exists()

    def test_so_does_a_block_that_raises_with_a_session_open(self, source: str) -> None:
        with pytest.raises(ZeroDivisionError), temporary_server(source) as server:  # noqa: PT012
            home, conn = server.data_dir.parent, psycopg.connect(server.url())
            raise ZeroDivisionError
        assert not home.exists()
        with pytest.raises(psycopg.OperationalError):
            conn.execute("SELECT 1")
        conn.close()

    def test_a_killed_user_leaves_no_server_and_a_sweep_no_file(
        self, place: Path, source: str
    ) -> None:
        home, pid = killed_user(place, source, signal.SIGKILL)
        eventually(lambda: not is_alive(pid))
        assert postmasters_below(home) == []
        assert home.exists()
        assert home.parent in sweep()
        assert not home.parent.exists()

    def test_the_next_temporary_server_sweeps_by_itself(self, place: Path, source: str) -> None:
        home, pid = killed_user(place, source, signal.SIGTERM)
        with temporary_server(source):
            assert not is_alive(pid)
            assert not home.parent.exists()

    def test_a_sweep_ends_a_server_that_survived_its_user(self, place: Path, source: str) -> None:
        code = HOLD.replace("time.sleep(60)", "os._exit(0)")
        home = ""
        # Only a server that was not tied can survive; it stands for a kernel without the signal.
        untied = "import dsvault.server.process as p; p._tie_to_parent = lambda *_: None\n"
        home, number = run_python(untied + code, place=place, source=source).split()
        assert is_alive(int(number))
        assert Path(home).parent in sweep()
        assert not is_alive(int(number))

    def test_a_user_that_dies_while_the_server_starts_leaves_none(
        self, place: Path, source: str
    ) -> None:
        code = """
import dsvault.server.launch as launch
def die(layout, keeper, log_start):
    print(layout.home, keeper.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
launch._wait_started = die
with temporary_server(source):
    pass
"""
        with start_python(code, place=place, source=source) as process:
            home, number = process.communicate(timeout=60)[0].split()
        eventually(lambda: not is_alive(int(number)))
        assert Path(home).parent in sweep()


class TestSweepingOnlyWhatIsOurs:
    @pytest.fixture
    def base(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        return tmp_path

    def test_an_abandoned_directory_goes(self, base: Path) -> None:
        home = base / "dsvault-tmp-abandoned"
        (home / "server").mkdir(parents=True)
        assert home in sweep()
        assert not home.exists()

    def test_a_directory_in_use_stays(self, base: Path) -> None:
        home = base / "dsvault-tmp-used"
        home.mkdir()
        handle = try_lock(home / "held")
        assert handle is not None
        try:
            assert home not in sweep()
        finally:
            os.close(handle)
        assert home in sweep()

    def test_a_directory_that_is_just_being_made_stays(self, base: Path) -> None:
        unborn = base / ".dsvault-tmp-young"
        unborn.mkdir()
        assert unborn not in sweep()
        os.utime(unborn, (0, 0))
        assert unborn in sweep()

    def test_other_names_stay(self, base: Path) -> None:
        (base / "dsvault-data").mkdir()
        sweep()
        assert (base / "dsvault-data").exists()

    def test_a_link_is_not_followed(self, base: Path) -> None:
        (base / "precious").mkdir()
        (base / "dsvault-tmp-link").symlink_to(base / "precious")
        sweep()
        assert (base / "precious").exists()
        assert (base / "dsvault-tmp-link").is_symlink()

    @as_root
    def test_a_directory_of_another_account_stays(self, base: Path) -> None:
        home = base / "dsvault-tmp-foreign"
        home.mkdir()
        os.chown(home, somebody().uid, somebody().gid)
        sweep()
        assert home.exists()


def killed_user(place: Path, source: str, number: signal.Signals) -> tuple[Path, int]:
    """Run a temporary server in a process that then dies by a signal; return home and server."""
    with start_python(HOLD, place=place, source=source) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("/"), line + process.stdout.read()
        process.send_signal(number)
    home, pid = line.split()
    return Path(home), int(pid)
