"""Configuration is read and written as by Sqitch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.sqitch.twins import run_ours

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


def test_targets_get_the_plan_and_the_uri_that_sqitch_gives_them(twins: Twins) -> None:
    both = twins.both
    both("init", "p", "--engine", "pg", "--uri", "https://Example.org/p")
    both("target", "add", "one", "db:pg:one", "-f", "one.plan")
    both("target", "add", "two", "db:pg:two", "--top-dir", "two")
    both("target", "add", "three", "postgresql://h/three", "-f", "sub/three.plan")
    both("target", "add", "four", "some:thing")
    for uri in ("postgresql://h/x", "db:", "db::x", "db:bogus:x", "DB:PG:x", "db:sqlite:x"):
        words = ["target", "alter", "one", "--uri", uri]
        found, expected = run_ours(twins.mine, *words), twins.sqitch.run(twins.theirs, *words)
        assert found.err.partition("\n")[0] == expected.err.partition("\n")[0]
        assert bool(found.code) == bool(expected.code)  # a stack trace ends Sqitch with 255
    twins.write("other.plan", "%project=other\n\n")
    twins.write("bad.plan", "x\n")
    both("target", "add", "five", "db:pg:five", "-f", "other.plan")
    both("target", "add", "six", "db:pg:six", "-f", "bad.plan")
    both("engine", "add", "pg", "db:pg:x", "-f", "engine.plan")
    both("engine", "alter", "pg", "--target", "foo://x")
    both("engine", "alter", "pg", "--target", "postgresql://h/x", "-f", "none.plan")
    both("target", "add", "seven", "db:pg:seven")
    both("target", "list", "-v")


def test_a_folder_within_a_project_gets_a_configuration_of_its_own(twins: Twins) -> None:
    both = twins.both
    both("init", "p", "--engine", "pg")
    twins.write("sub/x", "")
    both("--chdir", "sub", "target", "add", "one", "db:pg:one")
    both("--chdir", "sub", "init", "q")
    both("--chdir", "sub", "target")


def test_what_is_no_pattern_or_not_utf_8_is_refused(twins: Twins) -> None:
    twins.both("init", "p", "--engine", "pg")
    for words in (["--get-regexp", "("], ["--get", "core.engine", "("], ["core.engine", "x", "("]):
        ran = run_ours(twins.mine, "config", *words)
        assert ran.code == 2
        assert ran.err.startswith("The pattern ( is not valid: ")
    (twins.mine / "sqitch.conf").write_bytes(b"[core]\n\tengine = \xff\n")
    ran = run_ours(twins.mine, "config", "core.engine", "pg")
    assert ran.code == 2
    assert "sqitch.conf is not UTF-8" in ran.err
