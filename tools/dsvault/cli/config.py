"""`dsvault config`: read and write sqitch.conf."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dsvault.authoring.files import read_text, write_text
from dsvault.cli.render import end_with, write, write_json
from dsvault.config import Config, ConfigError, own_file
from dsvault.config.values import cast, holds
from dsvault.config.writing import add_value, rename_section, replace_all, set_value, unset
from dsvault.errors import DsvaultError
from dsvault.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ACTIONS = (
    ("get", "get", "Print the value of KEY; exit 1 if it is not set."),
    ("get-all", "get_all", "Print all values of KEY."),
    ("get-regex/--get-regexp", "get_regex", "Print the keys that have this pattern."),
    ("add", "add", "Add one more VALUE for KEY."),
    ("replace-all", "replace_all", "Put VALUE in place of all values of KEY."),
    ("unset", "unset", "Remove KEY."),
    ("unset-all", "unset_all", "Remove all values of KEY."),
    ("rename-section", "rename_section", "Rename a section."),
    ("remove-section", "remove_section", "Remove a section."),
)


class _NotSetError(DsvaultError):
    """There is no such setting."""

    exit_code = 1

    def __init__(self) -> None:
        super().__init__()
        self.message = ""


def _action_options(function: Any) -> Any:  # noqa: ANN401 - click's
    for name, action, text in reversed(_ACTIONS):
        names = [part if part.startswith("--") else f"--{part}" for part in name.split("/")]
        function = click.option(*names, "actions", flag_value=action, multiple=True, help=text)(
            function
        )
    return function


@click.command(options_metavar="[ACTION] [OPTIONS]")
@click.argument("words", nargs=-1, metavar="[KEY] [VALUE]")
@click.option("-f", "--file", "--config-file", type=click.Path(path_type=Path), help="This file.")
@click.option("--local", "place", flag_value="local", help="The project's file; the default.")
@click.option("--user", "--global", "place", flag_value="user", help="The user's file.")
@click.option("--system", "place", flag_value="system", help="The system's file.")
@click.option("--bool", "kind", flag_value="bool", help="The value is true or false.")
@click.option("--int", "kind", flag_value="int", help="The value is a whole number.")
@click.option("--num", "kind", flag_value="num", help="The value is a number.")
@click.option("--bool-or-int", "kind", flag_value="bool-or-int", help="The value is either.")
@_action_options
@click.option("-l", "--list", "listed", is_flag=True, help="Print all settings.")
@click.option("-e", "--edit", "edited", is_flag=True, help="Open the file in an editor.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    words: Sequence[str],
    *,
    file: Path | None,
    place: str | None,
    kind: str | None,
    actions: Sequence[str],
    listed: bool,
    edited: bool,
    as_json: bool,
) -> None:
    """Read and write sqitch.conf as `sqitch config` does.

    With KEY print its value, with KEY and VALUE set it.
    """
    chosen = [*actions, *(["list"] if listed else []), *(["edit"] if edited else [])]
    try:
        action = _action(chosen, words)
        path = _path(file, place)
        lines = _Actions(path, place or file, kind).run(action, list(words))
    except DsvaultError as error:
        if isinstance(error, _NotSetError) and not as_json:
            write("")
            sys.exit(1)
        end_with(error, as_json=as_json)
    if as_json:
        write_json(_Lines(lines))
    else:
        for line in lines:
            write(printable(line) if sys.stdout.isatty() else line)


def _action(chosen: Sequence[str], words: Sequence[str]) -> str:
    if len(chosen) > 1:
        raise DsvaultError("Only one action at a time.")
    return chosen[0] if chosen else ("set" if len(words) > 1 else "get")


class _Lines:
    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def as_json(self) -> dict[str, object]:
        """Return the lines as one JSON object."""
        return {"lines": list(self._lines)}


def _path(file: Path | None, place: str | None) -> Path:
    """Return the file that is written."""
    if file is not None and place is not None:
        raise DsvaultError("Only one config file at a time.")
    if place == "system":
        return Path(os.environ.get("SQITCH_SYSTEM_CONFIG") or "/etc/sqitch/sqitch.conf")
    if place == "user":
        default = Path("~/.sqitch/sqitch.conf").expanduser()
        return Path(os.environ.get("SQITCH_USER_CONFIG") or default)
    return file or own_file()


class _Actions:
    def __init__(self, path: Path, chosen: object, kind: str | None) -> None:
        self._path = path
        self._chosen = chosen
        self._kind = kind

    def run(self, action: str, words: list[str]) -> list[str]:
        """Do it, and return what is to be printed."""
        if action == "list":
            return [*self._list(), ""]
        if action == "edit":
            editor = os.environ.get("SQITCH_EDITOR") or os.environ.get("EDITOR") or "vi"
            subprocess.run(f"{editor} {shlex.quote(str(self._path))}", shell=True, check=False)  # noqa: S602
            return []
        if action in ("get", "get_all", "get_regex"):
            _check_count(words, 1, 2)
            return self._get(action, *words)
        self._change(action, words)
        return []

    def _settings(self) -> Mapping[str, Sequence[str | None]]:
        """Return all settings: of the file that is chosen, else of all files."""
        config = Config.load()
        if self._chosen is not None:
            environ = {"SQITCH_CONFIG": str(self._path), "HOME": "/nowhere"}
            none = "/nowhere/sqitch.conf"
            environ |= {"SQITCH_USER_CONFIG": none, "SQITCH_SYSTEM_CONFIG": none}
            config = Config.load(environ=environ)
        return {key: [item.value for item in found] for key, found in config.settings.items()}

    def _list(self) -> list[str]:
        return [self._line(key, values) for key, values in sorted(self._settings().items())]

    def _line(self, key: str, values: Sequence[str | None]) -> str:
        if values == [None]:
            return key
        shown = [cast(value, self._kind) for value in values]
        is_list = len(shown) > 1 or key == "include.path"  # which Sqitch keeps as a list
        return f"{key}=[{', '.join(shown)}]" if is_list else f"{key}={shown[0]}"

    def _get(self, action: str, key: str, pattern: str = "") -> list[str]:
        settings = self._settings()
        if action == "get_regex":
            found = {
                name: kept
                for name, values in sorted(settings.items())
                if holds(key, name) and (kept := _filtered(values, pattern))
            }
            lines = [self._line(name, values) for name, values in found.items()]
        else:
            head, dot, rest = key.partition(".")
            if not head or not dot:
                raise ConfigError(f"No section given in key: {key}", hint="Write section.name.")
            section, _, name = rest.rpartition(".")
            middle = f".{section}" if section else ""
            values = _filtered(settings.get(f"{head.lower()}{middle}.{name.lower()}", []), pattern)
            if action == "get" and len(values) > 1:
                raise ConfigError(f'More then one value for the key "{key}"')
            lines = [cast(value, self._kind) for value in values]
        if not lines:
            raise _NotSetError
        return lines

    def _change(self, action: str, words: list[str]) -> None:
        text = read_text(self._path)
        if action in ("set", "add", "replace_all"):
            _check_count(words, 2, 2 if action == "add" else 3)
            function = {"set": set_value, "add": add_value, "replace_all": replace_all}[action]
            value = cast(words[1], self._kind) if self._kind else words[1]
            changed = function(text, words[0], value, *words[2:])
        elif action in ("unset", "unset_all"):
            _check_count(words, 1, 2)
            changed = unset(text, *words, every=action == "unset_all", where=self._path)
        elif action == "rename_section":
            _check_count(words, 2, 2)
            changed = rename_section(text, words[0], words[1])
        else:
            _check_count(words, 1, 1)
            changed = rename_section(text, words[0], None)
        write_text(self._path, changed)


def _filtered(values: Sequence[str | None], pattern: str) -> list[str | None]:
    return [value for value in values if holds(pattern, value)]


def _check_count(words: Sequence[str], least: int, most: int) -> None:
    if not least <= len(words) <= most:
        raise DsvaultError("Wrong number of arguments.", hint="dsvault config --help")
