"""`dsvault demo`: a whole vault in a few seconds, and how to go on from there."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

import click

from dsvault.cli.itself import as_typed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dsvault.ops.demo import DemoResult, Viewer
    from dsvault.ops.status import StatusResult
    from dsvault.target import Target

_LOOK = """
Look around as {user.name} of {company.name}:
    {psql}
    BEGIN;
    SET LOCAL ROLE dsvault_app;
    SELECT dsvault.enter('{company.id}', '{user.id}');
    TABLE dsvault.datasets;
    ROLLBACK;"""
_EMBEDDED = """
From Python:
    import subprocess, psycopg
    url = subprocess.check_output(["{me}", "server", "url"], text=True).strip()
    with psycopg.connect(url) as conn:
        print(conn.execute("SELECT dsvault.version()").fetchone())

Stop the server:     {me} server stop
Remove everything:   {me} server destroy"""
_ELSEWHERE = """
Remove everything:   {me} revert --all"""
_COLUMNS = ("users", "roles", "keys", "datasets", "versions", "records", "tokens")


@click.command()
@click.option(
    "-t", "--target", metavar="URI|NAME",
    help="Database to use; default: DSVAULT_TARGET, SQITCH_TARGET, DATABASE_URL, else the "
    "embedded server.",
)  # fmt: skip
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
def command(target: str | None, is_json: bool) -> None:
    """Deploy a whole vault, give it two tenants, and show what each of their people sees.

    Run again, it says what is there and changes nothing.
    """
    from dsvault.cli.render import TextReporter, write_json  # noqa: PLC0415 - --help stays quick
    from dsvault.ops.demo import demonstrate  # noqa: PLC0415
    from dsvault.ops.deploy import DeployOptions, deploy  # noqa: PLC0415
    from dsvault.ops.status import status  # noqa: PLC0415
    from dsvault.ops.targets import resolve_target, wanted_target  # noqa: PLC0415
    from dsvault.paths import project_root  # noqa: PLC0415
    from dsvault.project import open_project  # noqa: PLC0415

    begun = monotonic()
    project = open_project(folder=project_root())
    wanted = wanted_target(target, project.config)
    if wanted is None and not is_json:
        click.echo("Using the embedded PostgreSQL server …")
    place = resolve_target(wanted, project.config, project.layout.registry)
    deploy(place, project, DeployOptions(verify=True), TextReporter(quiet=is_json))
    result = demonstrate(place)
    if is_json:
        write_json(result)
        return
    _show_tenants(result)
    _show_viewers(result.viewers)
    _show_status(status(place, project))
    _show_next(place)
    click.echo(f"\nDone in {monotonic() - begun:.1f} s.")


def _show_tenants(result: DemoResult) -> None:
    if result.made:
        click.echo(f"\nProvisioned: {', '.join(result.made)}")
    if result.found:
        click.echo(f"\nThere already, nothing changed: {', '.join(result.found)}")


def _show_viewers(viewers: Sequence[Viewer]) -> None:
    """Print a table of how many rows of each table everybody sees."""
    from rich import box  # noqa: PLC0415 - only the demonstration draws tables
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    # Wide enough for every row: a terminal may wrap a line, a table must not cut a name.
    console = Console(width=200, highlight=False)
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    for heading in ("tenant", "user", "role"):
        table.add_column(heading, no_wrap=True)
    for heading in (*_COLUMNS, "of others"):
        table.add_column(heading, justify="right", no_wrap=True)
    before = None
    for viewer in viewers:
        if before not in (None, viewer.company):
            table.add_section()
        before = viewer.company
        counts = [str(getattr(viewer.sight, column)) for column in _COLUMNS]
        table.add_row(viewer.company, viewer.name, viewer.role, *counts, str(viewer.foreign))
    click.echo("\nWhat each of them sees, through the same role of the database, dsvault_app:\n")
    console.print(table)
    click.echo("\nThe database decides: every number is a plain SELECT count(*).")


def _show_status(state: StatusResult) -> None:
    """Print the state of the plan as `dsvault status` does."""
    from dsvault.cli.status import pending_lines, state_lines  # noqa: PLC0415

    click.echo(f"\n# On database {state.target}")
    if state.current:
        click.echo("\n".join(state_lines(state.current, "iso")))
    click.echo("\n".join(["# ", *pending_lines(state)]))


def _show_next(place: Target) -> None:
    """Say how to connect, to stop, and to remove everything."""
    from dsvault.demo.people import COMPANIES  # noqa: PLC0415

    company = COMPANIES[0]
    words = {
        "me": as_typed(),
        "psql": f"{as_typed()} server psql" if place.is_embedded else f"psql '{place.display}'",
        "company": company,
        "user": company.people[2],
    }
    click.echo(_LOOK.format(**words))
    click.echo((_EMBEDDED if place.is_embedded else _ELSEWHERE).format(**words))
