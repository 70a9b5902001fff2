"""Plans that nobody has thought of are written, or not written, as real Sqitch does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.plan.strategies import dependencies, good_names, names, plans
from tests.support.sqitch import PlanWriter

from dsvault.plan import PlanError, UnknownChange, parse_plan
from dsvault.plan.errors import AmbiguousChange
from dsvault.plan.writing import (
    Entry,
    Source,
    add_change,
    add_tag,
    excerpt,
    label_of,
    rework_change,
    rewritten,
)
from dsvault.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.sqitch("1.3")

_SPECS = st.sampled_from(["a", "b", "core", "@t1", "a@t1", "@HEAD", "HEAD^", "zz", "@zz", "b@zz"])
_NOTES = st.sampled_from(
    ["", "A note.", "two\nlines", "two\\nlines", " \t x \n", "0", "a#b", "é\\"]
)


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlanWriter]:
    with PlanWriter(tmp_path_factory.mktemp("writer")) as found:
        yield found


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """Return something to do to a plan, mostly something that can be done."""
    op = draw(st.sampled_from(["rewrite", "add", "rework", "tag", "excerpt"]))
    if op == "excerpt":
        return {"op": op, "from": draw(st.none() | _SPECS), "to": draw(st.none() | _SPECS)}
    if op == "rewrite":
        return {"op": op}
    name = draw(good_names | names)
    if op == "tag":
        name = draw(st.sampled_from(["", "@"])) + draw(st.sampled_from(["t9", "t1", name]))
        return {
            "op": op,
            "name": name,
            "note": draw(_NOTES),
            "change": draw(st.none() | _SPECS),
        }
    wanted = st.lists(good_names | dependencies(), max_size=2)
    return {
        "op": op,
        "name": name,
        "note": draw(_NOTES),
        "requires": draw(wanted),
        "conflicts": draw(wanted),
    }


def our_writing(plan_bytes: bytes, asked: dict[str, Any]) -> dict[str, str]:
    """Return what we make of a request: an error, or the new text and the new entry's label."""
    try:
        source = Source(plan_bytes, parse_plan(plan_bytes, "PLAN"))
        data, label = _write(source, asked)
    except AmbiguousChange as error:
        return {"error": error.lines()[-1]}  # Sqitch only prints the others
    except (PlanError, UnknownChange) as error:
        return {"error": error.message}
    return {"text": data.decode(), "label": label}


def _write(source: Source, asked: dict[str, Any]) -> tuple[bytes, str]:
    entry = Entry(
        "Ada Lovelace <ada@example.org>",
        "2026-05-06T07:08:09Z",
        asked.get("note", ""),
        asked.get("requires", ()),
        asked.get("conflicts", ()),
    )
    match asked["op"]:
        case "rewrite":
            return rewritten(source), ""
        case "excerpt":
            return excerpt(source, asked["from"], asked["to"]), ""
        case "tag":
            data, tag = add_tag(source, asked["name"], asked["change"], entry)
            change = parse_plan(data, "PLAN").by_id(tag.change_id)
            assert change is not None
            return data, f"{change.name} {tag}"
        case "add":
            data, new = add_change(source, asked["name"], entry)
        case _:
            data, new = rework_change(source, asked["name"], entry)
    return data, label_of(new)


# What is unknown is refused before an ID, which Sqitch would write.
ASKED_FOR_AN_ID = {
    "op": "add",
    "name": "a",
    "note": "",
    "requires": ["0" * 40, "a"],
    "conflicts": [],
}


@settings(max_examples=300)
@given(plan=plans(), asked=requests())
@example(plan=b"%project=p\n\n", asked=ASKED_FOR_AN_ID)
@example(plan=b"%project=p\n", asked={**ASKED_FOR_AN_ID, "requires": []})
def test_any_plan_is_changed_as_sqitch_changes_it(
    writer: PlanWriter, plan: bytes, asked: dict[str, Any]
) -> None:
    ours, sqitchs = our_writing(plan, asked), writer.ask(plan, asked)
    is_added_to = asked["op"] != "excerpt"  # which may leave out what the rest requires
    if is_added_to and "text" in sqitchs and not is_readable(sqitchs["text"].encode()):
        # Sqitch writes what it cannot read; we do not.
        assert "error" in ours or is_readable(ours["text"].encode())
    elif "error" in ours and "error" in sqitchs:
        # Ours show control characters; Sqitch sends them.
        assert ours["error"] == printable(sqitchs["error"]) or not is_readable(plan)
    else:
        assert ours == sqitchs


def is_readable(plan: bytes) -> bool:
    """Say whether a plan is valid."""
    try:
        parse_plan(plan, "PLAN")
    except PlanError:
        return False
    return True
