"""Records as bytes: one spelling for one content."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from dsvault.crypto.errors import ContentError

if TYPE_CHECKING:
    from collections.abc import Mapping

# A value of JSON: its type is known at run time only.
Json: TypeAlias = Any

# Sorted keys, no blanks, UTF-8. NaN and infinity are no JSON. A circle ends as too deep.
_ENCODE = json.JSONEncoder(
    sort_keys=True,
    separators=(",", ":"),
    ensure_ascii=False,
    allow_nan=False,
    check_circular=False,
).encode


def canonical(content: Mapping[str, object] | bytes) -> bytes:
    """Return the one spelling of a record; bytes are taken as they are.

    :raises ContentError: it is no JSON. The message does not repeat it.
    """
    if isinstance(content, bytes):
        return content
    return encode_json(content)


def encode_json(value: object) -> bytes:
    """Return the one spelling of any JSON value.

    :raises ContentError: it is no JSON. The message does not repeat it.
    """
    try:
        return _ENCODE(value).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise ContentError(
            "A record cannot be written as JSON",
            detail=type(error).__name__,
            hint="Use texts, whole and finite numbers, true, false, null, lists and mappings "
            "with texts as keys.",
        ) from None


def decode_json(content: bytes) -> Json:
    """Return the JSON value of bytes.

    :raises ContentError: they are no JSON. The message does not repeat them.
    """
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ContentError(
            "The content is no JSON",
            detail=type(error).__name__,
            hint="Read it as bytes; whoever wrote it knows what it is.",
        ) from None
