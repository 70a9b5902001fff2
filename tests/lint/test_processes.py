"""Many scripts are shared among processes: what is found is what one would find alone."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from dsvault.errors import DsvaultError
from dsvault.lint import run
from dsvault.lint.config import LintConfig

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Scripts that are of no project, as many as are shared; there are processors for it."""
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    for number in range(run._MANY):
        text = f"CREATE TABLE t{number} (a serial);\n"
        (tmp_path / f"{number:03}.sql").write_text(text, encoding="utf-8")
    return tmp_path


def test_processes_find_what_one_finds_in_the_same_order(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = run.lint([folder], LintConfig())
    monkeypatch.setattr(run, "_MANY", 10_000)
    alone = run.lint([folder], LintConfig())
    assert len(alone.findings) >= 64
    assert shared.findings == alone.findings


def test_a_process_that_is_killed_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "lint_sequences", _be_killed)
    with pytest.raises(DsvaultError, match="ended before it was done"):
        run.lint([folder], LintConfig())


def _be_killed(*_: object) -> list[object]:
    os.kill(os.getpid(), signal.SIGKILL)
    return []
