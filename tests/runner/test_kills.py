"""Whoever is killed, and whenever: what is made is recorded, and the next run goes on.

In CI some twenty kills; DSVAULT_TEST_KILLS=200 makes it as many as that. `dsvault bench kills` runs
the same with Sqitch for comparison.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from dsvault.ops.bench.kills import VICTIMS, Killing
from dsvault.server import temporary_server

if TYPE_CHECKING:
    from pathlib import Path

KILLS = int(os.environ.get("DSVAULT_TEST_KILLS", "18"))


def test_no_kill_leaves_a_change_made_and_not_recorded_or_the_other_way_round(
    tmp_path: Path,
) -> None:
    with temporary_server() as server:
        killing = Killing(server, tmp_path, "dsvault", seed=11)
        kills = [killing.kill([VICTIMS[number % 3]]) for number in range(KILLS)]
        killing.finish()
    assert [kill for kill in kills if kill.fault] == []
    # Some kills came in the middle, not before or after all the work.
    assert any(0 < kill.deployed < len(killing.names) for kill in kills)
    assert min(Counter(kill.victim for kill in kills).values()) >= KILLS // 3
