r"""The words of a plan line, with the character classes that Sqitch's Perl gives them.

Python's own \w, \d and \s are other sets than Perl's. So a line is matched through its *shadow*:
a text of the same length in which each character beyond ASCII is replaced by one that stands for
its class. Patterns are written for the shadow; what they find is cut out of the line itself.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from dsvault.patterns import later

_DIGIT, _WORD, _OTHER = "\x80", "\x81", "\x82"  # stand for non-ASCII characters in a shadow
_NON_ASCII = later(r"[^\x00-\x7f]")
# So-category characters that Unicode calls alphabetic (Other_Alphabetic): circled letters.
_CIRCLED = later("[\u24b6-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]")
_WORD_CATEGORIES = frozenset({"Mn", "Mc", "Me", "Nl", "Pc"})

PUNCTUATION = r"\-!\"#$%&'()*+,./:;<=>?@\[\]^`{|}~"  # all of ASCII's but _ and the backslash
_BLANK = r"[\t ]"
_D = rf"[0-9{_DIGIT}]"
_W = rf"[A-Za-z0-9_{_DIGIT}{_WORD}]"
NAME = rf"""
    (?![{PUNCTUATION}])
    (?: (?! [~/=%^] {_D}+ (?: \Z | {_BLANK} ) ) [^\t\ :@\#\\] )+
    (?<![{PUNCTUATION}])
    (?: (?<={_W}) (?!{_W}) | (?<!{_W}) (?={_W}) )
"""
_TIMESTAMP = rf"(?P<time>{_D}{{4}}-{_D}{{2}}-{_D}{{2}}T{_D}{{2}}:{_D}{{2}}:{_D}{{2}}Z)"

_PRAGMA = later(
    rf"""
    (?P<lead> {_BLANK}* % {_BLANK}* )
    (?P<name> [^{PUNCTUATION}] (?: [^\t\ =]*? [^{PUNCTUATION}\t\ ] )? )
    (?: (?P<equals> {_BLANK}* = {_BLANK}* ) (?P<value>.+) )?
    \Z
    """,
    re.VERBOSE | re.DOTALL,
)
_ENTRY = re.compile(
    rf"""
    (?P<lead>{_BLANK}*+)
    (?: @ | (?P<operator>[+\-]) (?P<gap>{_BLANK}*+) )?
    (?P<name>{NAME})
    (?P<space>{_BLANK}*)
    (?: \[ (?P<dependencies>[^\]]+) \] {_BLANK}* )?
    (?: {_TIMESTAMP} {_BLANK}* )?
    (?: (?P<planner_name>[^<]+) {_BLANK}+ < (?P<planner_email>[^>]+) > )?
    \Z
    """,
    re.VERBOSE | re.DOTALL,
)
_DEPENDENCY = later(
    rf"""
    (?P<conflict>!?)
    (?: (?P<project>{NAME}) : )?
    (?: (?P<id>[0-9a-f]{{40}})
      | (?P<change>{NAME}) (?: @ (?P<tag>{NAME}) )?
      | (?: @ (?P<lone_tag>{NAME}) )? )
    \Z
    """,
    re.VERBOSE | re.DOTALL,
)
_WHOLE_NAME = later(rf"{NAME}\Z", re.VERBOSE | re.DOTALL)
_ANY_TIMESTAMP = later(_TIMESTAMP)

# Tab and every space that Unicode has: Perl's [[:blank:]].
BLANKS = "\t \u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
# Perl's \s: str.strip() would also take U+001C to U+001F.
SPACES = BLANKS + "\n\v\f\r\u0085\u2028\u2029"
_BLANK_RUN = later(f"[{BLANKS}]+")
_ESCAPE = later(r"\\[\\nr]")
_ESCAPES = {r"\\": "\\", r"\n": "\n", r"\r": "\r"}
_SHA1 = later(r"[0-9a-f]{40}")


@lru_cache(maxsize=4096)
def class_of(character: str) -> str:
    """Return the stand-in for one character beyond ASCII: a blank, a digit, a word or another."""
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category == "Nd":
        return _DIGIT
    if category[0] == "L" or category in _WORD_CATEGORIES:
        return _WORD
    # The zero-width joiners belong to words too.
    return _WORD if character in "\u200c\u200d" or _CIRCLED.match(character) else _OTHER


def shadow(text: str) -> str:
    """Return a text of the same length in which non-ASCII characters are their stand-ins."""
    if text.isascii():
        return text
    return _NON_ASCII.sub(lambda match: class_of(match[0]), text)


def _cut(pattern: re.Pattern[str], text: str) -> dict[str, str] | None:
    """Match the whole text through its shadow; return the groups that took part."""
    match = pattern.match(shadow(text))
    if match is None:
        return None
    spans = {name: match.span(name) for name in pattern.groupindex}
    return {name: text[start:end] for name, (start, end) in spans.items() if start >= 0}


def split_lines(text: str) -> list[str]:
    """Return the lines without their ends: LF, and one CR before it."""
    lines = text.split("\n")
    last = lines.pop()
    lines = [line.removesuffix("\r") for line in lines]
    # A CR that no LF follows is part of the line. Sqitch stops at a line that Perl takes for false,
    # which only a last "0" without a line end can be.
    return lines if last in {"", "0"} else [*lines, last]


def comment_of(line: str) -> str | None:
    """Return the text of a comment line, "" for a blank line, None for any other line.

    A mark with nothing after it is not a comment.
    """
    rest = line.lstrip(BLANKS)
    if not rest:
        return ""
    if rest[0] != "#" or len(rest) == 1:
        return None
    # With nothing but blanks after the mark they are the comment, which is trimmed to nothing.
    return decode_note(rest[1:].lstrip(BLANKS))


def split_note(line: str) -> tuple[str, str | None]:
    """Split a line at its first mark into content and raw note; None if there is no mark."""
    content, mark, note = line.partition("#")
    return content.rstrip(BLANKS), note.lstrip(BLANKS) if mark else None


def decode_note(raw: str) -> str:
    r"""Trim a note, then turn `\n`, `\r` and `\\` into what they stand for."""
    if raw in {"", "0"}:
        return raw
    return _ESCAPE.sub(lambda match: _ESCAPES[match[0]], raw.strip(SPACES))


def encode_note(note: str) -> str:
    r"""Turn line ends and backslashes into `\n`, `\r` and `\\`, as a plan line has them."""
    return note.replace("\\", r"\\").replace("\n", r"\n").replace("\r", r"\r")


def match_pragma(content: str) -> dict[str, str] | None:
    """Return the parts of a pragma line without its note, or None.

    Keys: lead, name, and where there is a value equals and value.
    """
    return _cut(_PRAGMA, content)


def match_entry(content: str) -> dict[str, str]:
    """Return the parts of a change or tag line without its note; no `name` if it has no such form.

    Other keys: operator, dependencies, time, planner_name, planner_email; and the blanks: lead, gap
    behind the operator, space behind the name.
    """
    return _cut(_ENTRY, content) or {}


def is_tag_line(content: str) -> bool:
    """Tell whether a line declares a tag."""
    return content.lstrip(BLANKS).startswith("@")


def has_timestamp(content: str) -> bool:
    """Tell whether there is the form of a time anywhere in the line."""
    return _ANY_TIMESTAMP.search(shadow(content)) is not None


def is_name(text: str) -> bool:
    """Tell whether all of a text is one valid name."""
    return _WHOLE_NAME.match(shadow(text)) is not None


def looks_like_id(name: str) -> bool:
    """Tell whether a name begins like an ID, which Sqitch refuses."""
    return _SHA1.match(name) is not None


def split_dependencies(text: str) -> list[str]:
    """Split a bracket list at blanks. One before the first entry makes an empty entry."""
    parts = _BLANK_RUN.split(text)
    while parts and not parts[-1]:
        parts.pop()
    return parts


def match_dependency(text: str) -> dict[str, str] | None:
    """Return conflict ("!" or ""), project, id, change and tag, those that are there, or None."""
    parts = _cut(_DEPENDENCY, text)
    if parts is not None and "lone_tag" in parts:
        parts["tag"] = parts.pop("lone_tag")
    return parts
