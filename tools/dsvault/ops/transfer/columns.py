"""Columns of a file replaced by tokens on the way in, and put back on the way out.

A record keeps tokens in place of values; its pii_annotations say of each column, by JSON pointer:

    {"/email": {"type": "email", "token": "tok_email_…", "spelling": "tok_email_…"}}

spelling is there where equal values were spelt differently: it leads to this record's own spelling.
json names how the text of JSON Lines was written, where that was not as most programs do.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsvault.crypto import Plain, ValueFormatError, encode_json, normalise, pointer_to
from dsvault.files import FileFormatError
from dsvault.files.members import SPELLINGS, exchanged, find_members, spelling_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from dsvault.client import StandIn, Stored, TokenVault
    from dsvault.files import Source
    from dsvault.files.members import Member
    from dsvault.files.model import Content


@dataclass(frozen=True, slots=True)
class TokenRule:
    """How a column is replaced: the type of its values; random: each of them has its own token."""

    pii_type: str
    is_random: bool = False

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {"type": self.pii_type, "random": self.is_random}


def check_columns(path: Path, source: Source, names: Iterable[str]) -> None:
    """Refuse columns that a file does not have, or that hold no texts; JSON Lines may have any.

    :raises FileFormatError: see above.
    """
    there = source.text_columns()
    missing = [name for name in names if there is not None and name not in there]
    if missing:
        raise FileFormatError(
            f"{path} has no column {missing[0]} of texts",
            detail=f"its columns of texts are {', '.join(there or ())}",
            hint="Name one of them; values of other types are not replaced.",
        )


class Replaceable:
    """A record of which some values are to be replaced; values are those, by column."""

    def __init__(self, content: Content, names: Iterable[str]) -> None:
        """Find the values. Empty texts, nulls and what the record does not have are none.

        :raises FileFormatError: a value is no text, or is there twice.
        """
        self._content = content
        self._members: Mapping[str, Member] = {}
        if isinstance(content, bytes):
            self._members = find_members(content, set(names))
            found = {name: member.value for name, member in self._members.items()}
        else:
            found = {name: content.get(name) for name in names}
        self.values: dict[str, str] = {
            name: _text(name, value)
            for name, value in found.items()
            if value is not None and value != ""
        }
        self._texts: dict[str, str] = {}

    def put(self, name: str, text: str) -> None:
        """Put a text in place of a value."""
        self._texts[name] = text

    def spelling(self, name: str) -> str:
        """Return how JSON Lines spell a value; nothing where there is one way only.

        :raises FileFormatError: as nobody does.
        """
        if isinstance(self._content, bytes):
            return spelling_of(self._content, self._members[name])
        return ""

    def content(self) -> Content:
        """Return the record with the texts in place of values."""
        if isinstance(self._content, bytes):
            spelt = {name: json.dumps(text) for name, text in self._texts.items()}
            return exchanged(self._content, self._members, spelt)
        return {**self._content, **self._texts}


class TokenColumns:
    """The columns of one file that are replaced."""

    def __init__(self, rules: Mapping[str, TokenRule]) -> None:
        self._rules = rules

    def replace(
        self, numbered: Sequence[tuple[bytes, Content]], vault: TokenVault, before: int = 0
    ) -> tuple[list[Plain], int]:
        """Return records with tokens in place of values, and how many values that were.

        before is how many records of the file come before these.

        :raises FileFormatError: a value is no text.
        :raises dsvault.crypto.ValueFormatError: a value has not the form of its type.
        """
        records = [Replaceable(content, self._rules) for _, content in numbered]
        annotations: list[dict[str, dict[str, str]]] = [{} for _ in records]
        count = 0
        for name, rule in self._rules.items():
            having = [place for place, record in enumerate(records) if name in record.values]
            values = [records[place].values[name] for place in having]
            try:
                made = vault.stand_ins(rule.pii_type, values, is_random=rule.is_random)
            except ValueFormatError as error:
                numbers = [before + place + 1 for place in having]
                numbered_values = zip(numbers, values, strict=True)
                raise with_place(error, rule.pii_type, name, numbered_values) from None
            for place, stand_in in zip(having, made, strict=True):
                records[place].put(name, stand_in.token)
                about = _annotation(rule, stand_in, records[place].spelling(name))
                annotations[place][pointer_to(name)] = about
            count += len(made)
        plain = [
            Plain(record.content(), record_id, annotations=about)
            for (record_id, _), record, about in zip(numbered, records, annotations, strict=True)
        ]
        return plain, count


def with_place(
    error: ValueFormatError, pii_type: str, name: str, numbered: Iterable[tuple[int, str]]
) -> ValueFormatError:
    """Return the error with the record that it is about."""
    for number, value in numbered:
        try:
            normalise(pii_type, value)
        except ValueFormatError as found:
            place = f"column {name} of record {number}; the value is not shown"
            return ValueFormatError(found.message, detail=place, hint=found.hint)
    return error


def _annotation(rule: TokenRule, stand_in: StandIn, spelling: str) -> dict[str, str]:
    about = {"type": rule.pii_type, "token": stand_in.token}
    if stand_in.spelling:
        about["spelling"] = stand_in.spelling
    if spelling:
        about["json"] = spelling
    return about


@dataclass(frozen=True, slots=True)
class Opened:
    """Contents with their values again; left counts those of which only the token is left."""

    contents: list[bytes]
    left: int


def put_back(
    page: Sequence[tuple[Stored, bytes]],
    columns: Mapping[str, Any],
    vault: TokenVault,
    reason: str,
    *,
    is_bytes: bool,
) -> Opened:
    """Return the contents of a page with values in place of tokens, after asking for all at once.

    What was forgotten or has expired stays a token.

    :raises dsvault.crypto.CryptoError: a token is unknown, or its key not at hand.
    :raises dsvault.dberrors.QueryError: the user may not look behind tokens.
    """
    wanted = [_wanted(row, columns) for row, _ in page]
    asked = dict.fromkeys(about.get("spelling") or about["token"] for one in wanted
                          for about in one.values())  # fmt: skip
    values = vault.detokenize_those_left(list(asked), reason)
    contents, left = [], 0
    for (_, content), abouts in zip(page, wanted, strict=True):
        texts = {
            name: (values[token], str(about.get("json", "")))
            for name, about in abouts.items()
            if (token := about.get("spelling") or about["token"]) in values
        }
        left += len(abouts) - len(texts)
        contents.append(_with_texts(content, texts, is_bytes=is_bytes))
    return Opened(contents, left)


def _wanted(row: Stored, columns: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return what a record's annotations say of the columns."""
    annotations = json.loads(row.pii_annotations) if row.pii_annotations else {}
    return {
        name: annotations[pointer]
        for name in columns
        if (pointer := pointer_to(name)) in annotations
    }


def _with_texts(content: bytes, texts: Mapping[str, tuple[str, str]], *, is_bytes: bool) -> bytes:
    if not texts:
        return content
    if not is_bytes:
        return encode_json(json.loads(content) | {name: text for name, (text, _) in texts.items()})
    spelt = {name: SPELLINGS[spelling](text) for name, (text, spelling) in texts.items()}
    return exchanged(content, find_members(content, set(texts)), spelt)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise FileFormatError(
            f"A value of {name} is no text",
            detail=f"found {type(value).__name__}, not shown here; tokens stand in place of texts",
            hint="Leave the column out of --token, or write its values as texts.",
        )
    return value
