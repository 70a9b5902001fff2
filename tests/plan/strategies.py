"""Plans made at random: mostly valid, with corners; and broken ones made of them."""

from __future__ import annotations

from hypothesis import strategies as st

_GOOD = [
    "a",
    "b",
    "c",
    "d",
    "core",
    "t/users",
    "é",
    "x\u0301",
    "日本",
    "v1.0-1b",
    "foo_",
    "1",
    "12",
]
_ODD = [
    *("0", "HEAD", "ROOT", "a/1", "a^2", "a=1x", "a'b", "a,b", "foo²", "²", "\u200d", "a\u200b"),
    *("a\x85b", "a\x1cb", "a[b", "a]b", "a<b", "a:b", "a@b", "a\\b", "!a", "a!", "a-", "+a", "-a"),
    *("0123456789abcdef" * 3, "0123456789" * 4),
]  # fmt: skip
_CHARACTERS = st.sampled_from("abA01_-./~^=%[]<>()!@:#\\'é²\u0301\u00a0\u200b\u0663\t日")
good_names = st.sampled_from(_GOOD)
names = st.one_of(
    good_names, good_names, good_names, st.sampled_from(_ODD), st.text(_CHARACTERS, max_size=5)
)
blanks = st.sampled_from([" "] * 6 + ["  ", "\t", "\u00a0", "\u3000", " \u2003", ""])
times = st.one_of(
    *[st.just("2024-05-06T07:08:09Z")] * 6,
    st.sampled_from(["2016-12-31T23:59:60Z", "2020-12-31T23:59:60Z", "2023-02-29T00:00:00Z", ""]),
    st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}".rjust(20, "0")),
)
planners = st.sampled_from(
    ["Ada <a@x>"] * 6
    + [
        "Ada  Lovelace  <a@x.org>",
        "0 <a>",
        "00 <0>",
        "é <é@x>",
        "  <e>",
        "<e>",
        "Ada",
        "A > B <x y>",
    ]
)
notes = st.one_of(
    st.just(""),
    st.sampled_from(
        [" # note", "#", " # ", " # 0", r" # a\nb", r"# \\n \n", "#\u00a0x\x1c", " # é#x"]
    ),
    st.text(st.sampled_from("ab \\nr0\t\u00a0\x85\x0b\x1c#é"), max_size=8).map("#".__add__),
)
operators = st.sampled_from([""] * 12 + ["+", "-", " + ", "  ", "+-", "*"])
_SHA = "0123456789abcdef0123456789abcdef01234567"


@st.composite
def dependencies(draw: st.DrawFn) -> str:
    tag = draw(st.sampled_from(["t1", "t2", "t3", "HEAD", "0"]))
    text = draw(st.sampled_from(["{n}", "{n}", "{n}", "@{t}", "{n}@{t}", _SHA, ""]))
    text = text.format(n=draw(names), t=tag) if "{" in text else text
    project = draw(st.sampled_from([""] * 4 + ["p:", "q:", "0:", "é:"]))
    return draw(st.sampled_from(["", "", "", "!"])) + project + text


@st.composite
def brackets(draw: st.DrawFn) -> str:
    found = draw(st.lists(dependencies(), max_size=3))
    if not found:
        return draw(st.sampled_from([""] * 8 + ["[] ", "[ ] ", "[0] ", "[!0] "]))
    return f"[{draw(blanks).join(found)}]{draw(blanks)}"


@st.composite
def changes(draw: st.DrawFn) -> str:
    start = draw(operators) + draw(names) + draw(blanks) + draw(brackets())
    return start + draw(times) + draw(blanks) + draw(planners) + draw(notes)


@st.composite
def tags(draw: st.DrawFn) -> str:
    name = draw(st.one_of(st.sampled_from(["t1", "t2", "t3"]), names))
    return f"@{name}{draw(blanks)}{draw(times)}{draw(blanks)}{draw(planners)}{draw(notes)}"


_REST = " 2024-05-06T07:08:09Z Ada <a@x>"


@st.composite
def valid_bodies(draw: st.DrawFn) -> list[str]:
    """Draw lines with requirements that are met, reworks after tags, and foreign dependencies."""
    lines: list[str] = []
    seen: list[str] = []
    used: list[str] = []
    section: set[str] = set()
    for step in draw(st.lists(st.integers(0, 9), max_size=14)):
        name = draw(good_names)
        if step < 7 and name not in section:
            targets = (
                seen + [f"@{tag}" for tag in used] + ["q:x", "!zz", "!q:@t", f"q:{_SHA}", "!0"]
            )
            found = draw(st.lists(st.sampled_from(targets), max_size=3, unique=True))
            inner = f" [{' '.join(found)}]" if found else ""
            lines.append(f"{draw(st.sampled_from(['', '', '-', '+ ']))}{name}{inner}{_REST}")
            lines[-1] += draw(notes)
            section.add(name)
            seen = sorted({*seen, name})
        elif step >= 7 and seen:
            used.append(f"v{len(used)}")
            lines.append(f"@{used[-1]}{_REST}{draw(notes)}")
            section.clear()
    return lines


comments = st.sampled_from(["", "  ", "# c", "  #c", "# ", "#", "\u00a0", "\x0c"])
_HEADERS = [
    *("%syntax-version=1.0.0", "%uri=https://x.org", "%uri=HTTP://É.org:80/%7e", "%uri=0", "%uri"),
    *("%uri=urn:A:%2f", "%uri=db:", "# c", "%x", "%project = q", "%project=p # n", "%x y=1", "#"),
]
headers = st.lists(st.sampled_from(_HEADERS), max_size=3)


@st.composite
def plans(draw: st.DrawFn) -> bytes:
    """Draw a plan file: valid for the most part, or with odd lines, or with bytes changed."""
    if draw(st.booleans()):
        body = draw(valid_bodies())
    else:
        body = draw(st.lists(st.one_of(changes(), changes(), tags(), comments), max_size=6))
    lines = [*draw(headers), "%project=p", "", *body]
    end = draw(st.sampled_from(["\n", "\n", "\n", "\r\n"]))
    data = (end.join(lines) + draw(st.sampled_from([end, end, ""]))).encode()
    if draw(st.integers(0, 3)) == 0:
        data = draw(mutations(data))
    return data


def mutations(data: bytes) -> st.SearchStrategy[bytes]:
    """Cut something out of a plan, or put something in."""
    inserts = [*" \t@#[]!:<>%+-\\/\r\n0a\u00a0\u0301\ufeff", "\x00", "\u2028"]
    pieces = [text.encode() for text in inserts] + [b"\xff", b"\xed\xa0\x80", b"\xef\xbf\xbe"]
    place = st.integers(0, len(data))
    return st.tuples(place, st.integers(0, 2), st.sampled_from([b"", *pieces])).map(
        lambda change: data[: change[0]] + change[2] + data[change[0] + change[1] :]
    )
