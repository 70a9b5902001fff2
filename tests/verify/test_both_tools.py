"""This project's plan as a whole, by our runner and by real Sqitch, one after the other."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.verify.scripts import changes

from dsvault.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.database import Database

pytestmark = pytest.mark.sqitch

CONFIGS = ("SQITCH_USER_CONFIG", "SQITCH_SYSTEM_CONFIG")
QUIET = {"LC_ALL": "C.UTF-8", "SQITCH_FULLNAME": "Ada", "SQITCH_EMAIL": "ada@example.org"}


@pytest.fixture
def run(empty_database: Database, tmp_path: Path) -> Callable[..., str]:
    """Return a function that runs one of the tools on an empty database of the deployer."""
    nothing = str(tmp_path / "none")
    url = empty_database.url
    place = "db:pg://" + url.removeprefix("postgresql://")

    def tool(name: str, command: str, *options: str) -> str:
        ours = [sys.executable, "-m", "dsvault", command, "--target", url]
        words = ours if name == "dsvault" else ["sqitch", command, "--target", place]
        done = subprocess.run(
            [*words, *options],
            cwd=project_root(),
            env=os.environ | QUIET | dict.fromkeys(CONFIGS, nothing),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{name} {command}: {done.stdout}{done.stderr}"
        return done.stdout

    return tool


def state(told: str) -> list[str]:
    """Return what a status says, without when and where."""
    return [line for line in told.splitlines() if not re.match(r"# (On database|Deployed)", line)]


def test_what_one_deploys_the_other_verifies_tells_and_reverts(run: Callable[..., str]) -> None:
    for first, second in (("sqitch", "dsvault"), ("dsvault", "sqitch")):
        deployed = run(first, "deploy", "--verify")
        assert deployed.count(" ok\n") == len(changes())

        verified = run(second, "verify")
        assert verified.splitlines()[-1] == "Verify successful"
        assert state(run(first, "status")) == state(run(second, "status"))

        everything = ["-y"] if second == "sqitch" else ["-y", "--all"]
        reverted = run(second, "revert", *everything)
        assert len(re.findall(r"(?m)^  - .*", reverted)) == len(changes())
    assert run("dsvault", "deploy", "--verify").count(" ok\n") == len(changes())
