"""What tests draw by lot: anew in every run, and the same again from what the run printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import core, given, settings
from hypothesis import strategies as st
from tests.support.chance import pytest_report_header

if TYPE_CHECKING:
    import pytest


def drawn() -> list[int]:
    """Return what a property test draws now."""
    seen: list[int] = []

    @settings(max_examples=20)
    @given(st.integers())
    def draw(number: int) -> None:
        seen.append(number)

    draw()
    return seen


def test_every_run_draws_anew_and_nothing_that_passes_depends_on_the_time() -> None:
    assert settings().derandomize is False, "as Hypothesis does where CI is set"
    assert settings().deadline is None
    assert settings().database is None


def test_the_seed_that_is_printed_draws_the_same_again(
    chance: int, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"--hypothesis-seed={chance} " in pytest_report_header(pytestconfig)
    assert core.global_force_seed == chance
    first = drawn()
    assert drawn() == first
    monkeypatch.setattr(core, "global_force_seed", chance + 1)
    assert drawn() != first
