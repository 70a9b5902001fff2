"""What `target` and `engine` share: they list, show and write sections of sqitch.conf."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from dsvault.authoring.files import make_folders, read_text, set_all, write_text
from dsvault.authoring.project import script_folders
from dsvault.config import Config, ConfigError, Layout
from dsvault.config.writing import rename_section
from dsvault.errors import DsvaultError
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dsvault.cli.properties import Properties

_WIDTH = 15


def config_file(config: Config) -> Path:
    """Return the project's configuration file, be it still to be made."""
    return config.local_file or Path("sqitch.conf")


def write_section(config: Config, section: str, given: Properties, **more: str) -> None:
    """Set what was given in a section of the project's configuration, first what more names."""
    values = {f"{section}.{name}": value for name, value in more.items()}
    values |= {f"{section}.{name}": value for name, value in given.settings.items()}
    values |= {f"{section}.variables.{name}": value for name, value in given.variables.items()}
    set_all(config_file(config), values)


def make_script_folders(target: str | None) -> Iterator[str]:
    """Make the folders of a target's scripts; yield what is to be said."""
    layout = Layout.of(Config.load(), target=target)
    yield from (f"Created {path}/" for path in make_folders(script_folders(layout)))


def change_section(config: Config, section: str, new: str | None, unknown: str) -> None:
    """Rename or remove a section and that of its variables.

    :raises DsvaultError: there is no such section.
    """
    file = config_file(config)
    text = read_text(file)
    try:
        text = rename_section(text, section, new)
    except ConfigError:
        raise DsvaultError(unknown) from None
    with suppress(ConfigError):  # it may have no variables
        text = rename_section(text, f"{section}.variables", f"{new}.variables" if new else None)
    write_text(file, text)


def shown(
    name: str, first: tuple[str, str], layout: Layout, variables: dict[str, str]
) -> list[str]:
    """Return what is known of a target or an engine, as Sqitch prints it."""
    folders = [
        ("  Deploy", layout.deploy_dir),
        ("  Revert", layout.revert_dir),
        ("  Verify", layout.verify_dir),
    ]
    reworked = [
        ("  Reworked", layout.reworked_deploy_dir.parent),
        ("  Deploy", layout.reworked_deploy_dir),
        ("  Revert", layout.reworked_revert_dir),
        ("  Verify", layout.reworked_verify_dir),
    ]
    top = [
        first,
        ("Registry", layout.registry),
        ("Client", layout.client),
        ("Top Directory", layout.top_dir),
        ("Plan File", layout.plan_file),
        ("Extension", layout.extension),
    ]
    lines = [f"* {name}", *map(_line, top)]
    lines += ["    Script Directories:", *map(_line, folders)]
    lines += ["    Reworked Script Directories:", *map(_line, reworked)]
    if not variables:
        return [*lines, "    No Variables"]
    width = max(map(len, variables))
    names = sorted(variables, key=str.lower)
    listed = [f"  {key}: {' ' * (width - len(key))}{variables[key]}" for key in names]
    return [*lines, "    Variables:", *listed]


def variables_of(config: Config, target: str | None) -> dict[str, str]:
    """Return the variables of the engine, then of the target."""
    own = config.section(f"target.{target}.variables") if target else {}
    return {**config.section("engine.pg.variables"), **own}


def without_password(uri: str) -> str:
    """Return a URI as it may be shown."""
    _, _, rest = uri.partition("//")
    if "@" not in rest:
        return uri
    return parse_target(uri, environ={"PGDATABASE": ""}).display


def arguments(words: Sequence[str], least: int, most: int) -> list[str]:
    """Return the words of an action.

    :raises DsvaultError: there are too few or too many.
    """
    if not least <= len(words) <= most:
        raise DsvaultError("Wrong number of arguments", hint="See --help.")
    return list(words)


def _line(item: tuple[str, object]) -> str:
    label, value = item
    return f"    {f'{label}: ':<{_WIDTH}}{value}"
