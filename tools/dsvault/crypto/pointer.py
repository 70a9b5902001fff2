"""JSON pointers (RFC 6901): which value inside of a record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.crypto.errors import PointerError

if TYPE_CHECKING:
    from dsvault.crypto.content import Json

_INDEX = re.compile(r"0|[1-9][0-9]*")


def parse_pointer(pointer: str) -> tuple[str, ...]:
    """Return the steps of a pointer to something inside of a record.

    :raises PointerError: it does not begin with a slash, or holds a ~ that is neither ~0 nor ~1.
    """
    if not pointer.startswith("/") or re.search(r"~(?![01])", pointer):
        raise PointerError(
            "This is no JSON pointer", detail=repr(pointer), hint="Write it as /address/street."
        )
    steps = pointer[1:].split("/")
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in steps)


def pointer_to(*steps: str) -> str:
    """Return the pointer of some steps.

    >>> pointer_to("a/b", "c")
    '/a~1b/c'
    """
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def get(document: Json, pointer: str) -> Json:
    """Return the value that a pointer leads to.

    :raises PointerError: it leads nowhere.
    """
    for step in parse_pointer(pointer):
        document = _down(document, step, pointer)
    return document


def has(document: Json, pointer: str) -> bool:
    """Say whether a pointer leads somewhere."""
    try:
        get(document, pointer)
    except PointerError:
        parse_pointer(pointer)  # a malformed one is a fault, not a no
        return False
    return True


def replaced(document: Json, pointer: str, value: Json) -> Json:
    """Return a copy of a document with another value at a pointer; the rest is shared with it.

    :raises PointerError: it leads nowhere.
    """
    return _replaced(document, parse_pointer(pointer), value, pointer)


def _replaced(document: Json, steps: tuple[str, ...], value: Json, pointer: str) -> Json:
    if not steps:
        return value
    below = _replaced(_down(document, steps[0], pointer), steps[1:], value, pointer)
    if isinstance(document, dict):
        return {**document, steps[0]: below}
    copied = list(document)
    copied[int(steps[0])] = below
    return copied


def _down(document: Json, step: str, pointer: str) -> Json:
    if isinstance(document, dict) and step in document:
        return document[step]
    if isinstance(document, list) and _INDEX.fullmatch(step) and int(step) < len(document):
        return document[int(step)]
    raise PointerError("The JSON pointer leads nowhere in this record", detail=repr(pointer))
