"""Real Sqitch, the judge of everything that claims to be compatible with it.

A test that is marked `sqitch` needs it: `@pytest.mark.sqitch`, or `@pytest.mark.sqitch("1.3")` if
only versions that begin so will do. Where it is missing such tests are skipped, and the report says
what to install; with DSVAULT_REQUIRE_SQITCH=1 they fail instead.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.programs import require

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DRIVER = Path(__file__).with_name("sqitch_ids.pl")
WRITER = Path(__file__).with_name("sqitch_writes.pl")
INSTALL = "install the Debian packages sqitch and libdbd-pg-perl"


@cache
def sqitch_version() -> str | None:
    """Return the version of Sqitch on the path, such as 1.3.1, or None."""
    program = shutil.which("sqitch")
    if program is None:
        return None
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    match = re.search(r"v?(\d+(?:\.\d+)+)", answer.stdout)
    return match[1] if match else None


def lack_of_sqitch(wanted: str) -> str | None:
    """Return why tests that need Sqitch cannot run here, or None if they can."""
    version = sqitch_version()
    if version is None:
        return f"needs real Sqitch: {INSTALL}"
    if not f"{version}.".startswith(f"{wanted}." if wanted else ""):
        return f"needs Sqitch {wanted}, found {version}: {INSTALL} of Debian 12"
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or fail a test that needs Sqitch where there is none."""
    marker = item.get_closest_marker("sqitch")
    if marker is not None:
        require("sqitch", lack_of_sqitch(*marker.args) if marker.args else lack_of_sqitch(""))


class PlanJudge:
    """Real Sqitch's reader of plans in one process, which answers hundreds of times a second.

    `specs` are looked up in each plan; the answers come as `finds`.
    """

    def __init__(self, folder: Path, specs: Sequence[str] = ()) -> None:
        self.plan_file = folder / "judged.plan"
        self._process = subprocess.Popen(
            ["perl", str(DRIVER), *specs],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> PlanJudge:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def ask(self, plan: bytes) -> dict[str, Any]:
        """Return what Sqitch makes of a plan: `error`, with PLAN for the file's name, or values."""
        self.plan_file.write_bytes(plan)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{self.plan_file}\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        if "error" in answer:
            answer["error"] = answer["error"].replace(str(self.plan_file), "PLAN")
        return answer


class PlanWriter:
    """Real Sqitch's writer of plans in one process."""

    def __init__(self, folder: Path) -> None:
        self.plan_file = folder / "written.plan"
        self._process = subprocess.Popen(
            ["perl", str(WRITER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> PlanWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def ask(self, plan: bytes, asked: dict[str, Any]) -> dict[str, Any]:
        """Return what Sqitch makes of a plan: `error`, with PLAN for the file's name, or `text`."""
        self.plan_file.write_bytes(plan)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"file": str(self.plan_file), **asked}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        if "error" in answer:
            answer["error"] = answer["error"].replace(str(self.plan_file), "PLAN")
        return answer


@pytest.fixture(scope="session")
def plan_judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlanJudge]:
    """Sqitch's reader of plans, for tests that are marked `sqitch`."""
    with PlanJudge(tmp_path_factory.mktemp("judge")) as judge:
        yield judge
