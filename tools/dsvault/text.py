"""Text from elsewhere, made safe to show."""

from __future__ import annotations

import re

# Controls of the C0 and C1 sets (but tab and line feed), which move cursors and set titles; the
# characters that turn the direction of text or end lines, which hide what a line says; and lone
# surrogates, which stand for bytes of file names that are not UTF-8 and cannot be printed.
_UNSAFE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def printable(text: str) -> str:
    r"""Return text in which every control character is shown as \x1b or \u202e is.

    Tabs and line feeds stay. So no name or note can send escape sequences to a terminal.
    """
    # Most texts have none of Unicode's controls and separators; then no pattern is compiled.
    return text if text.isprintable() else re.sub(_UNSAFE, _show, text)


def printable_json(text: str) -> str:
    r"""Return JSON of the same meaning in which those characters are written as \u202e is."""
    if text.isascii() and "\x7f" not in text:  # JSON escapes all other ASCII controls
        return text
    return re.sub(_UNSAFE, lambda match: f"\\u{ord(match[0]):04x}", text)


def counted(number: int, one: str, more: str = "") -> str:
    """Return a number with what it counts.

    >>> counted(1, "token"), counted(2000, "token"), counted(0, "entry is", "entries are")
    ('1 token', '2,000 tokens', '0 entries are')
    """
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"


def _show(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
