"""Every command explains itself, and the options before a command count for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner
from tests.runner.toys import ours

from dsvault.cli import COMMANDS, cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_explains_itself_in_two_ways(name: str) -> None:
    by_option = ours(name, "--help")
    assert (by_option.code, by_option.err) == (0, "")
    assert by_option.lines[0].startswith(f"Usage: dsvault {name}")
    assert ours("help", name).out == by_option.out


def pages(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words that ask for the help of a command, and of all commands below it."""
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from pages(below, (*path, name))


def test_every_page_of_help_fits_a_terminal_and_cuts_no_sentence() -> None:
    asked = list(pages(cli))
    assert len(asked) > 80
    for path in asked:
        shown = CliRunner().invoke(cli, [*path, "--help"], terminal_width=80).output.splitlines()
        assert [line for line in shown if len(line) > 80] == [], path
        assert [line for line in shown[1:] if line.endswith("...")] == [], path


def test_help_lists_the_commands_and_refuses_what_is_none() -> None:
    assert ours("help").out == ours("--help").out
    ran = ours("help", "nothing")
    assert (ran.code, 'No help for "nothing"' in ran.err) == (2, True)
    assert r'No help for "\x1b[2J"' in ours("help", "\x1b[2J").err
    assert "./dsvault test" in ours("--help").lines[-1]


def test_a_mistyped_command_is_refused_with_the_one_that_was_meant() -> None:
    ran = ours("stauts")
    assert (ran.code, ran.err.splitlines()[-1]) == (
        2,
        "Error: No such command 'stauts'. Did you mean status?",
    )
    assert ours("xyzzy").err.endswith("No such command 'xyzzy'.\n")


def test_options_before_the_command_count_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sqitch.plan").write_text(
        "%project=p\n\na 2024-05-06T07:08:09Z A <a@b>\n@t 2024-05-06T07:08:09Z A <a@b>\n"
    )
    monkeypatch.chdir("/")
    assert ours("-C", str(tmp_path), "plan", "-f", "format:%o %n", "--no-headers").out == "p a\n"
    monkeypatch.chdir("/")
    assert ours("-C", str(tmp_path), "tag").out == "@t\n"
    assert ours("--quiet", "-C", str(tmp_path), "tag").out == ""
