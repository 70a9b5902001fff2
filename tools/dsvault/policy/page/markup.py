"""HTML as values: text is escaped, what was built here is not escaped again. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_VOID = frozenset({"input", "meta"})


class Html(str):
    """A piece of HTML that is complete."""

    __slots__ = ()


def tag(element: str, /, *content: str | Iterable[str], **attributes: str | bool | None) -> Html:
    """Return an element. Text in content is escaped, lists in it are joined.

    In the names of attributes _ stands for -, and one at the end is dropped: class_. True writes
    the name alone, False and None nothing.

    >>> tag("a", "1 < 2", href="#x", aria_label="less")
    '<a href="#x" aria-label="less">1 &lt; 2</a>'
    """
    written = []
    for key, value in attributes.items():
        written_name = key.rstrip("_").replace("_", "-")
        if value is True:
            written.append(f" {written_name}")
        elif value is not None and value is not False:
            written.append(f' {written_name}="{escape(value)}"')
    opening = f"<{element}{''.join(written)}>"
    return Html(opening if element in _VOID else f"{opening}{join(*content)}</{element}>")


def join(*content: str | Iterable[str]) -> Html:
    """Return pieces in one; text is escaped."""
    pieces = []
    for piece in content:
        if isinstance(piece, Html):
            pieces.append(str(piece))
        elif isinstance(piece, str):
            pieces.append(escape(piece))
        else:
            pieces.append(str(join(*piece)))
    return Html("".join(pieces))
