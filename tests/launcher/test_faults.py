"""Installations that go wrong: a clear message, nothing half-made, and the next run does it."""

from __future__ import annotations

import signal
import socket
import subprocess
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from tests.launcher.checkouts import Checkout, make_fruit

if TYPE_CHECKING:
    from collections.abc import Iterator


class SilentIndex:
    """A package index that takes connections and never answers."""

    def __init__(self, server: socket.socket, cleanup: ExitStack) -> None:
        self._server = server
        self._cleanup = cleanup
        url = f"http://127.0.0.1:{server.getsockname()[1]}/simple"
        self.environ = {"PIP_NO_INDEX": "0", "PIP_INDEX_URL": url, "PIP_RETRIES": "0"}

    def wait_for_pip(self) -> socket.socket:
        """Wait until pip asks; return the connection that it hangs on."""
        connection, _ = self._server.accept()
        connection.settimeout(20)
        assert connection.recv(10000).startswith(b"GET")
        return self._cleanup.enter_context(connection)


@pytest.fixture
def index() -> Iterator[SilentIndex]:
    with ExitStack() as cleanup:
        server = cleanup.enter_context(socket.create_server(("127.0.0.1", 0)))
        server.settimeout(60)
        yield SilentIndex(server, cleanup)


def is_closed(connection: socket.socket) -> bool:
    """Tell whether the other side ends the connection; wait for that."""
    try:
        return connection.recv(1000) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


def no_trace(checkout: Checkout) -> bool:
    """Tell whether the tests' layer is gone and the toolkit still works."""
    return not checkout.test_layer.exists() and checkout.run().told["packages"] == {"apple": "1"}


def test_a_wrong_hash_is_refused(installed: Checkout) -> None:
    make_fruit(installed.wheels, "berry", "1")
    wheel = installed.wheels / "berry-1-py3-none-any.whl"
    wheel.write_bytes(wheel.read_bytes() + b"\0")

    ran = installed.run("test")

    assert ran.code == 2
    assert "DO NOT MATCH THE HASHES" in ran.err
    assert "  do:    do not use these packages" in ran.err
    assert "Traceback" not in ran.err
    assert no_trace(installed)


def test_an_unreachable_index_is_named_as_such(installed: Checkout) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    ran = installed.run(
        "test",
        PIP_NO_INDEX="0",
        PIP_FIND_LINKS="",
        PIP_INDEX_URL=f"http://127.0.0.1:{port}/simple",
        PIP_RETRIES="1",
    )

    assert ran.code == 2
    assert "dsvault: the installation failed; nothing half-made is left" in ran.err
    assert "ERROR: No matching distribution found for berry==1" in ran.err
    assert "the package index was not reached: check the network" in ran.err
    assert "Traceback" not in ran.err
    assert no_trace(installed)


def test_the_whole_output_of_a_failure_is_kept(installed: Checkout) -> None:
    (installed.wheels / "berry-1-py3-none-any.whl").unlink()

    ran = installed.run("test")

    log = installed.state / "install.log"
    assert f"all of the output: {log}" in ran.err
    assert "Looking in links" in log.read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_installation_leaves_nothing(
    installed: Checkout, index: SilentIndex, number: signal.Signals
) -> None:
    process = installed.start("test", **index.environ)
    connection = index.wait_for_pip()

    process.send_signal(number)
    _, err = process.communicate(timeout=60)

    assert is_closed(connection), "pip goes on"
    assert process.returncode == 128 + number
    assert "stopped; nothing half-made is left" in err
    assert "Traceback" not in err
    assert no_trace(installed)


def test_after_a_kill_the_next_run_waits_for_pip_and_starts_over(
    installed: Checkout, index: SilentIndex
) -> None:
    killed = installed.start("test", **index.environ)
    connection = index.wait_for_pip()
    killed.kill()
    killed.communicate(timeout=60)
    assert installed.test_layer.exists()

    following = installed.start("test")
    assert following.stderr is not None
    waiting = following.stderr.readline()
    connection.close()
    out, err = following.communicate(timeout=120)

    assert waiting == "dsvault: another run is installing; waiting for it to end\n"
    assert following.returncode == 0, err
    assert "replacing the one that is there: its installation was cut short" in err
    assert '"berry": "1"' in out


def test_two_first_runs_at_once_install_once(installed: Checkout) -> None:
    both = [installed.start("test") for _ in range(2)]
    outputs = [process.communicate(timeout=120) for process in both]

    assert [process.returncode for process in both] == [0, 0], outputs
    everything = "".join(err for _, err in outputs)
    assert everything.count("virtual environment, Python") == 1
    assert everything.count("another run is installing") == 1


def test_an_interrupt_while_waiting_for_another_run_is_no_fault(
    installed: Checkout, index: SilentIndex
) -> None:
    first = installed.start("test", **index.environ)
    index.wait_for_pip()
    second = installed.start("test")
    assert second.stderr is not None
    assert "waiting" in second.stderr.readline()

    second.send_signal(signal.SIGINT)
    _, err = second.communicate(timeout=60)

    assert installed.test_layer.exists(), "the first run's work was removed"
    first.terminate()
    first.communicate(timeout=60)
    assert second.returncode == 130
    assert "Traceback" not in err


def test_a_full_disk_is_named_as_such(installed: Checkout) -> None:
    """A limit on the size of files stands for the disk."""
    done = subprocess.run(
        ["sh", "-c", 'ulimit -f 0; exec "$0" "$@"', installed.launcher, "test"],
        capture_output=True,
        text=True,
        env=installed.full_environ({}),
        timeout=60,
        check=False,
    )

    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr.split("all of the output")[-1]
    assert no_trace(installed)
