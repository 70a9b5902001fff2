"""A server from its first start to its removal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.support.people import start_python
from tests.support.servers import ask, eventually, is_alive, pid_of, postmasters_below

from dsvault.server import EmbeddedServer, ServerError, ServerState
from dsvault.server.binaries import find_binaries
from dsvault.server.profile import PERSISTENT
from dsvault.server.status import recorded_postmaster

if TYPE_CHECKING:
    from collections.abc import Iterator


class TestStoppingAndStartingAgain:
    @pytest.fixture
    def server(self, running: EmbeddedServer) -> Iterator[EmbeddedServer]:
        yield running
        running.stop()

    def test_data_survive(self, server: EmbeddedServer) -> None:
        with psycopg.connect(server.url()) as conn:
            conn.execute("CREATE TABLE kept AS SELECT 42 AS n")
        assert server.stop() is True
        assert server.start() is True
        assert ask(server, "SELECT n FROM kept") == 42

    def test_stop_waits_until_it_has_ended(self, server: EmbeddedServer) -> None:
        pid = pid_of(server)
        server.stop()
        assert postmasters_below(server.data_dir) == []
        assert not server.data_dir.joinpath("pgdata", "postmaster.pid").exists()
        eventually(lambda: not is_alive(pid), 1.0)

    def test_stop_ends_open_sessions(self, server: EmbeddedServer) -> None:
        with psycopg.connect(server.url()) as conn:
            assert server.stop() is True
            with pytest.raises(psycopg.OperationalError):
                conn.execute("SELECT 1")

    def test_stopping_twice_is_no_error(self, server: EmbeddedServer) -> None:
        server.stop()
        assert server.stop() is False
        assert server.status().state is ServerState.STOPPED
        assert server.status().pid is None

    def test_a_killed_server_starts_again_with_its_data(self, server: EmbeddedServer) -> None:
        with psycopg.connect(server.url()) as conn:
            conn.execute("CREATE TABLE committed AS SELECT 7 AS n")
        pid = pid_of(server)
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: not is_alive(pid))
        assert server.status().state is ServerState.STOPPED
        assert server.start() is True
        assert ask(server, "SELECT n FROM committed") == 7

    def test_a_large_log_is_set_aside(self, server: EmbeddedServer) -> None:
        server.stop()
        with server.log_file.open("a") as log:
            log.truncate(11_000_000)
        server.start()
        assert server.log_file.stat().st_size < 100_000
        assert server.data_dir.joinpath("log.1").stat().st_size == 11_000_000

    def test_a_server_that_cannot_start_says_why(self, server: EmbeddedServer) -> None:
        server.stop()
        settings = server.data_dir / "pgdata" / "postgresql.conf"
        before = settings.read_text()
        settings.write_text(before + "no_such_setting = 1\n")
        try:
            with pytest.raises(ServerError, match="Failed while starting the server") as caught:
                server.start()
        finally:
            settings.write_text(before)
        assert 'unrecognized configuration parameter "no_such_setting"' in str(caught.value.detail)
        assert server.start() is True


class TestReusedProcessNumbers:
    @pytest.fixture
    def impostor(self, running: EmbeddedServer) -> Iterator[int]:
        """A living process of the server's account whose number postmaster.pid carries."""
        record = running.data_dir / "pgdata" / "postmaster.pid"
        lines = record.read_text().splitlines()
        owner = record.stat()
        running.stop()
        identity = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
        with subprocess.Popen(["sleep", "60"], **identity) as sleeper:  # type: ignore[call-overload]
            record.write_text("\n".join([str(sleeper.pid), *lines[1:]]) + "\n")
            os.chown(record, owner.st_uid, owner.st_gid)
            yield sleeper.pid
            sleeper.kill()

    def test_it_is_not_taken_for_the_server(self, running: EmbeddedServer, impostor: int) -> None:
        assert running.status().state is ServerState.STOPPED

    def test_it_is_not_stopped(self, running: EmbeddedServer, impostor: int) -> None:
        assert running.stop() is False
        assert is_alive(impostor)

    def test_it_does_not_keep_the_server_from_starting(
        self, running: EmbeddedServer, impostor: int
    ) -> None:
        assert running.start() is True
        assert pid_of(running) != impostor
        assert is_alive(impostor)


class TestTcp:
    def test_it_listens_where_asked_and_asks_for_the_password(
        self, running: EmbeddedServer, unused_port: int
    ) -> None:
        running.stop()
        running.start(port=unused_port)
        try:
            url = running.url(with_password=True)
            with psycopg.connect(url, host="127.0.0.1") as conn:
                assert conn.info.host == "127.0.0.1"
            with pytest.raises(psycopg.OperationalError, match="no password supplied"):
                psycopg.connect(running.url(), host="127.0.0.1", passfile="/dev/null")
            assert ask(running, "SELECT 1") == 1
            assert (running.status().listen, running.status().port) == ("127.0.0.1", unused_port)
        finally:
            running.stop()

    def test_a_running_server_is_not_changed_behind_its_users(
        self, running: EmbeddedServer, unused_port: int
    ) -> None:
        with pytest.raises(ServerError, match="other network settings") as caught:
            running.start(port=unused_port)
        assert "its socket only" in str(caught.value.detail)
        assert running.status().state is ServerState.RUNNING

    def test_a_taken_port_is_reported(self, running: EmbeddedServer, taken_port: int) -> None:
        running.stop()
        with pytest.raises(ServerError) as caught:
            running.start(port=taken_port)
        assert "Address already in use" in str(caught.value.detail)


class TestDestroying:
    def test_it_leaves_nothing(self, place: Path, source: str) -> None:
        server = EmbeddedServer(place / "server", source=source)
        server.start()
        pid = pid_of(server)
        assert server.destroy() is True
        eventually(lambda: not is_alive(pid), 1.0)
        assert list(place.iterdir()) == []
        assert server.destroy() is False
        assert server.status().state is ServerState.ABSENT

    def test_it_keeps_a_directory_that_was_there_and_files_of_others(
        self, place: Path, source: str
    ) -> None:
        server = EmbeddedServer(place, source=source)
        server.start()
        (place / "notes.txt").write_text("mine")
        server.destroy()
        assert [entry.name for entry in place.iterdir()] == ["notes.txt"]

    def test_it_frees_the_shared_memory_of_a_killed_server(self, place: Path, source: str) -> None:
        server = EmbeddedServer(place / "server", source=source)
        server.start()
        recorded = recorded_postmaster(place / "server" / "pgdata")
        assert recorded is not None
        os.kill(recorded.pid, signal.SIGKILL)
        eventually(lambda: not is_alive(recorded.pid))
        assert segment_exists(recorded.shared_memory_id)
        eventually(lambda: attached(recorded.shared_memory_id) == 0)
        server.destroy()
        assert not segment_exists(recorded.shared_memory_id)

    @pytest.mark.parametrize("action", ["start", "stop", "destroy"])
    def test_what_is_not_ours_is_left_alone(self, place: Path, source: str, action: str) -> None:
        (place / "thesis.txt").write_text("years of work")
        with pytest.raises(ServerError, match=r"no server of dsvault|something else"):
            getattr(EmbeddedServer(place, source=source), action)()
        assert [entry.name for entry in place.iterdir()] == ["thesis.txt"]

    def test_a_cluster_of_somebody_else_is_left_alone(self, place: Path, source: str) -> None:
        (place / "pgdata").mkdir()
        (place / "pgdata" / "PG_VERSION").write_text("18\n")
        for action in ("start", "stop", "destroy"):
            with pytest.raises(ServerError):
                getattr(EmbeddedServer(place, source=source), action)()
        assert sorted(path.name for path in place.rglob("*")) == ["PG_VERSION", "pgdata"]


class TestVersions:
    def test_a_directory_of_another_major_version_is_refused(
        self, running: EmbeddedServer, source: str
    ) -> None:
        major = find_binaries(source).major
        other = "16" if major == 18 else "18"
        with pytest.raises(ServerError, match=f"is of PostgreSQL {major}, the programs .* {other}"):
            _stopped(EmbeddedServer(running.data_dir, source=other)).start()
        assert running.start() is True

    def test_status_of_another_major_version_is_that_of_the_data(
        self, running: EmbeddedServer, source: str
    ) -> None:
        major = find_binaries(source).major
        other = "16" if major == 18 else "18"
        assert EmbeddedServer(running.data_dir, source=other).status().version == str(major)


class TestHalfMadeThings:
    def test_a_draft_of_a_killed_start_is_removed_by_the_next(
        self, place: Path, source: str
    ) -> None:
        (place / "draft-killed" / "pgdata").mkdir(parents=True)
        marker = {"what": "embedded server of dsvault", "format": 1, "made_directory": False}
        (place / "dsvault-server.json").write_text(json.dumps(marker))
        server = EmbeddedServer(place, source=source)
        server.start()
        assert not (place / "draft-killed").exists()
        assert ask(server, "SELECT 1") == 1

    def test_a_failing_initdb_leaves_nothing(self, place: Path, tmp_path: Path) -> None:
        programs = broken_programs(place, "initdb: error: the moon is in the wrong phase")
        with pytest.raises(ServerError, match="Failed while initialising") as caught:
            EmbeddedServer(place / "server", source=str(programs)).start()
        assert caught.value.detail == "initdb: error: the moon is in the wrong phase"
        assert not (place / "server").exists()

    def test_a_statement_that_fails_at_creation_leaves_nothing(
        self, place: Path, source: str
    ) -> None:
        wrong = replace(PERSISTENT, settings={"no_such_setting": "1"})
        with pytest.raises(ServerError, match="creating the database") as caught:
            EmbeddedServer(place / "server", source=source, profile=wrong).start()
        assert 'parameter "no_such_setting"' in str(caught.value.detail)
        assert list(place.iterdir()) == []

    def test_a_start_that_is_killed_at_any_point_is_made_good_by_the_next(
        self, place: Path, source: str
    ) -> None:
        code = "EmbeddedServer(place / 'server', source=source).start()"
        for seen in ("draft-*/pgdata/PG_VERSION", "draft-*/pgdata/base/4", "passfile"):
            with start_python(code, place=place, source=source) as process:
                # On a busy machine the moment can pass unseen; then it was not killed, and that is
                # no harm: the next moment is waited for, and what follows must hold all the same.
                eventually(lambda: _is_there(place, seen) or process.poll() is not None, 60)  # noqa: B023
                process.kill()
        server = EmbeddedServer(place / "server", source=source)
        server.start()
        assert ask(server, "SELECT current_database()") == "dsvault"
        assert not list(place.rglob("draft-*"))
        assert len(postmasters_below(place)) == 1

    def test_a_start_that_is_killed_when_its_cluster_is_whole_leaves_no_draft_to_the_next(
        self, place: Path, source: str
    ) -> None:
        code = """
import dsvault.server.cluster as cluster
calls = iter([cluster.remove_drafts, lambda layout: os.kill(os.getpid(), signal.SIGKILL)])
cluster.remove_drafts = lambda layout: next(calls)(layout)
EmbeddedServer(place / "server", source=source).start()
"""
        with start_python(code, place=place, source=source) as process:
            process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
        assert len(list(place.rglob("draft-*"))) == 1
        server = EmbeddedServer(place / "server", source=source)
        server.start()
        assert ask(server, "SELECT current_database()") == "dsvault"
        assert not list(place.rglob("draft-*"))

    def test_a_removal_that_is_killed_is_finished_by_the_next(
        self, place: Path, source: str
    ) -> None:
        code = """
import dsvault.server.halt as halt
server = EmbeddedServer(place / "server", source=source)
server.start()
halt.remove_drafts = lambda layout: os.kill(os.getpid(), signal.SIGKILL)
server.destroy()
"""
        with start_python(code, place=place, source=source) as process:
            process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
        server = EmbeddedServer(place / "server", source=source)
        assert server.status().state is ServerState.ABSENT
        assert server.destroy() is True
        assert list(place.iterdir()) == []

    def test_a_data_directory_without_a_cluster_is_reported(
        self, running: EmbeddedServer, source: str
    ) -> None:
        running.stop()
        version = running.data_dir / "pgdata" / "PG_VERSION"
        version.rename(version.with_name("hidden"))
        try:
            with pytest.raises(ServerError, match="is no data directory of PostgreSQL"):
                running.start()
        finally:
            version.with_name("hidden").rename(version)


def _is_there(place: Path, pattern: str) -> bool:
    """Whether a file of this pattern is in the server's directory, which may change meanwhile."""
    try:
        return any((place / "server").glob(pattern))
    except FileNotFoundError:
        return False


def _stopped(server: EmbeddedServer) -> EmbeddedServer:
    server.stop()
    return server


def broken_programs(place: Path, words: str) -> Path:
    """Make a bin directory whose initdb fails with words."""
    programs = place / "bin"
    programs.mkdir(mode=0o755)
    for name, line in (
        ("postgres", "echo 'postgres (PostgreSQL) 18.0'"),
        ("initdb", f'[ "$1" = --version ] || {{ echo "{words}" >&2; exit 1; }}'),
    ):
        program = programs / name
        program.write_text(f"#!/bin/sh\n{line}\n")
        program.chmod(0o755)
    return programs


def segment_exists(number: int | None) -> bool:
    return attached(number) is not None


def attached(number: int | None) -> int | None:
    """Return how many processes are attached to a System V segment, or None without one."""
    rows = [line.split() for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]]
    return next((int(row[6]) for row in rows if int(row[1]) == number), None)
