"""Find out which database is meant, and start the embedded server if none is named."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dsvault.target import Target, TargetError, named_target, parse_target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsvault.config import Config
    from dsvault.server import EmbeddedServer
    from dsvault.target import Overrides

EMBEDDED_DATABASE = "dsvault"
VARIABLES = ("DSVAULT_TARGET", "SQITCH_TARGET", "DATABASE_URL")


def wanted_target(
    option: str | None, config: Config, environ: Mapping[str, str] = os.environ
) -> str | None:
    """Return the URI or name that counts, or None for the embedded server.

    It is the option, else DSVAULT_TARGET, SQITCH_TARGET, the target that the configuration names,
    else DATABASE_URL, which is meant for applications.
    A project for another engine than PostgreSQL has no target unless one is named.
    """
    named = (
        option
        or environ.get("DSVAULT_TARGET")
        or environ.get("SQITCH_TARGET")
        or config.get("core.target")
    )
    if named or not _is_for_postgresql(config):
        return named or None
    return config.get("engine.pg.target") or environ.get("DATABASE_URL") or None


def _is_for_postgresql(config: Config) -> bool:
    return (config.get("core.engine") or "pg") == "pg"


def resolve_target(
    wanted: str | None, config: Config, registry: str, overrides: Overrides | None = None
) -> Target:
    """Return the target for a URI or a name of sqitch.conf; None means the embedded server.

    With overrides None means what libpq takes where nothing is said, as for Sqitch.

    The embedded server is made and started if it is not running.

    :raises TargetError: there is no such target, or its URI is faulty, or none is named and the
        project is for another engine.
    :raises ServerError: the embedded server cannot be made or started.
    """
    if wanted is None and not _is_for_postgresql(config):
        raise TargetError(
            f'Unknown engine "{config.get("core.engine")}"',
            hint="Only pg is there. Name a database of PostgreSQL by --target.",
        )
    if wanted is None and overrides:
        wanted = "db:pg:"
    if wanted is None:
        from dsvault.server import EmbeddedServer  # noqa: PLC0415 - costly, and seldom needed

        server = EmbeddedServer()
        server.start()
        return embedded_target(server, registry=registry)
    try:
        return named_target(wanted, config.get, registry=registry, overrides=overrides)
    except TargetError as error:
        # A variable is easily forgotten.
        sources = [name for name in VARIABLES if os.environ.get(name) == wanted]
        source = f" (from {sources[0]})" if sources else ""
        raise TargetError(
            f"{error.message}{source}", detail=error.detail, hint=error.hint
        ) from None


def embedded_target(server: EmbeddedServer, *, registry: str = "sqitch") -> Target:
    """Return the database of an embedded server as a target."""
    display = f"{EMBEDDED_DATABASE} on the embedded server"
    # SQITCH_USERNAME and SQITCH_PASSWORD are meant for other servers.
    target = parse_target(
        server.url(EMBEDDED_DATABASE), display=display, registry=registry, environ={}
    )
    return target.but(is_embedded=True)
