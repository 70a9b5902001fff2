"""Each plan of the corpus is read, or refused, as real Sqitch did when it was asked."""

from __future__ import annotations

import json
import re

import pytest
from tests.plan.answers import our_answer, same_answer
from tests.plan.corpus_plans import PLANS
from tests.plan.record_corpus import RECORD, record

RECORDED = json.loads(RECORD.read_text())


@pytest.mark.parametrize("name", PLANS)
def test_plan_is_read_as_sqitch_reads_it(name: str) -> None:
    ours = our_answer(PLANS[name])
    assert same_answer(ours, RECORDED[name]), (ours, RECORDED[name])


def test_corpus_is_large_and_has_both_valid_and_broken_plans() -> None:
    broken = [name for name, answer in RECORDED.items() if "error" in answer]
    assert len(broken) > 150
    assert len(RECORDED) - len(broken) > 150


@pytest.mark.parametrize("name", [name for name in PLANS if "error" in RECORDED[name]])
def test_refusal_says_where_and_what_to_do(name: str) -> None:
    from dsvault.plan import PlanError, parse_plan

    with pytest.raises(PlanError) as caught:
        parse_plan(PLANS[name], "dir/PLAN")
    error = caught.value
    assert "dir/PLAN" in "\n".join(error.lines())
    assert error.hint
    assert error.exit_code == 2
    if not error.message.startswith("Missing %project"):
        assert re.search(rf"at line {error.line}\b", "\n".join(error.lines()))


@pytest.mark.sqitch("1.3")
def test_record_is_what_sqitch_says_today() -> None:
    assert record() == RECORDED
