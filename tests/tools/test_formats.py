"""The little language of lists, without a command line around it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from dsvault.dates import format_date, validate_date_format
from dsvault.errors import DsvaultError
from dsvault.formats import Formatter, Item
from dsvault.text import printable, printable_json

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Moment:
    date: str

    @property
    def timestamp(self) -> datetime:
        return datetime.fromisoformat(self.date[:19]).replace(tzinfo=UTC)


ITEM = Item(
    event="deploy",
    project="vault",
    change_id="0123456789abcdef0123456789abcdef01234567",
    change="a",
    note="One.\nTwo.\n",
    tags=["@t1", "@t2"],
    requires=["b", "q:c"],
    conflicts=[],
    planned_at=Moment("2024-07-05T13:04:05Z"),
    planner_name="Ada",
    planner_email="ada@x",
)
EVENT = replace(
    ITEM,
    event="fail",
    committed_at=Moment("2024-07-06T00:04:05Z"),
    committer_name="Bob",
    committer_email="bob@x",
)


@pytest.fixture(autouse=True)
def _berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as context:
        context.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("plain text", "plain text"), ("%%n", "%n"), ("100 %", "100 %"), ("%n", "a"),
        ("%-3n|", "a  |"), ("%3n|", "  a|"), ("%.4H", "0123"), ("%6.2H", "    01"),
        ("%h", ITEM.change_id), ("%{3}h", "012"), ("%e %l %L", "deploy deploy Deploy"),
        ("%o", "vault"), ("%t", " @t1, @t2"), ("%{+}t", " @t1+@t2"), ("%T", " (@t1, @t2)"),
        ("%r", " b, q:c"), ("%R", "Requires:  b, q:c\n"), ("%x%X", ""), ("%v", "\n"),
        ("%s", "One."), ("%{- }s", "- One."), ("%b", "Two.\n"), ("%{> }b", "> Two.\n"),
        ("%B", "One.\nTwo.\n"), ("%{> }B", "> One.\n> Two.\n"), ("%p", "Ada <ada@x>"),
        ("%{n}p %{email}p", "Ada ada@x"), ("%{d}p", "2024-07-05 15:04:05 +0200"),
        ("%{date:raw}p", "2024-07-05T13:04:05Z"), ("%{name}_", "Name:     "),
        ("%{change}a", "change    a\n"), ("%{tags}a", "tags      @t1, @t2\n"),
        ("%{conflicts}a", ""), ("%{planned_at}a", "planned_at 2024-07-05T13:04:05Z\n"),
        ("%{red}C.", "."),
    ],
)  # fmt: skip
def test_code_is_filled_in(template: str, text: str) -> None:
    assert Formatter().format(template, ITEM) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("%c", "Bob <bob@x>"), ("%{n}c", "Bob"), ("%{e}c", "bob@x"),
        ("%{date:raw}c", "2024-07-06T00:04:05Z"),
        ("%{committed_at}a", "committed_at 2024-07-06T00:04:05Z\n"), ("%L", "Fail"),
        ("%{committer_name}a", "committer_name Bob\n"),
    ],
)  # fmt: skip
def test_event_has_a_committer(template: str, text: str) -> None:
    assert Formatter().format(template, EVENT) == text


@pytest.mark.parametrize(
    "template", ["%c", "%{committer_name}a", "%{format}a", "%q", "%_", "%a", "%C"]
)
def test_code_that_cannot_be_filled_in_is_refused(template: str) -> None:
    with pytest.raises(DsvaultError) as caught:
        Formatter().format(template, ITEM)
    assert caught.value.hint


def test_abbreviation_is_a_default() -> None:
    assert Formatter(abbrev=5).format("%h %{2}h %H", ITEM) == f"01234 01 {ITEM.change_id}"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("%{:event}C", "\x1b[32m"),
        ("%{bold red}C", "\x1b[1;31m"),
        ("%{reset}C", "\x1b[0m"),
        ("%{bright_cyan on_bright_black}C", "\x1b[96;100m"),
    ],
)
def test_colours_are_sent_where_they_are_wanted(template: str, text: str) -> None:
    assert Formatter(use_colour=True).format(template, ITEM) == text


def test_colour_of_an_event_is_its_kind() -> None:
    codes = {}
    for event in ("deploy", "revert", "fail"):
        codes[event] = Formatter(use_colour=True).format("%{:event}C", replace(ITEM, event=event))
    assert codes == {"deploy": "\x1b[32m", "revert": "\x1b[34m", "fail": "\x1b[31m"}


def test_controls_in_values_are_made_visible() -> None:
    item = replace(ITEM, change="a\x1b[0m", note="x\x07\ty\n\u202e", tags=["@\x9b"])
    assert Formatter().format("%n%t %B", item) == "a\\x1b[0m @\\x9b x\\x07\ty\n\\u202e"


def test_empty_note_is_one_indented_line() -> None:
    assert Formatter().format("%{    }B|%{x}b|%{x}s", replace(ITEM, note="")) == "    ||x"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("raw", "2024-07-05T13:04:05Z"), ("iso", "2024-07-05 15:04:05 +0200"),
        ("iso8601", "2024-07-05 15:04:05 +0200"), ("rfc", "Fri, 05 Jul 2024 15:04:05 +0200"),
        ("rfc2822", "Fri, 05 Jul 2024 15:04:05 +0200"),
        ("full", "Friday, July 5, 2024, 3:04:05\u202fPM Europe/Berlin"),
        ("long", "July 5, 2024, 3:04:05\u202fPM CEST"), ("medium", "Jul 5, 2024, 3:04:05\u202fPM"),
        ("short", "7/5/24, 3:04\u202fPM"), ("strftime:%Y at %H", "2024 at 15"),
    ],
)  # fmt: skip
def test_date_has_its_format(name: str, text: str) -> None:
    assert format_date(ITEM.planned_at, name) == text


def test_midnight_is_twelve() -> None:
    assert format_date(Moment("2024-07-05T22:00:00Z"), "short") == "7/6/24, 12:00\u202fAM"


def test_rfc_date_in_utc_has_a_minus(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as context:
        context.setenv("TZ", "UTC")
        time.tzset()
        assert format_date(ITEM.planned_at, "rfc") == "Fri, 05 Jul 2024 13:04:05 -0000"
        assert format_date(ITEM.planned_at, "full").endswith("\u202fPM UTC")


@pytest.mark.parametrize("name", ["", "ISO", "cldr", "strftime"])
def test_unknown_date_format_is_refused(name: str) -> None:
    with pytest.raises(DsvaultError, match="Unknown date format"):
        validate_date_format(name)


def test_every_control_character_is_made_visible() -> None:
    controls = [chr(number) for number in (*range(0x20), *range(0x7F, 0xA0))]
    shown = {character: printable(character) for character in controls}
    assert {key for key, value in shown.items() if key == value} == {"\t", "\n"}
    assert all(value.isprintable() for value in shown.values() if value not in "\t\n")
    assert printable("\x1b\u202e\udcff") == r"\x1b\u202e\udcff"
    for text in ("\x1b\x7f", "\u202e\x7f\x85"):
        assert printable_json(json.dumps(text, ensure_ascii=False)).isascii()
        assert "\x7f" not in printable_json(json.dumps(text, ensure_ascii=False))


def test_ordinary_text_is_left_alone() -> None:
    text = "Grüße, 日本 \U0001f600 e\u0301 \\x1b \u200d"
    assert printable(text) == text
