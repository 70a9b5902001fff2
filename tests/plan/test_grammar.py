"""The classes of characters, which are Perl's and not Python's."""

from __future__ import annotations

import subprocess
import unicodedata
from string import ascii_letters

import pytest

from dsvault.plan import grammar

# Prints the version of Unicode, then the number of each code point that is a blank, a digit or
# another part of words, and of each that is a space.
_CLASSES = r"""
use v5.20; no warnings; use Unicode::UCD;
say Unicode::UCD::UnicodeVersion();
for my $number (0 .. 0xD7FF, 0xE000 .. 0x3FFFF, 0xE0000 .. 0xE0FFF) {
    my $c = chr $number; utf8::upgrade($c);
    my $class = $c =~ /[[:blank:]]/ ? 'blank' : $c =~ /[[:digit:]]/ ? 'digit' : 'word';
    say "$number $class" if $class ne 'word' || $c =~ /\w/;
    say "$number space" if $c =~ /\s/;
}
"""


_NAMES = {
    **dict.fromkeys(grammar.BLANKS, "blank"),
    **dict.fromkeys("0123456789\x80", "digit"),
    **dict.fromkeys(f"_{ascii_letters}\x81", "word"),
}


def _class_of(character: str) -> str:
    return _NAMES.get(grammar.shadow(character), "")


@pytest.mark.sqitch
def test_every_character_is_in_perls_class() -> None:
    answer = subprocess.run(["perl", "-e", _CLASSES], capture_output=True, text=True, check=True)
    version, *lines = answer.stdout.splitlines()
    theirs = {tuple(line.split()) for line in lines}
    # Nothing is assigned beyond, but for private use.
    numbers = (*range(0xD800), *range(0xE000, 0x40000), *range(0xE0000, 0xE1000))
    characters = "".join(map(chr, numbers))
    classes = zip(characters, grammar.shadow(characters), strict=True)
    ours = {(str(ord(one)), _NAMES[stand_in]) for one, stand_in in classes if stand_in in _NAMES}
    ours |= {(str(ord(space)), "space") for space in grammar.SPACES}
    different = {(int(number), name) for number, name in ours ^ theirs}
    if version != unicodedata.unidata_version:
        # Characters that only the newer of the two versions of Unicode has are not compared.
        known = unicodedata.unidata_version > version
        different = {item for item in different if known is not _is_unassigned(item[0])}
    assert not different


def _is_unassigned(number: int) -> bool:
    return unicodedata.category(chr(number)) == "Cn"


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u00a0", "blank"), ("\u3000", "blank"), ("\u1680", "blank"), ("\u0663", "digit"),
        ("\U0001d7d8", "digit"), ("é", "word"), ("\u0301", "word"), ("\u24d0", "word"),
        ("\U0001f130", "word"), ("\u200d", "word"), ("\u203f", "word"), ("\u2160", "word"),
        ("\u200b", ""), ("\u00b2", ""), ("\u2028", ""), ("\u0085", ""), ("\ufeff", ""),
        ("\u00ad", ""), ("\U0001f600", ""), ("\u2019", ""),
    ],
)  # fmt: skip
def test_character_is_in_its_class(character: str, name: str) -> None:
    assert _class_of(character) == name


def test_shadow_has_the_length_of_the_text() -> None:
    text = "a\u00a0é\U0001f600\u0301日 x"
    assert len(grammar.shadow(text)) == len(text)
    assert grammar.shadow("plain ASCII\t") == "plain ASCII\t"


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        ("", ""), ("0", "0"), (" 0 ", "0"), (" x ", "x"), (r"a\nb", "a\nb"), (r"a\rb\\", "a\rb\\"),
        (r"a\\nb", r"a\nb"), (r"a\tb", r"a\tb"), (r"\n", "\n"), ("x\x1c", "x\x1c"),
        ("\x0bx\u0085", "x"),
    ],
)  # fmt: skip
def test_note_is_trimmed_then_decoded(raw: str, note: str) -> None:
    assert grammar.decode_note(raw) == note


@pytest.mark.parametrize("note", ["", "plain", "two\nlines", "a\\b\r\n", "\\n", "é\\\\"])
def test_encoded_note_is_one_line_and_comes_back(note: str) -> None:
    encoded = grammar.encode_note(note)
    assert not set("\r\n") & set(encoded)
    assert grammar.decode_note(encoded) == note
