"""`dsvault target`: the databases that sqitch.conf names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from dsvault.cli.place import (
    arguments,
    change_section,
    database_uri,
    engine_of,
    make_plan,
    make_script_folders,
    shown,
    variables_of,
    without_password,
    write_section,
)
from dsvault.cli.properties import Properties, property_options
from dsvault.cli.render import TextReporter, end_with, write_json
from dsvault.config import Config, Layout
from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


# All that Sqitch knows, since a configuration may be for others too.
ENGINES = ("pg", "sqlite", "mysql", "oracle", "firebird", "vertica", "exasol", "snowflake")


@dataclass(frozen=True, slots=True)
class Lines:
    """What a command prints."""

    lines: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Return the lines as one JSON object."""
        return {"lines": list(self.lines)}


@click.command()
@click.argument("action", default="list")
@click.argument("words", nargs=-1, metavar="[NAME] [URI]")
@click.option("--uri", help="With alter: the new URI.")
@click.option("-v", "--verbose", is_flag=True, help="List the URIs too.")
@property_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    action: str,
    words: Sequence[str],
    *,
    uri: str | None,
    verbose: bool,
    properties: Properties,
    as_json: bool,
) -> None:
    """List, show, add, alter, rename or remove targets.

    ACTION is list, show [NAME …], add NAME URI, alter NAME, rename OLD NEW, or remove NAME.
    """
    try:
        lines = tuple(_Targets(uri, properties, verbose=verbose).run(action, words))
    except DsvaultError as error:
        end_with(error, as_json=as_json)
    TextReporter(silent=as_json).print(lines, is_answer=True)
    if as_json:
        write_json(Lines(lines))


class _Targets:
    def __init__(self, uri: str | None, given: Properties, *, verbose: bool) -> None:
        self._config = Config.load()
        self._uri = uri
        self._given = given
        self._verbose = verbose

    def run(self, action: str, words: Sequence[str]) -> Iterator[str]:
        """Do it; yield what is to be printed."""
        match action:
            case "list":
                yield from self._list()
            case "show":
                yield from self._show(words) if words else self._list()
            case "add":
                yield from self._add(*arguments(words, 2, 2))
            case "alter":
                yield from self._alter(*arguments(words, 1, 1))
            case "rename":
                self._rename(*arguments(words, 2, 2))
            case "remove" | "rm":
                self._rename(*arguments(words, 1, 1))
            case _:
                raise DsvaultError(f'Unknown action "{action}"', hint="dsvault target --help")

    def _list(self) -> Iterator[str]:
        for key in sorted(self._config.settings):
            match = re.fullmatch(r"target\.([^.]+)\.uri", key)
            if match:
                uri = without_password(self._config.get(key) or "")
                yield f"{match[1]}\t{uri}" if self._verbose else match[1]

    def _show(self, names: Sequence[str]) -> Iterator[str]:
        for name in names:
            section = None if ":" in name else name
            uri = name if section is None else self._config.get(f"target.{name}.uri")
            if uri is None:
                raise DsvaultError(f'Cannot find target "{name}"', hint="dsvault target list")
            layout = Layout.of(self._config, target=section)
            variables = variables_of(self._config, section)
            yield from shown(name, ("URI", without_password(uri)), layout, variables)

    def _add(self, name: str, uri: str) -> Iterator[str]:
        if self._config.get(f"target.{name}.uri") is not None:
            raise DsvaultError(f'Target "{name}" already exists', hint="dsvault target alter")
        if not uri:
            raise DsvaultError("The URI is empty", hint="dsvault target add NAME URI")
        write_section(f"target.{name}", self._given, uri=database_uri(uri))
        yield from make_plan(name, self._config)
        yield from make_script_folders(name)

    def _alter(self, name: str) -> Iterator[str]:
        if self._config.get(f"target.{name}.uri") is None:
            raise DsvaultError(
                f'Missing Target "{name}"; use "add {name} {self._uri or "$uri"}" to add it'
            )
        more = {"uri": _checked(self._uri)} if self._uri else {}
        write_section(f"target.{name}", self._given, **more)
        yield from make_script_folders(name)

    def _rename(self, old: str, new: str | None = None) -> None:
        keys = [key for key in ("core.target", "engine.pg.target") if self._config.get(key) == old]
        if keys:
            raise DsvaultError(
                f'Cannot rename target "{old}" because it\'s referenced by: {", ".join(keys)}'
            )
        section = f"target.{new}" if new else None
        change_section(f"target.{old}", section, f'Unknown target "{old}"')


def _checked(uri: str) -> str:
    """Return a URI that says which engine it is for.

    :raises DsvaultError: it does not.
    """
    if database_uri(uri) != uri:
        raise DsvaultError(
            f'URI "{uri}" is not a database URI', hint="Write db:pg://HOST/DATABASE."
        )
    engine = engine_of(uri)
    if engine not in ENGINES:
        problem = f'Unknown engine "{engine}"' if engine else "No database engine"
        raise DsvaultError(f'{problem} in URI "{uri}"', hint="Write db:pg://HOST/DATABASE.")
    return uri
