"""`dsvault engine`: the engine that sqitch.conf sets up, of which there is one: pg."""

from __future__ import annotations

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
from dsvault.cli.places import target_section
from dsvault.cli.properties import Properties, property_options, refuse_engine
from dsvault.cli.render import TextReporter, end_with, write_json
from dsvault.cli.target import Lines
from dsvault.config import Config, Layout
from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@click.command()
@click.argument("action", default="list")
@click.argument("words", nargs=-1, metavar="[NAME] [TARGET]")
@click.option("--target", help="The engine's target: a URI or a name.")
@click.option("-v", "--verbose", is_flag=True, help="List the targets too.")
@property_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    action: str,
    words: Sequence[str],
    *,
    target: str | None,
    verbose: bool,
    properties: Properties,
    as_json: bool,
) -> None:
    """List, show, add, alter or remove the settings of an engine.

    ACTION is list, show [pg], add pg [TARGET], alter pg, or remove pg.
    """
    try:
        lines = tuple(_Engines(target, properties, verbose=verbose).run(action, words))
    except DsvaultError as error:
        end_with(error, as_json=as_json)
    TextReporter(silent=as_json).print(lines, is_answer=True)
    if as_json:
        write_json(Lines(lines))


class _Engines:
    def __init__(self, target: str | None, given: Properties, *, verbose: bool) -> None:
        self._config = Config.load()
        self._target = target
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
                yield from self._add(*arguments(words, 1, 2))
            case "alter":
                yield from self._alter(*arguments(words, 1, 1))
            case "remove" | "rm":
                (name,) = arguments(words, 1, 1)
                change_section(f"engine.{name}", None, f'Unknown engine "{name}"')
            case _:
                raise DsvaultError(f'Unknown action "{action}"', hint="dsvault engine --help")

    def _list(self) -> Iterator[str]:
        target = self._config.get("engine.pg.target")
        if target is not None:
            yield f"pg\t{without_password(target)}" if self._verbose else "pg"

    def _show(self, names: Sequence[str]) -> Iterator[str]:
        for name in names:
            refuse_engine(name)
            target = self._config.get("engine.pg.target") or "db:pg:"
            section = target_section(target)
            layout = Layout.of(self._config, target=section)
            variables = variables_of(self._config, section)
            yield from shown(name, ("Target", without_password(target)), layout, variables)

    def _add(self, name: str, target: str | None = None) -> Iterator[str]:
        refuse_engine(name)
        if self._config.get("engine.pg.target") is not None:
            raise DsvaultError('Engine "pg" already exists', hint="dsvault engine alter pg")
        wanted = self._known(self._target or target) or "db:pg:"
        write_section("engine.pg", self._given, target=wanted)
        yield from make_plan(target_section(wanted), self._config)
        yield from make_script_folders(target_section(wanted))

    def _alter(self, name: str) -> Iterator[str]:
        refuse_engine(name)
        if self._config.get("engine.pg.target") is None:
            raise DsvaultError(
                f'Missing Engine "pg"; use "add pg {self._target or "db:pg:"}" to add it'
            )
        wanted = self._known(self._target)
        more = {"target": wanted} if wanted else {}
        write_section("engine.pg", self._given, **more)
        yield from make_script_folders(target_section(wanted))

    def _known(self, target: str | None) -> str | None:
        """Return a target if it is a URI or a name that the configuration has.

        :raises DsvaultError: it is neither.
        """
        if target and ":" not in target and self._config.get(f"target.{target}.uri") is None:
            raise DsvaultError(f'Unknown target "{target}"', hint="dsvault target add NAME URI")
        if target and ":" in target and engine_of(target) != "pg":
            raise DsvaultError(
                f'Cannot assign URI using engine "{engine_of(target)}" to engine "pg"',
                hint="Write db:pg://HOST/DATABASE.",
            )
        return database_uri(target) if target and ":" in target else target
