"""Each check reports a bad state and is silent about a good one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checks.cases import CASES, Case
from tests.checks.conftest import BY_CODE

from dsvault.checks import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsvault.checks import Finding

# What these ask cannot be made by statements in a transaction.
ELSEWHERE = {
    "C0057": "test_rows.py",
    "C0072": "test_sessions.py",
    "C0073": "test_sessions.py",
    "C0074": "test_server_settings.py",
    "C0075": "test_server_settings.py",
    "C0076": "test_server_settings.py",
    "C0077": "test_server_settings.py",
    "C0078": "test_server_settings.py",
    "C0079": "test_server_settings.py",
    "C0082": "test_server_settings.py",
    "C0090": "test_rows.py",
    "C0091": "test_rows.py",
    "C0092": "test_rows.py",
    "C0093": "test_rows.py",
    "C0094": "test_rows.py",
    "C0095": "test_rows.py",
    "C0096": "test_rows.py",
    "C0100": "test_command.py",
}
# Whose bad state, a threshold for example, holds for more than what was made.
SEVERAL = {"C0034", "C0038", "C0048", "C0059", "C0070", "C0071"}
ALL = [pytest.param(code, case, id=BY_CODE[code].name) for code, case in CASES.items()]


@pytest.mark.parametrize(("code", "case"), ALL)
def test_a_bad_state_is_reported_with_a_remedy(
    finds: Callable[..., list[Finding]], code: str, case: Case
) -> None:
    assert finds(code) == []
    found = finds(code, *case.bad)
    for part in case.objects:
        assert [item for item in found if part in item.object], found
    for item in found:
        assert item.code == code
        assert item.level in LEVELS
        assert item.key.startswith(f"{code} ")
        assert item.detail
        assert item.remedy
    assert len({item.key for item in found}) == len(found)
    if code not in SEVERAL:
        assert len(found) == len(case.objects), found


@pytest.mark.parametrize(("code", "case"), ALL)
def test_a_good_state_is_not_reported(
    finds: Callable[..., list[Finding]], code: str, case: Case
) -> None:
    assert finds(code, *case.good) == []


def test_every_check_has_a_test() -> None:
    assert set(BY_CODE) == set(CASES) | set(ELSEWHERE)


@pytest.mark.parametrize("code", [code for code in CASES if code < "C0040"])
def test_a_remedy_that_is_ready_mends_what_was_found(
    finds: Callable[..., list[Finding]], code: str
) -> None:
    """Where a remedy asks for nothing to be filled in, the finding is gone when it was run."""
    found = finds(code, *CASES[code].bad)
    ready = [item.remedy for item in found if "…" not in item.remedy and "\\" not in item.remedy]
    left = finds(code, *ready)
    assert len(left) == len(found) - len(ready)
