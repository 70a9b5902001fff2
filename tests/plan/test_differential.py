"""Plans that nobody has thought of are read, or refused, as real Sqitch does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.answers import our_answer, same_answer
from tests.plan.record_corpus import shorten
from tests.plan.strategies import plans
from tests.support.sqitch import PlanJudge

from dsvault.plan import AmbiguousChange, PlanError, UnknownChange, parse_plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dsvault.plan import Plan

pytestmark = pytest.mark.sqitch("1.3")


@settings(max_examples=400)
@given(plan=plans())
def test_any_plan_is_read_as_sqitch_reads_it(plan_judge: PlanJudge, plan: bytes) -> None:
    ours, sqitchs = our_answer(plan), shorten(plan_judge.ask(plan))
    assert same_answer(ours, sqitchs), (ours, sqitchs)


_SPECS = (
    "a", "b", "core", "é", "1", "zz", "HEAD", "ROOT", "@HEAD", "@ROOT", "@v0", "@v1", "@zz", "@",
    "a@v0", "b@v1", "a@HEAD", "core@ROOT", "a@zz", "zz@v0", "a@", "@@", "a@HEAD^", "@v0~", "@v1^",
    "HEAD^", "HEAD^^", "HEAD^2", "ROOT~", "ROOT~~", "ROOT~3", "HEAD^0", "HEAD~", "ROOT^",
    "HEAD^99", "@HEAD^", "a^", "a~", "a^^^", "^", "~", "a^\u0663", "a~1\u0663", "a!", "v1.0-1b",
    "foo_", "t/users",
)  # fmt: skip


@settings(max_examples=60)
@given(data=st.data())
def test_any_look_up_finds_what_sqitch_finds(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    judge = _finder(tmp_path_factory.getbasetemp())
    plan_bytes = data.draw(plans())
    answer = judge.ask(plan_bytes)
    if "error" in answer or not answer["changes"]:
        return
    plan = parse_plan(plan_bytes, "PLAN")
    for spec in _SPECS:
        expected = answer["finds"][spec]
        found = _outcome(plan, lambda plan, spec=spec: plan.find(spec).index)
        assert found == _wanted(expected, "index"), spec
        first = _outcome(plan, lambda plan, spec=spec: getattr(plan.first(spec), "id", None))
        assert first == _wanted(expected, "first"), spec


_FINDERS: list[PlanJudge] = []


def _finder(folder: Path) -> PlanJudge:
    if not _FINDERS:
        _FINDERS.append(PlanJudge(folder, _SPECS))
    return _FINDERS[0]


def teardown_module() -> None:
    while _FINDERS:
        _FINDERS.pop().__exit__()


def _outcome(plan: Plan, look_up: Callable[[Plan], object]) -> object:
    try:
        return look_up(plan)
    except AmbiguousChange:
        return "error"
    except UnknownChange as error:
        return "error" if error.message.startswith("Unknown tag") else None


def _wanted(answer: dict[str, object], key: str) -> object:
    if f"{key}_error" in answer:
        return "error"
    value = answer[key]
    return int(value) if key == "index" and value is not None else value  # type: ignore[call-overload]


def test_judge_refuses_what_is_broken(plan_judge: PlanJudge) -> None:
    assert "error" in plan_judge.ask(b"nothing of a plan")
    with pytest.raises(PlanError):
        parse_plan(b"nothing of a plan", "PLAN")
