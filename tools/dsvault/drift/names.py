"""Names as SQL writes them. Pure."""

from __future__ import annotations

import re

from dsvault.sqlscript.arguments import quote_identifier

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


def quoted(name: str) -> str:
    """Return a name, in quotes if it needs them."""
    from pglast.keywords import RESERVED_KEYWORDS  # noqa: PLC0415 - few names are asked for

    is_plain = _PLAIN.fullmatch(name) and name not in RESERVED_KEYWORDS
    return name if is_plain else quote_identifier(name)
