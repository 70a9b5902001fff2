"""PgBouncer in front of a test's database: transaction pooling, SCRAM on both sides."""

from __future__ import annotations

import os
import pwd
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import psycopg
from tests.support.people import myself
from tests.support.programs import find_pgbouncer
from tests.support.servers import clear_place, eventually, new_place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.support.database import Database

_PORT = 6432
_CONFIGURATION = """\
[databases]
vault = host={host} port={port} dbname={dbname} pool_size={pool_size}

[pgbouncer]
pool_mode = transaction
listen_port = {listen}
unix_socket_dir = {place}
auth_type = scram-sha-256
auth_file = {place}/users.txt
pidfile = {place}/pid
logfile = {place}/log
max_client_conn = 400
"""


@contextmanager
def pgbouncer(
    database: Database, logins: Sequence[tuple[str, str]], *, pool_size: int
) -> Iterator[list[str]]:
    """Run PgBouncer for a block; give a URI for each login, in their order.

    It runs as whoever may use the server's socket: it refuses to be root. What its file of users
    holds are the server's own SCRAM verifiers.
    """
    owner = _owner_of(database.cluster.host)
    place = new_place()
    try:
        program, configuration = find_pgbouncer(), place / "pgbouncer.ini"
        assert program is not None
        text = _CONFIGURATION.format(
            host=database.cluster.host,
            port=database.cluster.port,
            dbname=database.name,
            pool_size=pool_size,
            listen=_PORT,
            place=place,
        )
        configuration.write_text(text)
        (place / "users.txt").write_text(_verifiers(database, [name for name, _ in logins]))
        if owner != os.geteuid():
            for path in (place, *place.iterdir()):
                os.chown(path, owner, -1)
        with subprocess.Popen(
            [program, "-q", *_as(owner), str(configuration)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                urls = [_url(place, *login) for login in logins]
                eventually(lambda: _accepts(urls[0]), 30)
                yield urls
            finally:
                process.terminate()
    finally:
        clear_place(place)


def _owner_of(host: str) -> int:
    """Return the account that PgBouncer runs as."""
    if not host.startswith("/"):
        return myself().uid or pwd.getpwnam("nobody").pw_uid
    return Path(host).stat().st_uid or pwd.getpwnam("nobody").pw_uid


def _as(owner: int) -> list[str]:
    return [] if owner == os.geteuid() else ["-u", pwd.getpwuid(owner).pw_name]


def _verifiers(database: Database, names: Sequence[str]) -> str:
    rows = database.cluster.admin.execute(
        "SELECT rolname, rolpassword FROM pg_catalog.pg_authid WHERE rolname = ANY (%s)",
        [list(names)],
    ).fetchall()
    return "".join(f'"{name}" "{verifier}"\n' for name, verifier in rows)


def _url(place: Path, user: str, password: str) -> str:
    where = f"host={quote(str(place), safe='')}&port={_PORT}"
    return f"postgresql://{quote(user)}:{quote(password, safe='')}@/vault?{where}"


def _accepts(url: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=5):
        return True
    return False
