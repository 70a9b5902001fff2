"""The options of commands that write a project's settings: where files are, what variables say."""

from __future__ import annotations

import os
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from dsvault.errors import DsvaultError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_FOLDERS = ("deploy", "revert", "verify", "reworked")
_FOLDERS_OF_REWORKED = ("reworked_deploy", "reworked_revert", "reworked_verify")

_NONE: Mapping[str, str] = {}


class Properties(NamedTuple):
    """Settings by their names in sqitch.conf, and variables of scripts."""

    settings: Mapping[str, str]
    variables: Mapping[str, str] = _NONE


def parse_pairs(pairs: Sequence[str]) -> dict[str, str]:
    """Return NAME=VALUE options as a mapping; a name alone has no value.

    :raises click.BadParameter: one has no name.
    """
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise click.BadParameter(f"{pair} is no NAME=VALUE")
        found[name] = value
    return found


def property_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options to a command that gets them as `properties`."""

    @click.option("-f", "--plan-file", metavar="FILE", help="The plan.")
    @click.option("--registry", metavar="SCHEMA", help="The schema of the registry.")
    @click.option("--client", metavar="PROGRAM", help="The psql to use where one is needed.")
    @click.option("--extension", help="Of script files; default: sql.")
    @click.option("--top-dir", metavar="FOLDER", help="The folder of plan and scripts.")
    @click.option("-d", "--dir", "folders", multiple=True, metavar="KIND=FOLDER")
    @click.option("-s", "--set", "variables", multiple=True, metavar="NAME=VALUE")
    @click.option(
        "-C",
        "--chdir",
        "--cd",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        help="Work as if started in this folder.",
    )
    @wraps(function)
    def with_properties(
        folders: Sequence[str],
        variables: Sequence[str],
        chdir: Path | None,
        **options: Any,  # noqa: ANN401
    ) -> None:
        if chdir is not None:
            os.chdir(chdir)
        settings = {
            name: str(Path(value)) if name in ("plan_file", "top_dir") else value
            for name in ("plan_file", "top_dir", "registry", "client", "extension")
            if (value := options.pop(name)) is not None
        }
        settings |= _folder_settings(parse_pairs(folders))
        options["properties"] = Properties(settings, parse_pairs(variables))
        function(**options)

    return with_properties


def _folder_settings(folders: Mapping[str, str]) -> dict[str, str]:
    unknown = sorted(set(folders) - {*_FOLDERS, *_FOLDERS_OF_REWORKED})
    if unknown:
        plural = "s" if len(unknown) > 1 else ""
        raise click.BadParameter(f"Unknown directory name{plural}: {', '.join(unknown)}")
    return {f"{name}_dir": str(Path(folder)) for name, folder in folders.items()}


def refuse_engine(engine: str) -> None:
    """Refuse an engine other than PostgreSQL.

    :raises DsvaultError: it is another one.
    """
    if engine != "pg":
        raise DsvaultError(f'Unknown engine "{engine}"', hint="Only pg is there.")
