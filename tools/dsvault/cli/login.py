"""`dsvault login`: who can connect, as what."""

from __future__ import annotations

import secrets
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsvault.cli.database import Answer, database_command
from dsvault.cli.tables import aligned
from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.ops.login import Login, LoginList
    from dsvault.target import Target

_KINDS = ("app", "reader", "auditor", "operator")
_PASSWORD_BYTES = 24


@click.group()
def command() -> None:
    """Create, list and drop logins of applications and people.

    A login is a role of the server that can log in and is a member of one of the vault's group
    roles: app reads and writes, reader reads, auditor reads the audit trail, operator provisions
    tenants.
    """


@command.command()
@click.argument("name")
@click.option("--role", "kind", type=click.Choice(_KINDS), required=True, help="What it may do.")
@click.option("--tenant", metavar="SLUG|ID", help="Begin its sessions in this tenant; see above.")
@click.option(
    "--password-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Read the password from a file; a newline at its end is dropped.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--generate", is_flag=True, help="Make a password and show it, this once.")
@database_command
def create(  # noqa: PLR0917 - click passes them by name
    target: Target,
    name: str,
    kind: str,
    tenant: str | None,
    password_file: Path | None,
    password_stdin: bool,
    generate: bool,
) -> Answer:
    """Create a login. The tables' bare names work in its sessions (search_path = dsvault).

    The password is asked for on the terminal unless an option tells where it comes from. It is
    turned into a SCRAM verifier here; the server never sees it, and no log can hold it.

    --tenant sets app.current_tenant_id for the login's sessions in this database. That is a
    default, which spares an application from naming its tenant. It is no wall: whoever can run any
    SQL as this login can set another tenant. Setting it takes a superuser, or once by a superuser:
    GRANT SET ON PARAMETER app.current_tenant_id TO the login that deploys.
    """
    from dsvault.ops.login import LoginRequest, create_login  # noqa: PLC0415 - --help stays quick

    password = _password(password_file, is_piped=password_stdin, is_new=generate)
    login = create_login(target, LoginRequest(name, kind, password, tenant))
    return Answer(
        _Created(login, password if generate else None),
        _created_lines(login, password if generate else None),
    )


@command.command("list")
@database_command
def list_(target: Target) -> Answer:
    """List the logins that are members of the vault's group roles."""
    from dsvault.ops.login import list_logins  # noqa: PLC0415 - --help stays quick

    found = list_logins(target)
    return Answer(found, _list_lines(found))


@command.command()
@click.argument("name")
@database_command
def drop(target: Target, name: str) -> Answer:
    """Drop a login. Its open sessions stay connected, without any right."""
    from dsvault.ops.login import drop_login  # noqa: PLC0415 - --help stays quick

    login = drop_login(target, name)
    lines = [f"The login {login.name} is dropped."]
    if login.sessions:
        lines.append(f"Of its sessions {login.sessions} are still connected here.")
    return Answer(login, lines)


@dataclass(frozen=True, slots=True)
class _Created:
    """A new login and, if it was made here, its password."""

    login: Login
    password: str | None = field(repr=False)

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object; password only if it was generated."""
        content = {key: self.login.as_json()[key] for key in ("name", "roles", "tenant_id")}
        return content | ({"password": self.password} if self.password else {})


def _password(path: Path | None, *, is_piped: bool, is_new: bool) -> str:
    """Return the password from wherever it shall come.

    :raises click.UsageError: there is more than one source, or none without a terminal.
    """
    if (path is not None) + is_piped + is_new > 1:
        raise click.UsageError(
            "Only one of --password-file, --password-stdin and --generate can be given."
        )
    if is_new:
        return secrets.token_urlsafe(_PASSWORD_BYTES)
    try:
        if path is not None:
            return _without_newline(path.read_bytes().decode())
        if is_piped:
            return _without_newline(sys.stdin.buffer.read().decode())
    except (OSError, UnicodeDecodeError) as error:
        raise DsvaultError("The password cannot be read", detail=type(error).__name__) from None
    if not sys.stdin.isatty():
        raise click.UsageError(
            "There is no terminal to ask for a password; "
            "give --password-file, --password-stdin or --generate."
        )
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return password


def _without_newline(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r")


def _created_lines(login: Login, password: str | None) -> Iterator[str]:
    yield f"The login {login.name} is created, a member of dsvault_{login.roles[0]}."
    if login.tenant_id:
        yield f"Its sessions begin in tenant {login.tenant_id}."
    if password:
        yield f"Password, shown this once: {password}"


def _list_lines(found: LoginList) -> Iterator[str]:
    if not found.logins:
        yield "There is no login of the vault."
        return
    yield from aligned(
        ("login", "roles", "tenant", "valid until", "sessions"),
        [
            (
                login.name,
                ", ".join(login.roles),
                login.tenant_id or "any",
                login.valid_until or "for ever",
                str(login.sessions),
            )
            for login in found.logins
        ],
    )
