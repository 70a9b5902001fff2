"""What is planned with one tool is the same, to the byte, as what is planned with the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sqitch.twins import Twins

pytestmark = pytest.mark.sqitch("1.3")


def test_a_project_is_begun_and_grows_as_with_sqitch(twins: Twins) -> None:
    both = twins.both
    both("init", "flipr", "--engine", "pg", "--uri", "HTTP://Example.org/flipr")
    both("init", "flipr")
    both("init", "other")
    both("plan")
    both("tag")
    both("tag", "v0", "-n", "x")
    both("add", "users", "-n", "Users.\n\nAll of them.", "-n", "And more: \\ ünï.")
    both("add", "users", "-n", "x")
    both("add", "t/roles", "-r", "users", "--requires", "other:x@v1", "-x", "gone", "-n", "Roles.")
    both("add", "bad name", "-n", "x")
    both("add", "bad", "-r", "nowhere", "-n", "x")
    both("add", "bad", "-r", "a:b:c", "-n", "x")
    both("add", "HEAD", "-n", "x")
    both("add", "name:", "-n", "x")
    both("add", "one", "two", "three", "-n", "x")
    both("add", "noted")  # the editor writes nothing
    both("tag", "v1", "-n", "First.")
    both("tag", "v1", "-n", "x")
    both("tag", "@v1a", "users", "-n", "On an older change.")
    both("tag", "v/1", "-n", "x")
    both("tag", "v9", "nowhere", "-n", "x")
    both("rework", "nowhere", "-n", "x")
    both("rework", "users", "-r", "t/roles", "-n", "Anew.")
    both("rework", "users", "-n", "x")
    both("tag", "v2", "-n", "Second.")
    twins.write("deploy/users.sql", "-- edited\n")
    (twins.mine / "verify/users.sql").unlink()
    (twins.theirs / "verify/users.sql").unlink()
    both("rework", "users", "-n", "Once more.", "-x", "other:y")
    both("add", "last", "--without", "verify", "-n", "x")
    both("tag")
    twins.align()
    for words in (
        ["change", "users@v1"],
        ["change", "HEAD"],
        ["tag", "v1"],
        ["tag", "@v2"],
        ["tag", "v7"],
        ["change", "v7"],
        ["deploy", "t/roles"],
        ["verify", "last"],
        ["deploy", "users@v1"],
    ):
        both("show", *words)
        both("show", "-e", *words)
    both("plan", "--format", "raw")
    both("bundle")
    both("bundle", "--dir", "part", "--from", "t/roles", "--to", "@v2")
    both("bundle", "--dir", "some", "users@v1", "@v1")


def test_folders_and_extension_are_where_the_configuration_says(twins: Twins) -> None:
    words = ["--extension", "ddl", "--top-dir", "sub", "--dir", "reworked=old", "-s", "a=b c"]
    twins.both("init", "p", "--engine", "pg", "--registry", "meta", "--client", "/psql", *words)
    twins.both("add", "a/b", "-n", "x")
    twins.both("tag", "t", "-n", "x")
    twins.both("add", "c", "-n", "x")


def test_templates_are_found_and_filled_as_by_sqitch(twins: Twins) -> None:
    twins.both("init", "p", "--engine", "pg", "--target", "prod")
    twins.write(
        "own/deploy/pg.tmpl",
        "[% IF who %]by [% who %][% END %]\n[% FOREACH x IN requires -%]\n"
        "[% x %],\n[% END -%]\n[% UNLESS conflicts %]none[% END %] [% nothing %]|\n",
    )
    twins.write("own/unit/pg.tmpl", "test of [% change %]\n")
    twins.both("add", "a", "-n", "x", "--template-directory", "own", "-s", "who=me")
    twins.both("add", "b", "-r", "a", "-n", "x", "--template-directory", "own", "--without", "unit")
