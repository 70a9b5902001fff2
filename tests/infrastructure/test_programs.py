"""A program that a machine lacks: its tests are skipped with the reason, or fail where asked to."""

from __future__ import annotations

import pytest
from tests.support.programs import lack_of_pgbouncer, lack_of_pgrls, require


def test_what_is_there_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSVAULT_REQUIRE_PGBOUNCER", "1")
    require("pgbouncer", None)


def test_a_test_that_lacks_something_is_skipped_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DSVAULT_REQUIRE_PGBOUNCER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="install it"):
        require("pgbouncer", "install it")


def test_a_test_that_must_not_be_skipped_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSVAULT_REQUIRE_PGBOUNCER", "1")
    with pytest.raises(pytest.fail.Exception, match="install it; DSVAULT_REQUIRE_PGBOUNCER=1"):
        require("pgbouncer", "install it")


def test_what_is_lacking_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DSVAULT_PGRLS", raising=False)
    assert "bash .ci/run pgrls" in (lack_of_pgrls() or "")
    monkeypatch.setattr("tests.support.programs.find_pgbouncer", lambda: None)
    assert "Debian package pgbouncer" in (lack_of_pgbouncer() or "")
