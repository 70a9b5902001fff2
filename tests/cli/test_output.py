"""Output that nobody takes: a full disk, a reader that has gone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dsvault.paths import project_root

COMMANDS = [("plan", "--ids"), ("lint", "--list"), ("help",)]


def run(words: tuple[str, ...], stdout: int) -> subprocess.CompletedProcess[str]:
    """Run the toolkit as a program in the project."""
    return subprocess.run(
        [sys.executable, "-m", "dsvault", *words],
        cwd=project_root(),
        env=os.environ | {"PYTHONPATH": str(project_root() / "tools")},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_full_disk_is_told_without_a_traceback(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run(words, full.fileno())
    assert done.returncode == 2
    said = "The output cannot be written\n  found: No space left on device\n"
    assert done.stderr == said


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_reader_that_has_gone_is_no_fault_to_tell(words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = run(words, writing)
    finally:
        os.close(writing)
    assert done.stderr == ""
