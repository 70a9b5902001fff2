"""Where Sqitch is missing, a run says so openly, and a run that needs it fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support import sqitch

ROOT = Path(__file__).parents[2]


def _run_without_sqitch(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "tests/plan/test_differential.py",
        ],
        cwd=ROOT,
        env={**os.environ, "PATH": str(folder), "DSVAULT_REQUIRE_SQITCH": "", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_run_without_sqitch_says_what_to_install(tmp_path: Path) -> None:
    run = _run_without_sqitch(tmp_path)
    assert run.returncode == 0
    assert "needs real Sqitch: install the Debian packages sqitch and libdbd-pg-perl" in run.stdout
    assert "3 skipped" in run.stdout


def test_run_that_requires_sqitch_fails_without_it(tmp_path: Path) -> None:
    run = _run_without_sqitch(tmp_path, DSVAULT_REQUIRE_SQITCH="1")
    assert run.returncode == 1
    assert "DSVAULT_REQUIRE_SQITCH=1 forbids to skip" in run.stdout
    assert "skipped" not in run.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("found", "wanted", "lacks"),
    [("1.3.1", "", False), ("1.3.1", "1.3", False), ("1.30", "1.3", True), (None, "", True)],
)
def test_version_decides_whether_sqitch_will_do(
    monkeypatch: pytest.MonkeyPatch, found: str | None, wanted: str, *, lacks: bool
) -> None:
    monkeypatch.setattr(sqitch, "sqitch_version", lambda: found)
    assert (sqitch.lack_of_sqitch(wanted) is not None) is lacks
