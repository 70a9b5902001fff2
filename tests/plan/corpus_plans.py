r"""Small plans for every corner of the format, valid and broken, by name.

What Sqitch makes of each is recorded in corpus.json: `python -m tests.plan.record_corpus` asks it.
"""

from __future__ import annotations

HEAD = "%syntax-version=1.0.0\n%project=p\n\n"
WHEN = "2024-05-06T07:08:09Z"
WHO = "Ada Lovelace <ada@example.org>"
REST = f" {WHEN} {WHO}"
SHA = "0123456789abcdef0123456789abcdef01234567"


def _change(name: str, dependencies: str = "", rest: str = REST) -> str:
    return f"{name}{f' [{dependencies}]' if dependencies else ''}{rest}\n"


def _plan(*lines: str) -> bytes:
    return (HEAD + "".join(lines)).encode()


A, B, C = _change("a"), _change("b"), _change("c")
T1, T2, T3 = _change("@t1"), _change("@t2"), _change("@t3")

_NAMES = (
    "foo", "12", "t", "6", "阱阪阬", "foo,bar", "beta1", "foo_", "_foo", "v1.0-1b", "v1.2-1",
    "v1.2+1", "v1.2_1", "a/b", "a/b/c", "a//b", "a.b", "a..b", "a=b", "a~b", "a^b", "a%b", "a<b",
    "a>b", "a[b", "a]b", "a(b)c", "a{b}c", "a'b", "a|b", "a*b", "a&b", "a?b", "a!b", "a;b", "a=1x",
    "a/1x", "É", "ß", "ⓐ", "٣", "0x", "00", "x0", "a²", "²a", "e\u0301", "x\u0301", "a\u200d",
    "a\u200c", "\u200da", "a\u200ba", "a\u2019s", "日本語", "\U0001f600a", "a\U0001f600",
    "\U00020000", "a\x1cb", "a\x7fb", "a\x00b", "a\x85b", "a\u2028b", "\u0301a", "K", "\u017f",
    "HEADs", "head", "Root",
)  # fmt: skip
_BAD_NAMES = (
    "^foo", "foo^", "foo^6", "foo^666", "foo~1", "foo=2", "foo%3", "foo/4", "foo^٣", "%hi", "hi!",
    "foo:bar", "foo\\bar", "*foo", "--", "a-", "a.", "a,", "a/", "/a", "a]", "[a", "(a", "a)", "0",
    "HEAD", "ROOT", "²", "a\u200b", "\u200b", "a\xad", "\u2019", "a\u2019", "\U0001f600", "a\\",
    "a\x1c", "\x00", "~a", "a+", "=a", "'a", 'a"',
)  # fmt: skip


def _names() -> dict[str, bytes]:
    plans = {}
    for name in _NAMES + _BAD_NAMES:
        plans[f"change {name!a}"] = _plan(_change(name))
        plans[f"tag {name!a}"] = _plan(A, _change(f"@{name}"))
    plans["change that begins like an ID"] = _plan(_change(SHA + "x"))
    plans["change that is an ID"] = _plan(_change(SHA))
    plans["change like an ID in capitals"] = _plan(_change(SHA.upper()))
    plans["tag that is an ID"] = _plan(A, _change(f"@{SHA}"))
    plans["change with 39 digits"] = _plan(_change(SHA[:39]))
    plans["change with an ID inside"] = _plan(_change("x" + SHA))
    plans["change @foo before any"] = _plan(_change("@foo"))
    plans["change foo@bar"] = _plan(_change("foo@bar"))
    plans["tag of two signs"] = _plan(A, _change("@@t"))
    return plans


def _spacing() -> dict[str, bytes]:
    return {
        "blanks everywhere": _plan(f"\t + \u00a0a\u2003 [\u3000] \t{WHEN}\u00a0{WHO} \u3000\n"),
        "blank of Ogham": _plan(f"a\u1680{WHEN}\u1680{WHO}\n"),
        "no blank between name and bracket": _plan(A, f"b[a]{REST}\n"),
        "no blank between name and time": _plan(f"a{WHEN} {WHO}\n"),
        "no blank between bracket and time": _plan(A, f"b [a]{WHEN} {WHO}\n"),
        "no blank between time and planner": _plan(f"a {WHEN}{WHO}\n"),
        "no blank at all": _plan(A, f"b[a]{WHEN}{WHO}\n"),
        "no blank before address": _plan(f"a {WHEN} Ada<ada@x>\n"),
        "no-break space before address": _plan(f"a {WHEN} Ada\u00a0<ada@x>\n"),
        "several blanks before address": _plan(f"a {WHEN} Ada \t <ada@x>\n"),
        "two blanks and no planner": _plan(f"a {WHEN}  <ada@x>\n"),
        "three blanks and no planner": _plan(f"a {WHEN}   <ada@x>\n"),
        "one blank and no planner": _plan(f"a {WHEN} <ada@x>\n"),
        "zero-width space between": _plan(f"a\u200b{WHEN} {WHO}\n"),
        "vertical tab between": _plan(f"a\v{WHEN} {WHO}\n"),
        "next line character at the end": _plan(f"a {WHEN} {WHO}\u0085\n"),
        "form feed line": _plan("\f\n", A),
        "trailing text": _plan(f"a {WHEN} {WHO} more\n"),
        "two times": _plan(f"a {WHEN} {WHEN} {WHO}\n"),
        "bracket twice": _plan(A, f"b [a] [a]{REST}\n"),
        "bracket after time": _plan(A, f"b {WHEN} [a] {WHO}\n"),
        "bracket not closed": _plan(A, f"b [a{REST}\n"),
        "bracket closed twice": _plan(A, f"b [a]]{REST}\n"),
        "bracket alone": _plan(f"[a]{REST}\n"),
        "spaced tag": _plan(A, f" \t@t1\u00a0{WHEN} {WHO}\n"),
        "blank after the sign of a tag": _plan(A, f"@ t1{REST}\n"),
        "plus on a tag": _plan(A, f"+@t1{REST}\n"),
    }


def _operators() -> dict[str, bytes]:
    return {
        "plus": _plan(f"+a{REST}\n"),
        "minus": _plan(A, T1, f"-a{REST}\n"),
        "plus and blank": _plan(f"+ a{REST}\n"),
        "indented minus": _plan(f"  -  a{REST}\n"),
        "two operators": _plan(f"+-a{REST}\n"),
        "operator alone": _plan("+\n"),
        "dash of print": _plan(f"\u2013a{REST}\n"),
    }


def _parts() -> dict[str, bytes]:
    return {
        "name alone": _plan("a\n"),
        "no time": _plan(f"a {WHO}\n"),
        "no planner": _plan(f"a {WHEN}\n"),
        "no address": _plan(f"a {WHEN} Ada\n"),
        "empty address": _plan(f"a {WHEN} Ada <>\n"),
        "address 0": _plan(f"a {WHEN} Ada <0>\n"),
        "planner 0": _plan(f"a {WHEN} 0 <a@x>\n"),
        "planner 00": _plan(f"a {WHEN} 00 <a@x>\n"),
        "planner with >": _plan(f"a {WHEN} A > B <a@x>\n"),
        "planner with [": _plan(f"a {WHEN} [A <a@x>\n"),
        "address with blank and <": _plan(f"a {WHEN} A <a <b c>\n"),
        "address closed twice": _plan(f"a {WHEN} A <a>>\n"),
        "planner with inner blanks": _plan(f"a {WHEN} Ada  K.\tLovelace <a@x>\n"),
        "planner beyond ASCII": _plan(f"a {WHEN} Adé 日 <é@例.jp>\n"),
        "only a tag's sign": _plan(A, "@\n"),
        "tag without time": _plan(A, f"@t1 {WHO}\n"),
        "tag without planner": _plan(A, f"@t1 {WHEN}\n"),
    }


_TIMES = (
    "2016-12-31T23:59:60Z", "2015-06-30T23:59:60Z", "1972-06-30T23:59:60Z", "2020-12-31T23:59:60Z",
    "2016-12-31T22:59:60Z", "2016-12-31T23:59:61Z", "2024-02-29T00:00:00Z", "2023-02-29T00:00:00Z",
    "2000-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "0000-02-29T00:00:00Z", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z", "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z", "2024-04-31T00:00:00Z",
    "2024-01-00T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:62Z",
    "2024-1-01T00:00:00Z", "2024-01-01T00:00:00z", "2024-01-01t00:00:00Z", "2024-01-01T00:00:00",
    "2024-01-01T00:00:00.5Z", "2024-01-01T00:00:00+00:00", "12024-01-01T00:00:00Z",
    "٢٠٢٤-01-01T00:00:00Z",
)  # fmt: skip


def _times() -> dict[str, bytes]:
    plans = {f"time {time!a}": _plan(f"a {time} {WHO}\n") for time in _TIMES}
    plans["time with a blank"] = _plan(f"a 2024-01-01 00:00:00Z {WHO}\n")
    plans["time of a tag on a leap second"] = _plan(A, f"@t1 2012-06-30T23:59:60Z {WHO}\n")
    return plans


_NOTES = (
    "# note", "#note", "#", "# ", "#  ", "# 0", "#0", "#00", "# 0 ", "## x", "# a # b", r"# a\nb",
    r"# a\rb", r"# a\\b", r"# a\\nb", r"# a\tb", "# a\\", r"# \n", r"# a\n ", r"# \\",
    "#\u00a0a\u00a0", "# a\x1c", "#\x1ca", "#\va\u0085", "# a\u2028", "# a\u200b", "# a\u3000",
    "# é日\U0001f600", "#\t", "# a\r", "# a\tb", "# a\x00b", "# \\", r"#\n", "#\u0085", "# \u200b",
    r"# \\\n", "#%x", "#@t1",
)  # fmt: skip


def _notes() -> dict[str, bytes]:
    plans = {f"note {note!a}": _plan(f"a{REST} {note}\n", B) for note in _NOTES}
    plans |= {f"tag's note {note!a}": _plan(A, f"@t1{REST}\t{note}\n") for note in _NOTES[:16]}
    plans["note without blank before"] = _plan(f"a{REST}#x\n")
    plans["note cuts the address"] = _plan(f"a {WHEN} Ada <a#b@x>\n")
    plans["note cuts the name"] = _plan(f"a#b{REST}\n")
    return plans


def _comments() -> dict[str, bytes]:
    return {
        "comments between": _plan(
            "# c\n", A, "  # c\n", "#c\n", B, "# 0\n", "#  \n", "\t\n", " \n"
        ),
        "bare mark in the body": _plan(A, "#\n", B),
        "indented bare mark": _plan(A, "  #\n", B),
        "mark and no-break space": _plan(A, "#\u00a0\n", B),
        "mark and carriage return": _plan(A, "#\r\n", B),
        "bare mark in the header": b"%project=p\n#\n\n" + A.encode(),
        "comment in the header": b"# c\n%project=p\n#c\n%uri=u:1\n\n" + A.encode(),
        "blank comment ends the header": b"%project=p\n# \n" + A.encode(),
        "comment 0 ends the header": b"%project=p\n# 0\n" + A.encode(),
        "comment 00 does not end the header": b"%project=p\n# 00\n" + A.encode(),
        "no-break comment ends the header": "%project=p\n#\u00a0\n".encode() + A.encode(),
    }


_PRAGMAS = (
    "%project=p", "%project = p", " \t%\u00a0project\u3000=\u00a0p ", "%project=p # note",
    "%project=p#note", "%project", "%project=", "%project= ", "%project=0", "%project=HEAD",
    "%project=ROOT", "%project=a b", "%project=a:b", "%project=a@b", "%project=a/b",
    "%project=a/1", "%project=é", "%project=-a", "%project=a-", "%project=²", f"%project={SHA}",
    "%PROJECT=p", "%project =p", "%projects=p", "project=p", "%project=p\v", "%project==p",
    "%project=p=q", "%project\tx=p", "%project:p",
)  # fmt: skip
_EXTRA_PRAGMAS = (
    "%x", "%x=1", "%x = y z", "%x=", "%x =", "%=1", "% =1", "%", "% ", "%%=1", "%-a=1", "%a-=1",
    "%a-b=1", "%a_=1", "%é=1", "%x=#", "%x#", "%a b=1", "%\\=1", "%a\\b=1", "%[=1", "%0", "%0=0",
    "%syntax-version", "%syntax-version=0", "%syntax-version=9.9 # later", "%syntax_version=1",
    "%project=q", "%x=\r", "%\u00a0=1", "%x=1\n%x=2", "foo", "@t1", "+a", "%uri", "%uri=",
    "%uri=0", "%uri=<0>", "%uri=<>", "%uri=00", '%uri=""', "%uri=1\n%uri=https://x.org/",
    "%uri=https://x.org/\n%uri=0", "%uri=u:1\n%uri", "%URI=u:1", "%uri=u:1 # note",
    "%uri=u:1#part",
)  # fmt: skip
_URIS = (
    "https://example.com", "https://example.com/", "HTTPS://EXAMPLE.com/A/../B",
    "http://x.org:80/", "https://x.org:443", "http://x.org:443/", "https://x.org?q",
    "http://x.org:/a", "http://x.org/%7ea%c3%a9%2f", "http://x.org/é", "http://x.org/a b",
    "http://bücher.example/", "http://BÜCHER.example/", "http://ΟΔΟΣ.gr/", "http://U:P@X.org/",
    "http://u%40v@X.org/", "http://[FE80::1]:80/", "http://%C3%89X.org/", "http://ho st/",
    "http://x.org/[a]", "http://x.org/a?b[]=c", "http://a..b/", "<https://x.org>",
    "<URL:https://x.org>", '"https://x.org"', '<"https://x.org">', " https://x.org",
    "https://x.org\v", "urn:ISBN:0395363411", "urn:uuid:F81D4FAE-7DEC-11D0", "URN:Example:%41%2fb",
    "mailto:Ada@X.org", "MAILTO:Ada%7e@[1]", "tag:x.org,2024:%7e", "ftp://X.org:21/",
    "file:/a/%7eb", "file://localhost/a", "FILE:///A", "ssh://git@X.org:22/a.git",
    "git@github.com:A/b.git", "git+ssh://X.org/a", "foo/bar", "/a/%7e", "a%7eb", "x", "é",
    "sip:Ada@X.org:5060", "news:A.b", "db:pg://X.org:5432/d", "db:postgres:d", "DB:pg:",
    "db:foo://X/", "db:FOO://x/", "db:", "db:db:pg:", "postgresql://X:5432/d",
    "data:text/plain,%7e[", "http:", "http:///", "http://", "http:/a", "http://x.org:99999999999/",
    "http://x:0/", "//X.org/%7e", "telnet://X:23", "rtsp://X:554", "http://x.org/%",
    "http://x.org/%zz", "http://x.org/\\^`{|}", "K:k", "http://K.org/",
)  # fmt: skip


def _headers() -> dict[str, bytes]:
    body = "\n" + A
    plans = {f"pragma {line!a}": f"{line}\n{body}".encode() for line in _PRAGMAS}
    for line in _EXTRA_PRAGMAS:
        plans[f"also {line!a}"] = f"%project=p\n{line}\n{body}{T1}".encode()
    for uri in _URIS:
        plans[f"uri {uri!a}"] = f"%project=p\n%uri={uri}\n{body}{T1}".encode()
    return plans | {
        "no version": f"%project=p\n{body}".encode(),
        "no project": f"%syntax-version=1.0.0\n{body}".encode(),
        "project after blank line": f"\n%project=p\n{body}".encode(),
        "project after blank comment": f"# \n%project=p\n{body}".encode(),
        "no line between header and body": f"%project=p\n{A}".encode(),
        "pragma in the body": _plan(A, "%x=1\n"),
        "header only": b"%project=p\n",
        "header without line end": b"%project=p",
        "header and blank line": b"%project=p\n\n",
        "only comments": _plan("# c\n", "\n"),
    }


def _bytes() -> dict[str, bytes]:
    crlf = _plan(A, B, T1).replace(b"\n", b"\r\n")
    plans = {
        "zero bytes": b"",
        "one line end": b"\n",
        "CRLF": crlf,
        "CRLF without the last LF": crlf[:-1],
        "CR only": _plan(A, B).replace(b"\n", b"\r"),
        "CR CR LF": _plan(A, B).replace(b"\n", b"\r\r\n"),
        "CR in a name": _plan(_change("a\rb")),
        "CR in a note": _plan(f"a{REST} # x\ry\n"),
        "CR before address": _plan(f"a {WHEN} Ada\r <a@x>\n"),
        "no last line end": _plan(A, B)[:-1],
        "0 as last byte": _plan(A) + b"0",
        "0 as last byte of the header": b"%project=p\n0",
        "0 as last line": _plan(A) + b"0\n",
        "00 as last bytes": _plan(A) + b"00",
        "0 and nothing else": b"0",
        "CR as last byte": _plan(A, B)[:-1] + b"\r",
        "byte order mark": b"\xef\xbb\xbf" + _plan(A),
        "byte order mark in a name": _plan(_change("\ufeffa")),
        "UTF-16": _plan(A).decode().encode("utf-16"),
        "NUL line": _plan(A) + b"\0\n",
    }
    sequences = (
        b"\xff", b"\x80", b"\xc0\x80", b"\xc1\xbf", b"\xe0\x80\x80", b"\xed\xa0\x80",
        b"\xed\xbf\xbf", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xef\xbf\xbe",
        b"\xef\xbf\xbf", b"\xef\xb7\x90", b"\xef\xb7\xaf", b"\xf0\x9f\xbf\xbe",
        b"\xf4\x8f\xbf\xbf", b"\xef\xb7\x8f", b"\xef\xb7\xb0", b"\xef\xbf\xbd",
        b"\xf4\x8f\xbf\xbd", b"\xee\x80\x80",
    )  # fmt: skip
    for sequence in sequences:
        plans[f"bytes {sequence.hex()} in a note"] = _plan(f"a{REST} # ")[:-1] + sequence + b"\n"
    plans["cut in a character"] = _plan(A, "# ") + b"\xe2\x82"
    plans["bad byte after a bad line"] = _plan("!\n", A) + b"# \xff\n"
    return plans


_BRACKETS = (
    "", " ", "  ", "a", "a b", "a\u00a0b", "a \t b ", " a", "\u00a0a", "a b a", "!a", "!x",
    "!x !y", "a !a", "!a a", "a !a a", "a a", "p:a", "a p:a", "p:x", "!p:x", "q:a", "q:a q:b",
    "!q:a", "a q:a", "q:a@t", "q:@t", "é:a", "q/r:a", "q:a:b", "q: a", ":a", "q:", "!", "!!a",
    "! a", "0", "0 ", "!0", "!0 !x", "q:0", "0 a", "!q:0", "@0", "!@0", "00", "x", "c", "b",
    "HEAD", "@HEAD", "ROOT", "@ROOT", "a@HEAD", "a@ROOT", "!a@HEAD", "@t", "!@t", "a@t", "!a@t",
    "a@", "@", "a@@t", "a@t@u", "a@t/1", "a/1", "a/1@t", "a^", "a^1", "-a", "+a", "a-", "a,b",
    "a, b", "[a", "a#b", SHA, "!" + SHA, "a " + SHA, "p:" + SHA, "!p:" + SHA, "q:" + SHA,
    "!q:" + SHA, SHA.upper(), SHA + "0", "q:" + SHA.upper(), "@" + SHA, "!" + SHA[:39], "q:a !q:a",
    "a\\b", "²", "!é", "q:" + SHA + "@t", "x a y", "q:HEAD", "q:@HEAD", "!HEAD",
)  # fmt: skip


def _dependencies() -> dict[str, bytes]:
    plans = {f"brackets {inner!a}": _plan(A, f"b [{inner}]{REST}\n", C) for inner in _BRACKETS}
    for inner in ("a", "0", " ", "!a", "@t1"):
        plans[f"tag with brackets {inner!a}"] = _plan(A, f"@t1 [{inner}]{REST}\n")
    return plans


def _structure() -> dict[str, bytes]:
    rework = _change("a", "a@t1")
    chain = [_change(f"n{i}", f"n{i - 1}" if i else "") for i in range(20)]
    return {
        "change twice": _plan(A, B, A),
        "change twice after a comment": _plan(A, "# c\n\n", A),
        "rework": _plan(A, T1, rework),
        "rework without requirement": _plan(A, T1, A),
        "rework requires itself plainly": _plan(A, T1, _change("a", "a")),
        "change requires itself": _plan(_change("a", "a")),
        "rework twice": _plan(A, T1, rework, T2, _change("a", "a@t2")),
        "rework twice in one section": _plan(A, T1, rework, rework),
        "rework with several tags": _plan(A, T1, T2, B, T3, rework),
        "rework of the second": _plan(
            A, B, T1, C, T2, _change("b", "b@t1"), T3, _change("b", "@t2")
        ),
        "old instance after rework": _plan(A, T1, rework, T2, _change("b", "a@t1")),
        "old instance before the next tag": _plan(A, T1, rework, _change("b", "a@t1")),
        "new instance after rework": _plan(A, T1, rework, T2, _change("b", "a@t2")),
        "instance before its change": _plan(A, T1, B, T2, _change("c", "b@t1")),
        "tag first": _plan(T1, A),
        "tag twice": _plan(A, T1, B, T1),
        "tag twice on one change": _plan(A, T1, T1),
        "two tags": _plan(A, T1, T2),
        "tag and change of one name": _plan(A, _change("@a"), _change("b", "@a")),
        "tag after a comment": _plan(A, "# c\n", T1),
        "requires a later change": _plan(_change("a", "b"), B),
        "requires a change two later": _plan(_change("a", "c"), B, C),
        "requires two later changes": _plan(_change("a", "c b"), B, C),
        "two changes require later ones": _plan(_change("a", "c"), _change("b", "c"), C),
        "requires a later change after a tag": _plan(_change("a", "b"), T1, B),
        "requires a later tag": _plan(A, _change("b", "@t1"), T1),
        "requires unknown ones": _plan(_change("a", "x y"), _change("b", "z")),
        "requires across sections": _plan(
            A, T1, _change("b", "a @t1 a@t1"), T2, _change("c", "b@t2 a")
        ),
        "conflicts with a later change": _plan(_change("a", "!b"), B),
        "unknown requirement, then bad line": _plan(_change("a", "x"), "!\n"),
        "unknown requirement, then tag, then bad line": _plan(_change("a", "x"), T1, "!\n"),
        "bare ID, then bad line": _plan(_change("a", SHA), "!\n"),
        "bare ID and unknown requirement": _plan(_change("a", f"{SHA} x")),
        "foreign ID beside others": _plan(A, _change("b", f"q:{SHA} a !q:{SHA[::-1]}")),
        "own project that is named": f"%project=q\n\n{A}{_change('b', 'q:a !q:c p:d')}".encode(),
        "long chain": _plan(*chain),
        "many tags": _plan(A, *(_change(f"@v{i}") for i in range(12)), _change("a", "a@v7")),
        "first bad line counts": _plan(A, "bad line\n", "@t1\n"),
        "bad line after comments": _plan("# c\n\n", A, "\n\n", "bad\n"),
    }


PLANS: dict[str, bytes] = {
    **_names(),
    **_spacing(),
    **_operators(),
    **_parts(),
    **_times(),
    **_notes(),
    **_comments(),
    **_headers(),
    **_bytes(),
    **_dependencies(),
    **_structure(),
}
