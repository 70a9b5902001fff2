"""Configuration is read and written as by Sqitch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sqitch.twins import Twins

pytestmark = pytest.mark.sqitch("1.3")


def test_settings_are_read_and_written_as_by_sqitch(twins: Twins) -> None:
    both = twins.both
    both("init", "p", "--engine", "pg")
    for words in (
        ["core.engine"],
        ["core.nothing"],
        ["user.name", 'A "B" #c;\\d'],
        ["user.name"],
        ["core.a", " lead"],
        ["--bool", "core.b", "yes"],
        ["--int", "core.c", "4k"],
        ["--bool", "core.c", "maybe"],
        ["--add", "many.x", "1"],
        ["--add", "many.x", "2"],
        ["many.x", "3"],
        ["--get", "many.x"],
        ["--get-all", "many.x"],
        ["--get-all", "many.x", "1"],
        ["--unset", "many.x"],
        ["many.x", "5", "^1"],
        ["many.x", "6", "^nothing"],
        ["--get-all", "many.x"],
        ["--unset", "many.x", "^6"],
        ["--replace-all", "many.x", "4"],
        ["core", "1"],
        ["--get", "core"],
        ["a b.c", "1"],
        ["core.variables.1 x", "1"],
        ["--get", "core.variables.1 x"],
        ["--unset", "core.variables.1 x"],
        ["--get-regex", "^core"],
        ["--unset", "core.a"],
        ["--unset", "core.nothing"],
        ["--rename-section", "many", "few"],
        ["--rename-section", "many", "few"],
        ["--remove-section", "few"],
        ["--list"],
        ["-l", "--local"],
    ):
        both("config", *words)


def test_targets_and_the_engine_are_listed_shown_and_changed_as_by_sqitch(twins: Twins) -> None:
    both = twins.both
    both("init", "p", "--engine", "pg")
    both("target")
    both("engine")
    both("target", "add", "dev", "db:pg:dev", "-s", "x=y", "--registry", "meta")
    both("target", "add", "dev", "db:pg:dev")
    both("target", "add", "prod", "db:pg://me@h:5/prod", "--dir", "deploy=d")
    both("target", "list")
    both("target", "show", "dev", "prod")
    both("target", "alter", "dev", "--uri", "db:pg:dev2", "-s", "other=1")
    both("target", "show", "dev")
    both("target", "alter", "nothing")
    both("target", "rename", "dev", "test")
    both("target", "rename", "dev", "test")
    both("engine", "add", "pg", "test")
    both("engine", "add", "pg")
    both("engine", "list")
    both("engine", "show", "pg")
    both("target", "remove", "test")
    both("engine", "alter", "pg", "--target", "nothing")
    both("engine", "alter", "pg", "--client", "/psql")
    both("engine", "remove", "pg")
    both("target", "remove", "test")
    both("target", "list")
