"""The history of a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.runner.toys import ours

if TYPE_CHECKING:
    import psycopg
    from tests.runner.toys import Toy


@pytest.fixture
def history(toy: Toy, db: psycopg.Connection) -> Toy:
    """A project that was deployed, failed once, and was partly reverted."""
    toy.change("t1", note="One.\\nMore of one.").tag("v1").change("t2", needs="t1 !ghost:x")
    toy.change("boom", "SELECT 1/0;")
    ours("deploy", "--mode", "change")
    ours("revert", "--to", "t1", "-y")
    return toy


def _names(*words: str) -> list[str]:
    return ours("log", "--no-headers", "--format", "format:%l %n", *words).lines


def test_events_come_last_first(history: Toy) -> None:
    assert _names() == ["revert t2", "fail boom", "deploy t2", "deploy t1"]
    assert _names("--reverse") == ["deploy t1", "deploy t2", "fail boom", "revert t2"]


def test_events_can_be_chosen(history: Toy) -> None:
    assert _names("--event", "fail", "--event", "REVERT") == ["revert t2", "fail boom"]
    assert _names("--change", "^t") == ["revert t2", "deploy t2", "deploy t1"]
    assert _names("--change", "^t", "--event", "deploy") == ["deploy t2", "deploy t1"]
    assert _names("--committer", "Ada", "-n", "1") == ["revert t2"]
    assert _names("--committer", "Nobody") == []
    assert _names("--project", "toy", "--skip", "3") == ["deploy t1"]


def test_the_default_format_is_sqitchs(history: Toy) -> None:
    lines = ours("log", "--reverse", "-n", "1").lines
    assert lines[0].startswith("On database postgresql://")
    assert lines[1].startswith("Deploy ")
    assert lines[2:4] == ["Name:      t1", "Committer: Ada Lovelace <ada@example.org>"]
    assert lines[4].startswith("Date:      ")
    assert lines[5:] == ["", "    One.", "    More of one.", ""]


def test_a_pattern_that_is_none_is_a_clear_error(history: Toy) -> None:
    ran = ours("log", "--change", "(")
    assert ran.code == 2
    assert ran.err.startswith("A pattern is not valid: invalid regular expression")


def test_an_unknown_format_is_a_clear_error(history: Toy) -> None:
    assert 'Unknown log format "nice"' in ours("log", "--format", "nice").err
    assert ours("log", "--format", "format:%z").code == 2


def test_colours_are_used_on_request_only(history: Toy) -> None:
    assert "\x1b[" not in ours("log").out
    assert "\x1b[32mDeploy" in ours("log", "--color", "always").out


def test_a_database_without_history_exits_1(toy: Toy, db: psycopg.Connection) -> None:
    ran = ours("log")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.endswith("has not been initialized for Sqitch\n")
    toy.change("t1")
    ours("deploy")
    db.execute("TRUNCATE sqitch.events")
    ran = ours("log")
    assert ran.code == 1
    assert ran.out.startswith("No events logged for ")
