"""Templates of change scripts, in the language that Sqitch's templates have.

That is `[% name %]`, `[% list.0 %]`, FOREACH, IF, UNLESS, ELSE, END, and the minus signs that take
away the line end beside a tag: the part of Template Toolkit's language that Template::Tiny has.
Comments, which it has not, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

from dsvault.authoring.errors import AuthoringError

if TYPE_CHECKING:
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
_BUILT_IN_NAME = "pg"
_BUILT_IN = {
    "deploy": _FORM.format(
        verb="Deploy", preposition="to", needs=_NEEDS, what="DDLs", end="COMMIT"
    ),
    "revert": _FORM.format(verb="Revert", preposition="from", needs="", what="DDLs", end="COMMIT"),
    "verify": _FORM.format(
        verb="Verify", preposition="on", needs="", what="verifications", end="ROLLBACK"
    ),
}
# A tag's two ends. A minus takes the line end before it, with blanks between, or that behind it.
_LEFT = r"(?:(?:(?:^|\n)[ \t]*)?\[%-|\[%\+?)\s*"
_RIGHT = r"\s*(?:\+?%\]|-%\](?:[ \t]*\n)?)"
_OPENING = rf"{_LEFT}(?:IF|UNLESS|FOREACH)\b"
_NAME = r"[a-z_][\w.]*"
_COMMENT = re.compile(rf"{_LEFT}#(?:(?!%\]).)*?{_RIGHT}", re.DOTALL)
# A block that has none within.
_BLOCK = re.compile(
    rf"{_LEFT}(?P<word>IF|UNLESS|FOREACH)\s+(?P<what>(?:\S+\s+IN\s+)?\S+){_RIGHT}"
    rf"(?!.*?{_OPENING})(?P<body>.*?)"
    rf"(?:{_LEFT}ELSE{_RIGHT}(?!.*?{_OPENING})(?P<other>.+?))?"
    rf"{_LEFT}END{_RIGHT}",
    re.DOTALL,
)
# The same once it has a mark of its own, so that the marks of nested blocks tell them apart.
_MARKED = re.compile(
    rf"\[%\s(?P<mark>(?P<word>[IUF])\d+)\s+(?:(?P<item>[a-z]\w*)\s+IN\s+)?(?P<what>{_NAME})\s%\]"
    r"(?P<body>.*?)(?:\[%\s(?P=mark)\s%\](?P<other>.+?))?\[%\s(?P=mark)\s%\]",
    re.DOTALL,
)
_EXPRESSION = re.compile(rf"{_LEFT}(?P<name>{_NAME}){_RIGHT}", re.DOTALL)
_ANY_TAG = re.compile(r"\[%.*?%\]", re.DOTALL)


def find_templates(folders: Sequence[Path], name: str, given: Mapping[str, Path]) -> dict[str, str]:
    """Return the text of a template for each kind of script: those given, then the folders' own.

    In a folder they are files like deploy/NAME.tmpl; for deploy, revert and verify there are some
    built in under the name pg.

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
    return (_BUILT_IN if name == _BUILT_IN_NAME else {}) | found


def render(template: str, variables: Variables) -> str:
    """Return a template with its tags replaced; an unknown name becomes nothing.

    :raises AuthoringError: it has a tag of another form, or an END too few or too many.
    """
    text = _filled(_marked(_COMMENT.sub("", template)), variables)
    for tag in _ANY_TAG.findall(text):
        if tag in template:
            raise AuthoringError(
                f"Error executing a template: {tag} is not understood",
                hint="Use names, FOREACH name IN list, IF, UNLESS and ELSE, and close each by END.",
            )
    return text


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise AuthoringError(f"Cannot open {path}: {error}", hint="Make it readable.") from error


def _marked(text: str) -> str:
    """Return a template in which each block is marked, the innermost first."""
    for number in count(1):
        match = _BLOCK.search(text)
        if match is None:
            break
        mark = f"{match['word'][0]}{number}"
        parts = [match["body"]] + ([match["other"]] if match["other"] is not None else [])
        body = "".join(f"{part}[% {mark} %]" for part in parts)
        text = f"{text[: match.start()]}[% {mark} {match['what']} %]{body}{text[match.end() :]}"
    return text


def _filled(text: str, variables: Variables) -> str:
    """Return a marked template with its blocks chosen and repeated, and then its names replaced."""

    def block(match: re.Match[str]) -> str:
        value = _value(match["what"], variables)
        if match["word"] == "F":
            items = () if isinstance(value, str) else value
            term = match["item"] or ""
            return "".join(_filled(match["body"], {**variables, term: item}) for item in items)
        # An empty list is true.
        is_chosen = (not isinstance(value, str) or value not in ("", "0")) == (match["word"] == "I")
        return _filled(match["body" if is_chosen else "other"] or "", variables)

    def name(match: re.Match[str]) -> str:
        value = _value(match["name"], variables)
        return value if isinstance(value, str) else " ".join(value)

    return _EXPRESSION.sub(name, _MARKED.sub(block, text))


def _value(path: str, variables: Variables) -> Value:
    """Return what a name stands for, be it an item of a list; names with _ in front are hidden."""
    name, *rest = path.rstrip(".").split(".")
    value = "" if name.startswith("_") else variables.get(name, "")
    for step in rest:
        is_item = not isinstance(value, str) and step.isdecimal() and int(step) < len(value)
        value = value[int(step)] if is_item else ""
    return value
