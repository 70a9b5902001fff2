"""What PostgreSQL's own reader says of a PL/pgSQL body."""

from __future__ import annotations

import json
import re
from functools import lru_cache

from pglast import parser
from pglast.parser import ParseError

_OWN_TYPE = re.compile(
    r"\b(?!pg_catalog\b|public\b|new\b|old\b)[a-z_]\w*\s*\.\s*[a-z_]\w*(?:\s*\.\s*\w+)?(?=\s*(?:%|:=|;|=|,|\)|\[|"
    r"default\b|not\b|$))",
    re.IGNORECASE,
)
_BEFORE_STEPS = {";", "begin", "then", "else", "loop"}
_NOT_IMPLEMENTED = ("Not implemented", "NotImplemented")


@lru_cache(maxsize=4096)
def syntax_error(definition: str) -> str | None:
    """Return why PostgreSQL refuses the body of a CREATE FUNCTION or DO, or None.

    Types of schemas that its reader does not know are masked first.
    """
    message = _try(definition)
    if message is None or not message.startswith(_NOT_IMPLEMENTED):
        return message
    masked = _OWN_TYPE.sub(lambda match: _mask(match, definition), definition)
    message = _try(masked)
    return None if message is None or message.startswith(_NOT_IMPLEMENTED) else message


def _mask(match: re.Match[str], definition: str) -> str:
    """Return a type that every server has in place of one's own; what is no type as it is."""
    before = definition[max(0, match.start() - 80) : match.start()].rstrip()
    word = re.search(r"(\w+|;)\Z", before)
    name = word[1].lower() if word else ""
    if name in _BEFORE_STEPS:
        return match[0]  # the target of an assignment
    is_array = definition[match.end() : match.end() + 3].lstrip().startswith("[")
    has_fields = name and re.search(rf"\b{re.escape(name)}\s*\.\s*\w", definition, re.IGNORECASE)
    kind = "record" if has_fields and not is_array else "text"
    return kind.ljust(len(match[0]))


def _try(definition: str) -> str | None:
    try:
        json.loads(parser.parse_plpgsql_json(definition))
    except ParseError as error:
        return str(error.args[0])
    except (RecursionError, ValueError, UnicodeError):
        return None
    return None
