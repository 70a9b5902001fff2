"""What `deploy --explain` found, for a terminal as a table and for a pipe as plain lines."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from dsvault.cli.render import has_colour, write
from dsvault.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.ops.deploy import DeployedNow, DeployResult


def write_explained(result: DeployResult) -> None:
    """Print what each change does to what was there before."""
    if sys.stdout.isatty():
        _write_table(result)
    else:
        for line in explained_lines(result):
            write(printable(line))


def explained_lines(result: DeployResult) -> Iterator[str]:
    """Yield a line per change, and below it one per lock, rewrite and scan."""
    for change in result.changes:
        yield ""
        yield f"{' '.join([change.name, *change.tags])}: {_time(change)}"
        yield from (f"  {' '.join(row).rstrip()}" for row in _rows(change))


def _rows(change: DeployedNow) -> Iterator[tuple[str, str, str]]:
    """Yield what, on which relation, and what it means."""
    seen = change.seen
    if seen is None or change.outcome.value == "skipped":
        yield "not tried:", "", "runs outside of a transaction"
        return
    if not (seen.locks or seen.rewrites or seen.scans):
        yield "nothing", "", "that was there before the run"
    for lock in seen.locks:
        yield lock.mode, lock.relation, lock.blocks
    for relation in seen.rewrites:
        yield "REWRITES", relation, "a new file: rewritten, rebuilt or truncated"
    for scan in seen.scans:
        yield "SCANS", scan.relation, f"{scan.rows:,} rows read"


def _time(change: DeployedNow) -> str:
    return f"{change.seconds * 1000:,.0f} ms"


def _write_table(result: DeployResult) -> None:
    from rich.console import Console  # noqa: PLC0415 - only a terminal gets tables
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(show_edge=False, pad_edge=False)
    for head in ("change", "time", "takes", "on", "meanwhile"):
        table.add_column(head, justify="right" if head == "time" else "left")
    for change in result.changes:
        name, time = " ".join([change.name, *change.tags]), _time(change)
        for row in _rows(change):
            cells = (name, time, *row)
            table.add_row(*(Text(printable(cell)) for cell in cells))
            name = time = ""
    Console(no_color=not has_colour(), highlight=False).print(table)
