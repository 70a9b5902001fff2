"""`dsvault policy`: the matrix of who may do what, compared, proven and drawn."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsvault.cli.database import Answer, database_command
from dsvault.cli.render import write, write_error
from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    from dsvault.ops.policy import Inspection
    from dsvault.policy import Matrix
    from dsvault.target import Target

_MATRIX = click.option(
    "--matrix",
    "path",
    type=click.Path(path_type=Path),
    help="The declared matrix; default: the project's own, sql/policies/matrix.toml.",
)


@click.group()
def command() -> None:
    """Compare, prove and draw who may do what.

    What each role of the database may do to which rows is declared in one file,
    sql/policies/matrix.toml.
    """


@command.command()
@_MATRIX
@database_command
def matrix(target: Target, path: Path | None) -> Answer:
    """Print the declared matrix and where the catalog says something else.

    A line begins with = where the catalog says the same, with ! where it does not. Exits 1 if there
    is a difference: a table without row security, a policy or grant that is not declared, one that
    is declared and missing or different, a role that row security does not bind.
    """
    from dsvault.ops.policy import inspect  # noqa: PLC0415 - --help stays quick
    from dsvault.policy.lines import matrix_lines  # noqa: PLC0415

    declared = _read(path)
    found = inspect(target, declared)
    return Answer(
        _Compared(declared, found),
        matrix_lines(declared, found.differences),
        exit_code=1 if found.differences else 0,
    )


@command.command()
@click.option("--junit", type=click.Path(path_type=Path), help="Write JUnit XML to this file too.")
@click.option("--table", "tables", multiple=True, help="Only this table; may be repeated.")
@click.option(
    "--role", "roles", multiple=True, help="Only this role: app, reader …; may be repeated."
)
@_MATRIX
@database_command
def test(
    target: Target,
    path: Path | None,
    junit: Path | None,
    tables: tuple[str, ...],
    roles: tuple[str, ...],
) -> Answer:
    """Prove every cell of the matrix on a live database. Exits 1 if one is not as declared.

    Two tenants with rows in every table are made in one transaction, each cell is tried there by
    a real statement as the real role, and everything is rolled back. Where a policy is broken, no
    statement touches more than a hundred rows of others, and these are rolled back too.

    The login must be a superuser, or the one that deployed the plan. A superuser's run locks
    nothing that others use. The deployer's locks all tables for its few seconds, since it has to
    lift what hides the rows from their owner.
    """
    from dsvault.ops.policy import prove  # noqa: PLC0415 - --help stays quick
    from dsvault.policy.lines import proof_lines  # noqa: PLC0415

    proof = prove(target, _read(path), tables=tables or None, roles=roles or None)
    if junit is not None:
        _write_file(junit, proof.as_junit())
    return Answer(proof, proof_lines(proof), exit_code=1 if proof.failed else 0)


@command.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file to write.",
)
@click.option(
    "--results",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What `dsvault policy test --json` printed; the page then shows it.",
)
@_MATRIX
def report(output: Path, results: Path | None, path: Path | None) -> None:
    """Draw the matrix as one HTML page. It needs no other file, network or server."""
    from dsvault.policy.page import draw  # noqa: PLC0415 - --help stays quick
    from dsvault.policy.proof import read_proof  # noqa: PLC0415

    try:
        proof = read_proof(results.read_text(encoding="utf-8")) if results else None
        _write_file(output, draw(_read(path), proof))
    except DsvaultError as error:
        write_error(error)
        sys.exit(error.exit_code)
    write(f"Written: {output}")


class _Compared:
    """The matrix and what was found, as one result."""

    def __init__(self, declared: Matrix, found: Inspection) -> None:
        self._declared = declared
        self._found = found

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {"matrix": self._declared.as_json(), **self._found.as_json()}


def _read(path: Path | None) -> Matrix:
    from dsvault.policy import matrix_path, read_matrix  # noqa: PLC0415 - --help stays quick

    return read_matrix(path or matrix_path())


def _write_file(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DsvaultError(f"Cannot write {path}", detail=error.strerror) from None
