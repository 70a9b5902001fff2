"""The canonical form of URIs, which decides every ID of a project that has one."""

from __future__ import annotations

import json
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsvault.plan.uri import UriError, canonical_uri, stored_uri

# as written -> canonical, by Perl's URI 5.17 and URI::db 0.20
CANONICAL = {
    "https://example.com": "https://example.com/",
    "https://example.com?q": "https://example.com?q",
    "HTTPS://U:P@EXAMPLE.com:443/A/../B": "https://U:P@example.com/A/../B",
    "http://x.org:80": "http://x.org/",
    "http://x.org:/a": "http://x.org/a",
    "https://x.org:80/": "https://x.org:80/",
    "http://x.org/%7ea%c3%a9%2f": "http://x.org/~a%C3%A9%2F",
    "http://x.org/é b": "http://x.org/%C3%A9%20b",
    "http://BÜCHER.example/": "http://xn--bcher-kva.example/",
    "http://ΟΔΟΣ.gr/": "http://xn--pxavbq.gr/",
    "http://%C3%89X.org/": "http://xn--x-sa7o.org/",
    "http://[FE80::1]:80/[a]": "http://[fe80::1]/%5Ba%5D",
    "<https://x.org>": "https://x.org/",
    "<URL:https://x.org>": "https://x.org/",
    '"https://x.org"': "https://x.org/",
    " https://x.org\u0085": "https://x.org/",
    "urn:ISBN:%2f0395": "urn:isbn:%2F0395",
    "urn:%45x:a": "urn:Ex:a",
    "mailto:Ada%7e@X.org": "mailto:Ada~@X.org",
    "ftp://X.org:21/": "ftp://x.org/",
    "ssh://git@X.org:22/a.git": "ssh://git@x.org/a.git",
    "file:/a": "file:///a",
    "file://localhost/a": "file:///a",
    "git@github.com:A/b.git": "git@github.com:A/b.git",
    "foo/%7e": "foo/~",
    "FOO://X/": "foo://X/",
    "db:postgres://X:5432/d": "pg://x/d",
    "db:": "",
    "sip:Ada@X.org:5060": "sip:Ada@x.org",
    "": "",
}


@pytest.mark.parametrize("written", CANONICAL)
def test_canonical_form(written: str) -> None:
    assert canonical_uri(written) == CANONICAL[written]


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("HTTPS://X.org:443", "HTTPS://X.org:443"),
        ("<http://x.org/é>", "http://x.org/%C3%A9"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("db:postgres:x", "db:postgres:x"),
        ("DB:pg:x", "DB:pg:x"),
    ],
)
def test_stored_form_is_escaped_but_not_canonical(written: str, stored: str) -> None:
    assert stored_uri(written) == stored


@pytest.mark.parametrize("written", ["ldap://x/", "LDAPS://x/", "db:FOO://x", "db:db:pg:"])
def test_uri_without_a_canonical_form_is_refused(written: str) -> None:
    with pytest.raises(UriError):
        canonical_uri(written)


# Answers each JSON text with stored and canonical form, or null where Perl dies.
_ASK = """
use URI; use JSON::PP; my $json = JSON::PP->new->ascii->allow_nonref;
$SIG{__WARN__} = sub { };
while (<STDIN>) {
    my $text = $json->decode($_); utf8::upgrade($text);
    my $answer = eval { my $uri = URI->new($text); ["$uri", $uri->canonical . ""] };
    print $json->encode($answer), "\\n";
}
"""
_PARTS = [
    ["http", "HTTPS", "ftp", "urn", "file", "mailto", "db:pg", "DB:postgres", "ssh", "sip", "git"],
    ["://", "://", "://", ":", ":/", ""],
    ["", "", "u@", "U:%7e@", "ü@", "a@b@"],
    ["x.org", "X.Org", "Bücher.DE", "ΟΔΟΣ", "%C3%89x", "X%3A", "[FE80::1]", "::1", "", "a..é"],
    ["", "", ":80", ":443", ":", ":0", ":5432", ":x", ":\u0663"],
    ["", "/", "/%7e", "/é b", "/[a]", "//x", "/a%2fB", "?q", "?a[]=%5b", "/%zz"],
]  # fmt: skip
_uris = st.one_of(
    st.tuples(*map(st.sampled_from, _PARTS)).map("".join),
    st.text(st.sampled_from('aA:/@%?[].<>" é%4~=;+-'), max_size=10),
)


@pytest.mark.sqitch("1.3")
@settings(max_examples=4)
@given(written=st.lists(_uris, min_size=200, max_size=200))
def test_any_uri_has_the_forms_that_perl_gives_it(written: list[str]) -> None:
    assert {text: _forms(text) for text in written} == _perls_forms(written)


@pytest.mark.sqitch("1.3")
def test_expected_forms_are_those_of_perl() -> None:
    forms = _perls_forms(list(CANONICAL)).items()
    assert {written: both and both[1] for written, both in forms} == CANONICAL


def _perls_forms(written: list[str]) -> dict[str, list[str] | None]:
    answer = subprocess.run(
        ["perl", "-e", _ASK],
        input="".join(f"{json.dumps(text)}\n" for text in written),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(written, map(json.loads, answer.stdout.splitlines()), strict=True))


def _forms(text: str) -> list[str] | None:
    try:
        return [stored_uri(text), canonical_uri(text)]
    except UriError:
        return None
