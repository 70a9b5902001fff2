"""What `target` and `engine` share: they list, show and write sections of sqitch.conf."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from dsvault.authoring.files import make_folders, read_text, set_all, write_text
from dsvault.authoring.project import begin_plan, script_folders
from dsvault.cli.places import all_targets, target_section
from dsvault.config import Config, ConfigError, Layout, own_file
from dsvault.config.writing import rename_section
from dsvault.errors import DsvaultError
from dsvault.plan import PlanError, read_plan
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dsvault.cli.properties import Properties

_WIDTH = 15
_ALIASES = {"postgres": "pg", "postgresql": "pg", "pgsql": "pg"}


def write_section(section: str, given: Properties, **more: str) -> None:
    """Set what was given in a section of the project's configuration, first what more names."""
    values = {f"{section}.{name}": value for name, value in more.items()}
    values |= {f"{section}.{name}": value for name, value in given.settings.items()}
    values |= {f"{section}.variables.{name}": value for name, value in given.variables.items()}
    set_all(own_file(), values)


def make_plan(target: str | None, before: Config) -> Iterator[str]:
    """Make a target's plan where there is none; yield what is to be said.

    Its project is that of the target that was the default one before.

    :raises DsvaultError: no project is known, or the plan is that of another one.
    """
    file = Layout.of(Config.load(), target=target).plan_file
    default = Layout.of(before, target=target_section(all_targets(before)[0])).plan_file
    for known in dict.fromkeys([default, file]):
        with suppress(PlanError):
            plan = read_plan(known)
            yield from (f"Created {path}" for path in begin_plan(file, plan.project, plan.uri))
            return
    raise DsvaultError(
        f"Missing %project pragma in {file}", hint="Begin a project: dsvault init PROJECT."
    )


def make_script_folders(target: str | None) -> Iterator[str]:
    """Make the folders of a target's scripts; yield what is to be said."""
    layout = Layout.of(Config.load(), target=target)
    yield from (f"Created {path}/" for path in make_folders(script_folders(layout)))


def change_section(section: str, new: str | None, unknown: str) -> None:
    """Rename or remove a section and that of its variables.

    :raises DsvaultError: there is no such section.
    """
    file = own_file()
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


def database_uri(text: str) -> str:
    """Return a URI as sqitch.conf keeps it, with db: before it."""
    return text if text[:3].lower() == "db:" else f"db:{text}"


def engine_of(uri: str) -> str:
    """Return the engine that a URI of sqitch.conf names."""
    name = database_uri(uri)[3:].partition(":")[0].lower()
    return _ALIASES.get(name, name)


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
