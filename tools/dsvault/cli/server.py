"""`dsvault server`: start, stop and use the embedded PostgreSQL server."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dsvault.server import EmbeddedServer, ServerError, ServerState, ServerStatus

if TYPE_CHECKING:
    from collections.abc import Callable

_BYTES_PER_MB = 1_000_000


@click.group()
def command() -> None:
    """Start, stop and use the embedded PostgreSQL server.

    It lives below ~/.cache/dsvault (root: /var/lib/dsvault), one server for each major version.
    Commands that are given no target use the same server, and start it if need be.
    """


def _one_server(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that name a server; hand it to the command as its first argument."""

    @click.option(
        "--data-dir",
        type=click.Path(path_type=Path),
        help="The server's directory; default: DSVAULT_DATA_DIR, else see above.",
    )
    @click.option(
        "--server-version",
        "--pg",
        "source",
        metavar="VERSION|DIR",
        help="18 or 16, or a bin directory; default: DSVAULT_PG_BIN, else 18.",
    )
    @wraps(function)
    def with_server(data_dir: Path | None, source: str | None, **rest: Any) -> None:  # noqa: ANN401
        function(EmbeddedServer(data_dir, source=source), **rest)

    return with_server


@command.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Listen on TCP too, at this port.")
@click.option("--listen", metavar="ADDRESS", help="Listen on TCP at this address.  [127.0.0.1]")
@_one_server
def start(server: EmbeddedServer, port: int | None, listen: str | None) -> None:
    """Start the server; make it first if there is none. It stays until it is stopped."""
    started = server.start(port=port, listen=listen)
    click.echo(f"The server {'is running now' if started else 'was running already'}.")
    _print_status(server.status())


@command.command()
@_one_server
def stop(server: EmbeddedServer) -> None:
    """Stop the server. Its data stay. Exit code 1 if it was not running."""
    if not server.stop():
        click.echo("The server was not running.")
        raise SystemExit(1)
    click.echo(f"The server is stopped; its data are in {server.data_dir}.")


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@_one_server
def status(server: EmbeddedServer, as_json: bool) -> None:
    """Tell whether the server runs, and where it is. Exit code 1 if it does not run."""
    found = server.status()
    if as_json:
        fields = {**asdict(found), "state": found.state.value}
        click.echo(json.dumps(fields, default=str, indent=2))
    else:
        _print_status(found)
    if found.state is not ServerState.RUNNING:
        raise SystemExit(1)


@command.command()
@click.option("--dbname", "-d", default="dsvault", show_default=True, help="The database.")
@click.option("--with-password", is_flag=True, help="Put the password into the URL.")
@_one_server
def url(server: EmbeddedServer, dbname: str, with_password: bool) -> None:
    """Print the server's URL.

    libpq finds the password by the passfile that it names.
    """
    click.echo(server.url(dbname, with_password=with_password))


@command.command(context_settings={"ignore_unknown_options": True})
@click.option("--dbname", "-d", default="dsvault", show_default=True, help="The database.")
@click.argument("psql_arguments", nargs=-1, type=click.UNPROCESSED)
@_one_server
def psql(server: EmbeddedServer, dbname: str, psql_arguments: tuple[str, ...]) -> None:
    """Run psql on the server, which is started if need be.

    All other arguments go to psql: dsvault server psql -c 'SELECT 1'
    """
    server.start()
    bundled = server.bin_dir / "psql"
    program = str(bundled) if bundled.exists() else shutil.which("psql")
    if program is None:
        raise ServerError(
            "There is no psql.",
            detail=f"neither in {server.bin_dir} nor on the PATH",
            hint="Connect with any client: dsvault server url",
        )
    os.execv(program, ["psql", *psql_arguments, server.url(dbname)])  # noqa: S606 - by path


@command.command()
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@_one_server
def destroy(server: EmbeddedServer, yes: bool) -> None:
    """Stop the server and remove it with all its data."""
    if not yes:
        click.confirm(f"Remove the server in {server.data_dir} and all its data?", abort=True)
    if not server.destroy():
        click.echo("There is no server.")
        raise SystemExit(1)
    click.echo(f"The server in {server.data_dir} is removed.")


def _print_status(found: ServerStatus) -> None:
    state = found.state.value + (f" (process {found.pid})" if found.pid else "")
    facts = {
        "state": state,
        "version": found.version and f"PostgreSQL {found.version}",
        "directory": found.data_dir,
        "size": found.size_bytes and f"{found.size_bytes / _BYTES_PER_MB:.0f} MB",
        "tcp": found.listen and f"{found.listen} port {found.port}",
        "log": found.log,
        "url": found.url,
    }
    for name, value in facts.items():
        if value:
            click.echo(f"  {name:<9} {value}")
