"""One embedded server from its first start to its removal."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from dsvault.server import cluster, lock
from dsvault.server.account import Account, account_of, choose_account
from dsvault.server.binaries import Binaries, find_binaries
from dsvault.server.errors import ServerError, from_os_error
from dsvault.server.layout import Layout, default_home, prepare_home, private_directory
from dsvault.server.process import Keeper, program_failed, wait_until
from dsvault.server.profile import PERSISTENT, Profile
from dsvault.server.sharedmemory import remove_orphan, shared_memory_settings
from dsvault.server.staging import runnable_bin_dir
from dsvault.server.status import (
    Postmaster,
    ServerState,
    ServerStatus,
    read_postmaster,
    recorded_postmaster,
    size_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEFAULT_PORT = 5432
_START_SECONDS = 120.0
_STOP_SECONDS = 60.0
_LOG_BYTES = 10_000_000


class EmbeddedServer:
    """A PostgreSQL server of our own, known by its directory.

    The object holds no connection and no lock; several may speak of the same directory.
    """

    def __init__(
        self,
        data_dir: Path | None = None,
        *,
        source: str | None = None,
        profile: Profile = PERSISTENT,
    ) -> None:
        """Name a server; nothing is made or started.

        :param data_dir: the server's directory; the data are in `pgdata` below it.
        :param source: a major version of the wheel or a bin directory; see find_binaries.
        :raises ServerError: source names no PostgreSQL programs.
        """
        self._binaries: Binaries = find_binaries(source)
        home = data_dir or default_home(self._binaries.major)
        self._layout = Layout(Path(os.path.realpath(home)))
        self._profile = profile
        self._keeper: Keeper | None = None

    def __repr__(self) -> str:
        return f"EmbeddedServer({str(self.data_dir)!r})"

    @property
    def data_dir(self) -> Path:
        """The server's directory."""
        return self._layout.home

    @property
    def bin_dir(self) -> Path:
        """The directory with psql, pg_dump and their like, as the caller can run them."""
        return self._binaries.bin_dir

    @property
    def log_file(self) -> Path:
        """The file that the server logs to."""
        return self._layout.log

    def start(self, *, port: int | None = None, listen: str | None = None) -> None:
        """Start the server, making its cluster at first; return when it accepts connections.

        Does nothing if it runs. TCP is off unless port or listen is given (port 5432 and address
        127.0.0.1 are each other's defaults).

        :raises ServerError: it cannot be made or started, or runs with other TCP settings.
        """
        if self._runs_as_wished(port, listen):
            return
        account = self._account()
        prepare_home(self._layout, account)
        with lock.held(self._layout.lock):
            prepare_home(self._layout, account)  # destroyed while we waited for the lock
            if self._runs_as_wished(port, listen):
                return
            bin_dir = runnable_bin_dir(self._binaries, account)
            if not self._layout.pgdata.exists():
                cluster.create_cluster(self._layout, account, bin_dir, self._profile)
            cluster.check_version(self._layout.pgdata, self._binaries.major)
            self._launch(account, bin_dir, _network(port, listen))

    def _account(self) -> Account:
        """Return the account that the server runs as: for an existing cluster, its owner."""
        try:
            owner = self._layout.pgdata.stat().st_uid
        except FileNotFoundError:
            return choose_account()
        except OSError as error:
            raise from_os_error(error, doing="looking at the server", path=self.data_dir) from error
        if os.geteuid() not in (0, owner):
            raise ServerError(
                f"{self.data_dir} belongs to another account.",
                detail=f"owner uid {owner}, yours {os.geteuid()}",
                hint="Use a directory of your own with --data-dir.",
            )
        return account_of(owner)

    def _runs_as_wished(self, port: int | None, listen: str | None) -> bool:
        running = read_postmaster(self._layout.pgdata)
        if running is None:
            return False
        if not self._wait_ready(running.pid):
            return False
        wished = _network(port, listen)
        if (port or listen) and (running.port, running.listen) != wished:
            raise ServerError(
                "The server runs already, with other network settings.",
                detail=f"listens on {running.listen or 'its socket only'}, port {running.port}",
                hint="Stop it first: dsvault server stop",
            )
        return True

    def _wait_ready(self, pid: int) -> bool:
        """Wait while the server is on its way; tell whether it got there."""
        seen: list[Postmaster | None] = []

        def settled() -> bool:
            seen.append(read_postmaster(self._layout.pgdata))
            return seen[-1] is None or seen[-1].pid != pid or seen[-1].is_ready

        wait_until(settled, timeout_seconds=_START_SECONDS)
        last = seen[-1]
        return last is not None and last.is_ready

    def _launch(self, account: Account, bin_dir: Path, network: tuple[int, str]) -> None:
        port, listen = network
        socket_dir = self._layout.socket_dir(account)
        private_directory(socket_dir, account)
        self._forget_reused_pid()
        settings = {
            "unix_socket_directories": str(socket_dir),
            "listen_addresses": listen,
            "port": str(port),
            **shared_memory_settings(account),
        }
        words = [str(bin_dir / "postgres"), "-D", str(self._layout.pgdata), *_options(settings)]
        log_start = self._prepare_log()
        with self._layout.log.open("ab") as log:
            keeper = Keeper(account, words, log, tied=self._profile.tied)
        try:
            self._wait_started(keeper, log_start)
        except BaseException:
            if keeper.exit_code() is None:
                os.kill(keeper.pid, signal.SIGQUIT)
            raise
        self._keeper = keeper

    def _wait_started(self, keeper: Keeper, log_start: int) -> None:
        def settled() -> bool:
            found = recorded_postmaster(self._layout.pgdata)
            ready = found is not None and found.pid == keeper.pid and found.is_ready
            return ready or keeper.exit_code() is not None

        in_time = wait_until(settled, timeout_seconds=_START_SECONDS)
        if not in_time or keeper.exit_code() is not None:
            with self._layout.log.open("rb") as log:
                log.seek(log_start)
                words = log.read().decode(errors="replace")
            raise program_failed("starting the server", words, keeper.exit_code())

    def _prepare_log(self) -> int:
        """Set a large log aside, make a new one private; return where the new entries begin."""
        log = self._layout.log
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(log.with_name("log.1"))
        os.close(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600))
        return log.stat().st_size

    def _forget_reused_pid(self) -> None:
        """Remove a postmaster.pid whose number now belongs to some other process.

        PostgreSQL itself would refuse to start. It still protects the data by its shared memory.
        """
        recorded = recorded_postmaster(self._layout.pgdata)
        if recorded and Path(f"/proc/{recorded.pid}").exists():
            (self._layout.pgdata / "postmaster.pid").unlink()

    def stop(self) -> bool:
        """Stop the server and wait until it has ended; tell whether it was running.

        :raises ServerError: the directory is not ours, or the server cannot be stopped.
        """
        if not self._layout.is_ours():
            if self.data_dir.exists() and any(self.data_dir.iterdir()):
                raise _not_ours(self.data_dir)
            return False
        with lock.held(self._layout.lock):
            return self._stop()

    def _stop(self) -> bool:
        pgdata = self._layout.pgdata
        running = read_postmaster(pgdata)
        if running is None:
            return False

        def ended() -> bool:
            found = read_postmaster(pgdata)
            return found is None or found.pid != running.pid

        for number, seconds in (
            (self._profile.stop_signal, _STOP_SECONDS),
            (signal.SIGQUIT, 10.0),
            (signal.SIGKILL, 10.0),
        ):
            try:
                os.kill(running.pid, number)
            except ProcessLookupError:
                return True
            except PermissionError as error:
                raise ServerError(
                    "This server belongs to another account.", detail=f"process {running.pid}"
                ) from error
            if wait_until(ended, timeout_seconds=seconds):
                return True
        raise ServerError(f"The server (process {running.pid}) does not end.")

    def destroy(self) -> bool:
        """Stop the server and remove all that we made; tell whether there was anything.

        Files of others in its directory stay.

        :raises ServerError: the directory is not ours, or cannot be removed.
        """
        if not self._layout.is_ours():
            if self.data_dir.exists() and any(self.data_dir.iterdir()):
                raise _not_ours(self.data_dir)
            return False
        with lock.held(self._layout.lock):
            self.discard()
        return True

    def discard(self) -> None:
        """Stop and remove the server without asking whose it is; for its only user.

        :raises ServerError: it cannot be stopped or removed.
        """
        self._stop()
        try:
            self._remove()
        except OSError as error:
            raise from_os_error(error, doing="removing the server", path=self.data_dir) from error

    def _remove(self) -> None:
        layout = self._layout
        if layout.pgdata.exists():
            remove_orphan(recorded_postmaster(layout.pgdata), layout.pgdata.stat().st_uid)
            socket_dir = layout.socket_dir(self._account())
            if socket_dir.is_dir() and not socket_dir.is_symlink():
                shutil.rmtree(socket_dir)
            shutil.rmtree(layout.pgdata)
        for draft in layout.home.glob("draft-*"):
            shutil.rmtree(draft)
        shutil.rmtree(layout.run, ignore_errors=True)
        for file in (layout.log, layout.home / "log.1", layout.passfile, layout.marker):
            file.unlink(missing_ok=True)
        layout.lock.unlink(missing_ok=True)
        if layout.home.exists() and not any(layout.home.iterdir()):
            layout.home.rmdir()

    def status(self) -> ServerStatus:
        """Report the server's state without changing it.

        :raises ServerError: its directory cannot be read.
        """
        layout = self._layout
        if not layout.is_ours() or not layout.pgdata.exists():
            return ServerStatus(ServerState.ABSENT, layout.home)
        running = read_postmaster(layout.pgdata)
        state = ServerState.STOPPED
        if running:
            state = ServerState.RUNNING if running.is_ready else ServerState.STARTING
        return ServerStatus(
            state,
            layout.home,
            pid=running.pid if running else None,
            version=self._version(),
            url=self.url(),
            listen=running.listen if running and running.listen else None,
            port=running.port if running else None,
            size_bytes=size_of(layout.pgdata),
            log=layout.log,
        )

    def _version(self) -> str:
        made_by = (self._layout.pgdata / "PG_VERSION").read_text().strip()
        return self._binaries.version if made_by == str(self._binaries.major) else made_by

    def url(self, dbname: str = cluster.DATABASE, *, with_password: bool = False) -> str:
        """Return a libpq URI of a database, by way of the socket, as superuser.

        It names the passfile instead of the password, unless with_password.

        :raises ServerError: the password is asked for and cannot be read.
        """
        running = read_postmaster(self._layout.pgdata)
        port = running.port if running else _DEFAULT_PORT
        host = quote(str(self._layout.socket_dir(self._account())), safe="")
        user = cluster.SUPERUSER
        if with_password:
            return (
                f"postgresql://{user}:{self._password()}@/{quote(dbname)}?host={host}&port={port}"
            )
        passfile = quote(str(self._layout.passfile), safe="")
        return f"postgresql://{user}@/{quote(dbname)}?host={host}&port={port}&passfile={passfile}"

    def _password(self) -> str:
        try:
            return self._layout.passfile.read_text().strip().rpartition(":")[2]
        except OSError as error:
            raise from_os_error(
                error, doing="reading the server's password", path=self._layout.passfile
            ) from error


def _network(port: int | None, listen: str | None) -> tuple[int, str]:
    if port is None and listen is None:
        return _DEFAULT_PORT, ""
    return port or _DEFAULT_PORT, listen or "127.0.0.1"


def _options(settings: Mapping[str, str]) -> list[str]:
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _not_ours(home: Path) -> ServerError:
    return ServerError(
        f"{home} is no server of dsvault.",
        detail="the file dsvault-server.json is missing there",
        hint="Name the directory that `dsvault server start` was given with --data-dir.",
    )
