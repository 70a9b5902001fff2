"""Templates of scripts, and what they cannot do."""

from __future__ import annotations

import pytest

from dsvault.authoring import AuthoringError
from dsvault.authoring.templates import find_templates, render


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("a [% x %] b", "a 1 b"),
        ("[% IF x %]yes[% ELSE %]no[% END %]", "yes"),
        ("[% UNLESS x %]yes[% ELSE %]no[% END %]", "no"),
        ("[% IF zero %]yes[% ELSE %]no[% END %]", "no"),
        ("[% FOREACH i IN list %]<[% i %]>[% END %]", "<a><b>"),
        ("[% FOREACH i IN none %]<[% i %]>[% END %].", "."),
        ("[% IF x %][% FOREACH i IN list -%]\n  [% i %]\n[%- END %][% END %]", "  a  b"),
        ("[% gone %][%# a comment %]|", "|"),
        ("a\n  [%-# gone -%]  \nb", "ab"),
        ("[% IF x %]a[% IF zero %]b[% ELSE %]c[% END %][% ELSE %]d[% END %]", "ac"),
        (
            "[% FOREACH i IN list %][% IF zero %][% ELSE %][% i %][% x %][% END %],[% END %]",
            "a1,b1,",
        ),
        ("[% list.1 %][% list.7 %][% list.x %][% x.0 %][% _x %].", "b."),
        ("a\n  [%- x -%]  \nb [%- x -%] c", "a1b 1 c"),
        ("a\n[%+ x +%]\n", "a\n1\n"),
    ],
)
def test_a_template_is_filled(template: str, expected: str) -> None:
    values = {"x": "1", "zero": "0", "list": ["a", "b"], "none": []}
    assert render(template, values) == expected


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("[% x | html %]", r"\[% x \| html %\] is not understood"),
        ("[% IF x %]", r"\[% IF x %\] is not understood"),
        ("[% IF x %][% END %][% END %]", r"\[% END %\] is not understood"),
        ("[% SET x = 1 %]", "is not understood"),
    ],
)
def test_what_is_not_understood_is_refused(template: str, message: str) -> None:
    with pytest.raises(AuthoringError, match=message):
        render(template, {})


def test_there_are_templates_without_any_file() -> None:
    assert find_templates([], "other", {}) == {}
    found = find_templates([], "pg", {})
    assert sorted(found) == ["deploy", "revert", "verify"]
    assert render(found["verify"], {"project": "p", "change": "c", "engine": "pg"}) == (
        "-- Verify p:c on pg\n\nBEGIN;\n\n-- XXX Add verifications here.\n\nROLLBACK;\n"
    )
