"""A pattern that is compiled later is what re.compile makes."""

from __future__ import annotations

import re

import pytest

from dsvault.patterns import later


def test_a_pattern_that_is_compiled_later_finds_what_any_pattern_finds() -> None:
    pattern = later("(?P<word>[a-z]+) ?", re.IGNORECASE)
    for _ in range(2):
        match = pattern.match("One two")
        assert match is not None
        assert match["word"] == "One"
        assert pattern.sub("x", "One two") == "xx"
    assert dict(pattern.groupindex) == {"word": 1}


def test_a_faulty_pattern_is_told_when_it_is_used() -> None:
    pattern = later("(")
    with pytest.raises(re.error):
        pattern.match("")
