"""Templates of change scripts, in the part of Template Toolkit's language that they need.

That is `[% name %]`, FOREACH, IF, UNLESS, ELSE, END, comments, and the minus signs that take away
the white space beside a tag.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from dsvault.authoring.errors import AuthoringError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Value: TypeAlias = str | Sequence[str]
Variables: TypeAlias = Mapping[str, Value]

# What Sqitch installs for PostgreSQL. The first word differs, and how the script ends.
_FORM = """\
-- {verb} [% project %]:[% change %] {preposition} [% engine %]
{needs}
BEGIN;

-- XXX Add {what} here.

{end};
"""
_NEEDS = """\
[% FOREACH item IN requires -%]
-- requires: [% item %]
[% END -%]
[% FOREACH item IN conflicts -%]
-- conflicts: [% item %]
[% END -%]
"""
_BUILT_IN = {
    "deploy": _FORM.format(
        verb="Deploy", preposition="to", needs=_NEEDS, what="DDLs", end="COMMIT"
    ),
    "revert": _FORM.format(verb="Revert", preposition="from", needs="", what="DDLs", end="COMMIT"),
    "verify": _FORM.format(
        verb="Verify", preposition="on", needs="", what="verifications", end="ROLLBACK"
    ),
}
_TAG = re.compile(r"\[%(-?)(.*?)(-?)%\]", re.DOTALL)
_FOREACH = re.compile(r"FOREACH\s+(\w+)\s*(?:IN|=)\s*(\w+)\Z", re.IGNORECASE)
_CONDITION = re.compile(r"(IF|UNLESS)\s+(\w+)\Z", re.IGNORECASE)
_NAME = re.compile(r"\w+\Z")
_SPACE_BEFORE = re.compile(r"\n?[^\S\n]*\Z")
_SPACE_BEHIND = re.compile(r"[^\S\n]*\n?")


def find_templates(folders: Sequence[Path], name: str, given: Mapping[str, Path]) -> dict[str, str]:
    """Return the text of a template for each kind of script: those given, then the folders' own.

    In a folder they are files like deploy/NAME.tmpl; for deploy, revert and verify there are some
    built in.

    :raises AuthoringError: one that is given does not exist, or cannot be read.
    """
    found: dict[str, str] = {}
    for kind, path in given.items():
        if not path.exists():
            raise AuthoringError(f"Template {path} does not exist", hint="Name a file.")
        if not path.is_file():
            raise AuthoringError(f"Template {path} is not a file", hint="Name a file.")
        found[kind] = _read(path)
    for folder in folders:
        for kind_folder in sorted(folder.iterdir()) if folder.is_dir() else ():
            path = kind_folder / f"{name}.tmpl"
            if kind_folder.name not in found and path.is_file():
                found[kind_folder.name] = _read(path)
    return _BUILT_IN | found


def render(template: str, variables: Variables) -> str:
    """Return a template with its tags replaced; an unknown name becomes nothing.

    :raises AuthoringError: it has a tag of another form, or an END too few or too many.
    """
    return _Renderer(template, variables).render()


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise AuthoringError(f"Cannot open {path}: {error}", hint="Make it readable.") from error


class _Token(NamedTuple):
    text: str
    is_tag: bool = False


class _Renderer:
    def __init__(self, template: str, variables: Variables) -> None:
        self._variables = dict(variables)
        self._tokens = list(_tokens(template))
        self._position = 0

    def render(self) -> str:
        text = self._block(is_shown=True)
        if self._position < len(self._tokens):
            raise _unknown(self._tokens[self._position].text)
        return text

    def _block(self, *, is_shown: bool) -> str:
        """Return what stands before the next END or ELSE, which stays to be read."""
        text = []
        while self._position < len(self._tokens) and self._next() not in ("END", "ELSE"):
            token = self._tokens[self._position]
            self._position += 1
            text.append(self._tag(token.text, is_shown=is_shown) if token.is_tag else token.text)
        return "".join(text) if is_shown else ""

    def _tag(self, tag: str, *, is_shown: bool) -> str:
        loop, condition = _FOREACH.match(tag), _CONDITION.match(tag)
        if loop:
            return self._loop(loop[1], self._items(loop[2]) if is_shown else [])
        if condition:
            wanted = condition[1].upper() == "IF"
            return self._choice(is_chosen=self._is_true(condition[2]) is wanted)
        if not _NAME.match(tag):
            raise _unknown(tag)
        value = self._variables.get(tag, "")
        return value if isinstance(value, str) else " ".join(value)

    def _items(self, name: str) -> Sequence[str]:
        value = self._variables.get(name, ())
        return [value] if isinstance(value, str) else value

    def _is_true(self, name: str) -> bool:
        value = self._variables.get(name, "")
        return not isinstance(value, str) or value not in ("", "0")  # an empty list is true

    def _loop(self, name: str, items: Sequence[str]) -> str:
        start = self._position
        text = []
        for item in items:
            self._position = start
            self._variables[name] = item
            text.append(self._block(is_shown=True))
        if not items:
            self._block(is_shown=False)
        self._close()
        return "".join(text)

    def _choice(self, *, is_chosen: bool) -> str:
        text = self._block(is_shown=is_chosen)
        if self._next() == "ELSE":
            self._position += 1
            text += self._block(is_shown=not is_chosen)
        self._close()
        return text

    def _next(self) -> str:
        """Return the word of the tag that comes next, or nothing."""
        if self._position >= len(self._tokens) or not self._tokens[self._position].is_tag:
            return ""
        return self._tokens[self._position].text.upper()

    def _close(self) -> None:
        if self._next() != "END":
            raise AuthoringError(
                "Error executing a template: an END is missing", hint="Close each FOREACH and IF."
            )
        self._position += 1


def _tokens(template: str) -> Iterator[_Token]:
    """Yield plain texts and tags in turn; a minus takes away white space up to the line's end."""
    position = 0
    for match in _TAG.finditer(template):
        plain = template[position : match.start()]
        yield _Token(_SPACE_BEFORE.sub("", plain) if match[1] else plain)
        position = match.end()
        if match[3] and (space := _SPACE_BEHIND.match(template, position)):
            position = space.end()
        if not match[2].startswith("#"):
            yield _Token(match[2].strip(), is_tag=True)
    yield _Token(template[position:])


def _unknown(tag: str) -> AuthoringError:
    return AuthoringError(
        f"Error executing a template: [% {tag} %] is not supported",
        hint="Use names, FOREACH name IN list, IF, UNLESS, ELSE and END.",
    )
