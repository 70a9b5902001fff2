"""How often a kill leaves database and registry at odds, for this toolkit and for Sqitch."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.bench import Benchmark, BenchmarkError, Comparison, Task, Work, compare
from dsvault.ops.bench.kills import VICTIMS, Killing
from dsvault.server import temporary_server

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_EXPLAINS = """\
Deployments and reverts of a small plan are killed at random moments: the tool, the server process
that works for it, or the whole server, each by SIGKILL. After each kill a change may not be in the
database and not in the registry, or the other way round; then the tool has to go on.
A cost is the share of kills after which all agrees. This toolkit must have 100 %."""


def _run(work: Work) -> Sequence[Comparison]:
    tools = ["dsvault", "sqitch"]
    if shutil.which("sqitch") is None:
        work.say("sqitch is not installed and left out")
        tools.remove("sqitch")
    with ExitStack() as stack:
        contestants = {}
        for seed, tool in enumerate(tools):
            server = stack.enter_context(temporary_server(work.pg))
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            killing = Killing(server, folder, tool, seed)
            contestants[tool] = _share(killing, tool, work)
        task = Task(f"{work.size['kills']} kills in each round", "% agree", contestants)
        return [compare(task, work.rounds)]


def _share(killing: Killing, tool: str, work: Work) -> Callable[[], float]:
    count = work.size["kills"]

    def batch() -> float:
        # Sqitch cannot go on without its server either; what is compared is the kill of the tool.
        kills = [killing.kill(VICTIMS) for _ in range(count)]
        faults = [kill for kill in kills if kill.fault]
        work.say(f"{tool}: {len(faults)} of {count} kills left something at odds")
        if faults and tool == "dsvault":
            first = faults[0]
            raise BenchmarkError(
                f"A kill of {first.victim} during {first.action} left something at odds",
                detail=first.fault,
            )
        return 100 - 100 * len(faults) / count

    return batch


BENCHMARK = Benchmark(
    explains=_EXPLAINS,
    sizes={"full": {"kills": 50}, "small": {"kills": 2}},
    rounds=4,
    run=_run,
)
