"""The option --expires: a time to come."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_FORM = "such as 2030-01-31, 2030-01-31T12:00:00 or 2030-01-31T12:00:00+01:00"


def expires_option(explained: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add --expires, whose value is None or a time to come with its time zone."""
    return click.option(
        "--expires",
        metavar="DATE|TIME",
        callback=_ahead,
        help=f"{explained}, {_FORM}; UTC, if no zone is given.",
    )


def _ahead(context: click.Context, option: click.Parameter, text: str | None) -> datetime | None:
    """Return the time that a text names.

    :raises click.BadParameter: it names none, or one that is over already.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text} is no time. Write it {_FORM}.", context, option) from None
    until = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if until <= (now := datetime.now(UTC)):
        raise click.BadParameter(
            f"{text} is over, it is {now:%Y-%m-%d %H:%M:%S} in UTC. Name a time to come, {_FORM}.",
            context,
            option,
        )
    return until
