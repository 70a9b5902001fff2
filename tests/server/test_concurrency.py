"""Several commands at once on one server's directory."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from tests.support.people import start_python
from tests.support.servers import ask, postmasters_below

from dsvault.server import EmbeddedServer, ServerError, ServerState, lock

if TYPE_CHECKING:
    from pathlib import Path


def run_at_once(codes: list[str], place: Path, source: str) -> list[str]:
    """Run each code in a process of its own, all at the same time; return what they wrote."""
    with ExitStack() as stack:
        running = [
            stack.enter_context(start_python(code, place=place, source=source)) for code in codes
        ]
        written = [process.communicate(timeout=120)[0] for process in running]
        assert [process.returncode for process in running] == [0] * len(codes), written
    return written


def test_concurrent_first_starts_make_one_server(place: Path, source: str) -> None:
    code = """
server = EmbeddedServer(place / "server", source=source)
print(server.start(), server.status().pid)
with psycopg.connect(server.url()) as conn:
    conn.execute("SELECT 1")
"""
    answers = [line.split() for line in run_at_once([code] * 4, place, source)]
    assert sorted(started for started, _ in answers) == ["False", "False", "False", "True"]
    assert len({pid for _, pid in answers}) == 1
    assert len(postmasters_below(place)) == 1


def test_starts_stops_and_removals_at_once_leave_a_server_or_none(place: Path, source: str) -> None:
    code = """
server = EmbeddedServer(place / "server", source=source)
for action in %s:
    getattr(server, action)()
"""
    run_at_once(
        [code % ["start", "destroy", "start"], code % ["destroy", "start", "stop"]], place, source
    )
    server = EmbeddedServer(place / "server", source=source)
    if server.status().state is ServerState.RUNNING:
        assert ask(server, "SELECT 1") == 1
    assert len(postmasters_below(place)) <= 1
    assert not list(place.rglob("draft-*"))


def test_a_lock_that_is_held_too_long_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with (
        lock.held(path),
        pytest.raises(ServerError, match="Another dsvault is at work") as caught,
        lock.held(path, timeout_seconds=0.1),
    ):
        pytest.fail("two have the lock")
    assert str(path) in str(caught.value.detail)


def test_a_lock_in_a_missing_directory_is_gone(tmp_path: Path) -> None:
    with pytest.raises(lock.GoneError), lock.held(tmp_path / "missing" / "lock"):
        pytest.fail("there is nothing to lock")


def test_a_directory_that_vanishes_while_waiting_is_made_again(tmp_path: Path) -> None:
    made: list[bool] = []

    def prepare() -> None:
        made.append(True)
        if len(made) == 3:
            (tmp_path / "home").mkdir()

    with lock.held(tmp_path / "home" / "lock", prepare=prepare):
        assert len(made) == 3


def test_a_lock_is_free_again_after_its_block(tmp_path: Path) -> None:
    for _ in range(2):
        with lock.held(tmp_path / "lock", timeout_seconds=0.1):
            pass


def test_the_lock_of_a_removed_file_is_not_taken_for_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with lock.held(path):
        path.unlink()
        newer = lock.try_lock(path)
        assert newer is not None
        assert lock.try_lock(path) is None
        os.close(newer)


def test_a_link_in_the_place_of_the_lock_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ServerError, match="Failed while locking"):
        lock.try_lock(tmp_path / "lock")
    assert not (tmp_path / "elsewhere").exists()
