"""Templates made at random are filled as Template::Tiny fills them, which Sqitch uses."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dsvault.authoring.errors import AuthoringError
from dsvault.authoring.templates import render

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

pytestmark = pytest.mark.sqitch("1.3")

VALUES = {"x": "1", "zero": "0", "no": "", "text": "a b", "list": ["p", "q", "r"], "none": []}
PERL = """
use utf8; use Template::Tiny; use JSON::PP;
my ($values, $templates) = @{ decode_json(join '', <STDIN>) };
sub filled { my $out = ''; Template::Tiny->new->process(\\shift, $values, \\$out); $out }
print encode_json([map { filled($_) } @$templates]);
"""

_LEFT = st.sampled_from(["[% ", "[%- ", "[%+ ", "[%", "[%-\n"])
_RIGHT = st.sampled_from([" %]", " -%]", " +%]", "%]", "-%]"])
_NAMES = st.sampled_from(
    ["x", "zero", "no", "text", "item", "gone", "_x", "list.1", "list.9", "x.0"]
)
_TEXTS = st.text(st.sampled_from("ab \t\n\n"), max_size=4)


def _tag(inner: SearchStrategy[str], right: SearchStrategy[str] = _RIGHT) -> SearchStrategy[str]:
    return st.tuples(_LEFT, inner, right).map("".join)


def _blocks(body: SearchStrategy[str]) -> SearchStrategy[str]:
    """Return blocks; there is a blank behind what they ask, or more would belong to it."""
    right = st.sampled_from([" %]", " -%]", "\n+%]"])
    lists = st.sampled_from(["list", "none", "x", "gone"])
    asked = st.tuples(st.sampled_from(["IF ", "UNLESS  "]), _NAMES | lists).map("".join)
    end = _tag(st.just("END"))
    other = st.just("") | st.tuples(_tag(st.just("ELSE")), body).map("".join)
    condition = st.tuples(_tag(asked, right), body, other, end)
    loop = st.tuples(_tag(lists.map("FOREACH item IN {}".format), right), body, end)
    return (condition | loop).map("".join)


_TEMPLATES = st.recursive(
    st.one_of(_TEXTS, _tag(_NAMES)),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join), _blocks(inner.map(lambda t: t or "-"))
    ),
    max_leaves=12,
)


@settings(max_examples=8, phases=[Phase.generate])
@given(templates=st.lists(_TEMPLATES, min_size=30, max_size=60))
def test_a_template_is_filled_as_by_template_tiny(templates: list[str]) -> None:
    done = subprocess.run(
        ["perl", "-e", PERL],
        input=json.dumps([VALUES, templates]),
        capture_output=True,
        text=True,
        check=True,
    )
    for template, expected in zip(templates, json.loads(done.stdout), strict=True):
        try:
            assert render(template, VALUES) == expected, template
        except AuthoringError:  # Template::Tiny mistakes some nested blocks and leaves their tags
            assert "[%" in expected, template
