"""Change the text of a sqitch.conf: set and remove settings and sections, as Sqitch does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.config.syntax import ConfigError, Header, Setting, parse_items
from dsvault.config.values import holds

if TYPE_CHECKING:
    from collections.abc import Sequence

_NEEDS_QUOTES = re.compile(r"\A\s|[;#]|\s\Z")
_ESCAPES = {"\\": r"\\", '"': r"\"", "\t": r"\t", "\n": r"\n"}
# What can be read again: Sqitch's reader is not strict.
_SECTION = re.compile(r'[^\s\[\]"]+\Z')
_NAME = re.compile(r"(?![\s;#\[])[^=\n]*[^=\s]\Z")


def set_value(text: str, key: str, value: str, pattern: str = "") -> str:
    """Return the text with `section.name` or `section.subsection.name` set to a value.

    With a pattern only values that it finds count, here and below.

    :raises ConfigError: the key is none, or it is set several times.
    """
    section, name = split_key(key)
    found = _settings(text, key, pattern)
    if len(found) > 1:
        raise ConfigError(
            "Cannot overwrite multiple values with a single value",
            hint="Use --replace-all, or edit the file.",
        )
    line = f"{name} = {_quoted(value)}"
    if found:
        return text[: found[0].start] + line + text[found[0].end :]
    return _inserted(text, section, line)


def add_value(text: str, key: str, value: str) -> str:
    """Return the text with one more value for a key.

    :raises ConfigError: the key is none.
    """
    section, name = split_key(key)
    return _inserted(text, section, f"{name} = {_quoted(value)}")


def replace_all(text: str, key: str, value: str, pattern: str = "") -> str:
    """Return the text with one value in place of all those of a key, where the last one stood.

    :raises ConfigError: the key is none.
    """
    for setting in reversed(_settings(text, key, pattern)[:-1]):
        text = _without(text, setting)
    return set_value(text, key, value, pattern)


def unset(
    text: str, key: str, pattern: str = "", *, every: bool = False, where: object = "the text"
) -> str:
    """Return the text without a key; where is only named in messages.

    :raises ConfigError: it is not set, or is set several times and every does not say so.
    """
    found = _settings(text, key, pattern)
    if not found:
        raise ConfigError(f"No occurrence of {key} found to unset in {where}")
    if len(found) > 1 and not every:
        raise ConfigError(
            "Cannot unset key with multiple values", hint="Use --unset-all, or edit the file."
        )
    for setting in reversed(found):
        text = _without(text, setting)
    return text


def rename_section(text: str, old: str, new: str | None) -> str:
    """Return the text with a section renamed, or removed if there is no new name.

    :raises ConfigError: there is no such section.
    """
    items = list(parse_items(text, "the configuration"))
    places = [
        i
        for i, item in enumerate(items)
        if isinstance(item, Header) and item.section.lower() == old.lower()
    ]
    if not places:
        raise ConfigError("No such section!")
    for i in reversed(places):
        header = items[i]
        if new is not None:
            text = text[: header.start] + _header(new) + text[header.end :]
            continue
        following = (item.start for item in items[i + 1 :] if isinstance(item, Header))
        text = text[: header.start] + text[next(following, len(text)) :]
    return text


def with_comment(text: str, lines: Sequence[str]) -> str:
    """Return the text with comment lines at its end; leading blanks stay before the mark."""
    return text + "".join(re.sub(r"\A([ \t]*)", r"\1# ", line) + "\n" for line in lines)


def split_key(key: str) -> tuple[str, str]:
    """Split `section.subsection.name` into section, with the subsection, and name.

    :raises ConfigError: it is no key.
    """
    section, dot, name = key.rpartition(".")
    if not dot or not section:
        raise ConfigError(f"No section given in key or invalid key {key}")
    head = section.partition(".")[0]
    if not _SECTION.match(head):
        raise ConfigError(
            f"Invalid section name {head}", hint='Write it without blanks, brackets and ".'
        )
    if not _NAME.match(name):
        raise ConfigError(f"Invalid variable name {name}")
    return section, name


def _canonical(section: str) -> str:
    head, dot, subsection = section.partition(".")
    return f"{head.lower()}{dot}{subsection}"


def _settings(text: str, key: str, pattern: str) -> list[Setting]:
    section, name = split_key(key)
    return [
        item
        for item in parse_items(text, "the configuration")
        if isinstance(item, Setting)
        and item.section == _canonical(section)
        and item.name.lower() == name.lower()
        and holds(pattern, item.value)
    ]


def _inserted(text: str, section: str, line: str) -> str:
    """Put a line behind the last one of its section, or with a new section at the end."""
    ends = [
        item.end
        for item in parse_items(text, "the configuration")
        if item.section == _canonical(section)
    ]
    if not ends:
        gap = "" if not text or text.endswith("\n") else "\n"
        return f"{text}{gap}{_header(section)}\n\t{line}\n"
    end = text.find("\n", ends[-1])
    if end < 0:
        return f"{text}\n\t{line}\n"
    return f"{text[: end + 1]}\t{line}\n{text[end + 1 :]}"


def _without(text: str, setting: Setting) -> str:
    start = text.rfind("\n", 0, setting.start) + 1
    if text[start : setting.start].strip():  # a header stands on the same line
        start = setting.start
    end = text.find("\n", setting.end)
    return text[:start] + ("" if end < 0 else text[end + 1 :])


def _header(section: str) -> str:
    head, dot, subsection = section.partition(".")
    if not dot:
        return f"[{head}]"
    escaped = subsection.replace("\\", "\\\\").replace('"', '\\"')
    return f'[{head} "{escaped}"]'


def _quoted(value: str) -> str:
    escaped = "".join(_ESCAPES.get(character, character) for character in value)
    return f'"{escaped}"' if _NEEDS_QUOTES.search(value) else escaped
