"""The test suite's plug-ins, by subject; tests/README.md says which fixtures they give."""

from __future__ import annotations

pytest_plugins = [
    "tests.support.cluster",
    "tests.support.database",
    "tests.support.copies",
    "tests.support.actors",
    "tests.support.programs",
    "tests.support.sqitch",
    "tests.support.extras",
    "tests.support.chance",
    "tests.support.signals",
]
