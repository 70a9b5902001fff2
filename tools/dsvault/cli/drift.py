"""`dsvault drift`: where a live database is not what the plan made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsvault.cli.options import Request, runner_command
from dsvault.cli.render import write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.ops.drift import DriftResult, Found

_PLURAL = {"grants for", "grants on columns for", "attributes", "triggers", "statistics"}


@click.command()
@runner_command
def command(request: Request) -> DriftResult:
    """Compare a live database with what the plan makes; exit 1 if it drifted.

    Every object that is missing, extra or different is told, with the change that made it and
    what to do, as statements where they can be composed. Changes nothing. At the end of the plan
    the measure is its seal; elsewhere the same changes are deployed to a temporary server, and
    that is the measure. Needs the login that deployed the plan, or a superuser.
    """
    from dsvault.ops.drift import DriftError, drift  # noqa: PLC0415 - --help stays quick

    show = request.reporter.print
    try:
        result = drift(request.target, request.project(), lambda text: write(text, err=True))
    except DriftError as error:
        show(line for found in error.result.differences for line in _lines(found))
        raise
    show([f"No drift: {result.compared} facts as in {result.measure}"])
    return result


def _lines(found: Found) -> Iterator[str]:
    difference = found.difference
    verb = "are" if difference.thing.kind in _PLURAL else "is"
    yield f"{difference.thing} {verb} {difference.state}"
    yield from (f"    expected: {text}" for text in difference.expected)
    yield from (f"    found:    {text}" for text in difference.found)
    if difference.partitions:
        yield f"    in:       {', '.join(difference.partitions)}"
    if found.change is not None:
        yield f"    made by:  {found.change}"
    yield f"    do:       {found.remedy.advice}"
    yield from (f"              {statement}" for statement in found.remedy.statements)
