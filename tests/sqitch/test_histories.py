"""Whole projects fare the same with both tools, whichever does the next step.

What is planned, deployed, reverted and looked at is made at random from a seed. The two projects
must then have equal files, equal registries row for row but for times, equal tables, and both tools
must print the same lines and end with the same codes.

DSVAULT_HISTORY_STEPS is the number of steps, 60 unless it says otherwise; each costs Sqitch about
a third of a second. A run of 2,000 and more is worth its time after a change to the runner.
"""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING

import pytest
from tests.sqitch.histories import History

if TYPE_CHECKING:
    from tests.sqitch.twins import Twins

pytestmark = pytest.mark.sqitch("1.3")

LENGTH = 20
STEPS = int(os.environ.get("DSVAULT_HISTORY_STEPS", "60"))


@pytest.mark.parametrize("seed", range(max(1, STEPS // LENGTH)))
def test_any_history_leaves_the_same_and_reads_the_same(deployed_twins: Twins, seed: int) -> None:
    history = History(deployed_twins, Random(seed))  # noqa: S311 - to be repeated
    history.begin()
    for _ in range(LENGTH):
        history.step()
