"""Starting the server process on a finished cluster, and waiting until it accepts connections."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.server.errors import from_os_error
from dsvault.server.layout import private_directory
from dsvault.server.process import Keeper, program_failed, wait_until
from dsvault.server.sharedmemory import shared_memory_settings
from dsvault.server.status import read_postmaster, recorded_postmaster

if TYPE_CHECKING:
    from dsvault.server.account import Account
    from dsvault.server.layout import Layout
    from dsvault.server.network import Network

START_SECONDS = 120.0
_LOG_BYTES = 10_000_000


def launch(
    layout: Layout, account: Account, bin_dir: Path, network: Network, *, tied: bool
) -> None:
    """Start the server and wait until it accepts connections. The caller holds the lock.

    :param tied: the server ends with this process.
    :raises ServerError: it does not start; the message carries what it logged.
    """
    socket_dir = layout.socket_dir(account.uid)
    private_directory(socket_dir, account)
    settings = {
        "unix_socket_directories": str(socket_dir),
        "listen_addresses": network.listen,
        "port": str(network.port),
        **shared_memory_settings(account),
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    words = [str(bin_dir / "postgres"), "-D", str(layout.pgdata), *options]
    try:
        _forget_reused_pid(layout.pgdata)
        log_start = _prepare_log(layout.log)
        with layout.log.open("ab") as log:
            keeper = Keeper(account, words, log, tied=tied)
    except OSError as error:
        raise from_os_error(error, doing="starting the server", path=layout.home) from error
    try:
        _wait_started(layout, keeper, log_start)
    except BaseException:
        if keeper.exit_code() is None:
            os.kill(keeper.pid, signal.SIGQUIT)
        raise


def _wait_started(layout: Layout, keeper: Keeper, log_start: int) -> None:
    def settled() -> bool:
        found = recorded_postmaster(layout.pgdata)
        ready = found is not None and found.pid == keeper.pid and found.is_ready
        return ready or keeper.exit_code() is not None

    in_time = wait_until(settled, timeout_seconds=START_SECONDS)
    if not in_time or keeper.exit_code() is not None:
        with layout.log.open("rb") as log:
            log.seek(log_start)
            words = log.read().decode(errors="replace")
        hint = f"The whole log is in {layout.log}."
        raise program_failed("starting the server", words, keeper.exit_code(), hint=hint)


def wait_ready(pgdata: Path, pid: int) -> bool:
    """Wait while a server that someone else started is on its way; tell whether it got there."""

    def settled() -> bool:
        found = read_postmaster(pgdata)
        return found is None or found.pid != pid or found.is_ready

    wait_until(settled, timeout_seconds=START_SECONDS)
    found = read_postmaster(pgdata)
    return found is not None and found.is_ready


def _prepare_log(log: Path) -> int:
    """Set a large log aside, make a new one private; return where the new entries begin."""
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_name("log.1"))
    os.close(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600))
    return log.stat().st_size


def _forget_reused_pid(pgdata: Path) -> None:
    """Remove a postmaster.pid whose number now belongs to some other process.

    PostgreSQL itself would refuse to start. It still guards the data by its shared memory.
    """
    recorded = recorded_postmaster(pgdata)
    if recorded and Path(f"/proc/{recorded.pid}").exists():
        (pgdata / "postmaster.pid").unlink()
