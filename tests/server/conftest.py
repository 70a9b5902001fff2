"""Fixtures for the server's own tests: programs, and places for a server's directory."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from tests.support.cluster import is_uri
from tests.support.people import somebody
from tests.support.servers import clear_place, new_place

from dsvault.server import EmbeddedServer
from dsvault.server.account import account_of
from dsvault.server.binaries import find_binaries
from dsvault.server.staging import runnable_bin_dir

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def source(request: pytest.FixtureRequest) -> str:
    """The programs to test with: what --pg says; 18 where that is a running server."""
    spec = request.config.getoption("--pg")
    return "18" if is_uri(spec) else spec


@pytest.fixture(scope="session")
def readable_source(source: str) -> str:
    """The same programs as a bin directory that an ordinary user can run."""
    return str(runnable_bin_dir(find_binaries(source), account_of(somebody().uid)))


@pytest.fixture
def place() -> Iterator[Path]:
    """A new directory of this process that the server's account can enter."""
    directory = new_place()
    yield directory
    clear_place(directory)


@pytest.fixture
def somebodys_place() -> Iterator[Path]:
    """A new directory of an ordinary user."""
    directory = new_place(somebody())
    yield directory
    clear_place(directory)


@pytest.fixture(scope="module")
def shared_home() -> Iterator[Path]:
    """A server's directory for the tests of one module that leave it as it was."""
    directory = new_place()
    yield directory / "server"
    clear_place(directory)


@pytest.fixture
def running(shared_home: Path, source: str) -> EmbeddedServer:
    """The running server of this module."""
    server = EmbeddedServer(shared_home, source=source)
    server.start()
    return server


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port of the loopback address that something else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def unused_port() -> int:
    """A port of the loopback address that nothing listens on at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
