"""`dsvault lint`: find faults in change scripts before they run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dsvault.lint.config import LintConfig
    from dsvault.lint.run import LintResult

_FORMATS = ("text", "json", "sarif", "github", "gitlab")
_LEVELS = ("error", "warning", "info")


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]…")
@click.option("--select", multiple=True, metavar="RULE", help="Only these; 'all' is every rule.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Not these.")
@click.option(
    "--target-version", type=click.IntRange(10, 18), help="Oldest server that has to run it.  [15]"
)
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", help="[text]")
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
@click.option("--diff", "base", metavar="BASE", help="Only what was not so in this git commit.")
@click.option("--fix", is_flag=True, help="Correct what can be corrected safely.")
@click.option(
    "--fail-on",
    type=click.Choice(_LEVELS),
    default="warning",
    help="Exit 1 from here on. [warning]",
)
@click.option("--list", "is_list", is_flag=True, help="List the rules.")
def command(  # noqa: PLR0917 - click passes by name
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    target_version: int | None,
    form: str,
    as_json: bool,
    base: str | None,
    fix: bool,
    fail_on: str,
    is_list: bool,
) -> None:
    """Find faults in change scripts before they run.

    PATH is a file, or a folder that is searched for Sqitch projects, folders of migrations and
    plain SQL; without one it is the project of the working folder. RULE is a code, the beginning
    of one, a family or a class. Rules of style (info) run only if they are selected.

    Exits 1 if something was found, 2 if it could not be asked.
    """
    from dsvault.cli.render import write  # noqa: PLC0415 - --help stays quick
    from dsvault.lint.output import render  # noqa: PLC0415

    config = _config(select, ignore, target_version)
    if is_list:
        _list(config)
        return
    result = _run(paths or _default_paths(), config, base, is_fixing=fix)
    text = render(result, "json" if as_json else form)
    if text:
        write(text)
    sys.exit(_exit_code(result, fail_on))


def _config(
    select: tuple[str, ...], ignore: tuple[str, ...], target_version: int | None
) -> LintConfig:
    """Return the settings of pyproject.toml with the options above them."""
    from dataclasses import replace  # noqa: PLC0415 - --help stays quick

    from dsvault.lint.config import read_config  # noqa: PLC0415

    config = read_config()
    split = tuple(word for text in select for word in text.split(",") if word)
    without = tuple(word for text in ignore for word in text.split(",") if word)
    return replace(
        config,
        select=split or config.select,
        ignore=config.ignore + without,
        target_version=target_version or config.target_version,
    )


def _default_paths() -> tuple[Path, ...]:
    from dsvault.config import find_layout  # noqa: PLC0415 - named paths need none

    _, layout = find_layout()
    return (layout.plan_file.parent / "sqitch.plan",)


def _run(
    paths: tuple[Path, ...], config: LintConfig, base: str | None, *, is_fixing: bool
) -> LintResult:
    from dsvault.lint.run import lint  # noqa: PLC0415 - --help stays quick

    result = lint(paths, config)
    if is_fixing:
        from dsvault.lint.fix import apply_fixes  # noqa: PLC0415 - seldom

        if apply_fixes(result.findings):
            result = lint(paths, config)
    if base is not None:
        from dsvault.lint.diff import only_new  # noqa: PLC0415 - seldom

        result = only_new(result, paths, config, base)
    return result


def _exit_code(result: LintResult, fail_on: str) -> int:
    from dsvault.lint.findings import Severity  # noqa: PLC0415 - --help stays quick

    worst = result.worst()
    return int(worst is not None and worst >= Severity[fail_on.upper()])


def _list(config: LintConfig) -> None:
    """Print the rules: which are on, code, severity, what for."""
    from dsvault.cli.render import write  # noqa: PLC0415 - --help stays quick
    from dsvault.lint.rules import all_rules  # noqa: PLC0415

    active = {rule.code for rule in config.choose(all_rules())}
    for rule in all_rules():
        mark = "+" if rule.code in active else " "
        write(f"{mark} {rule.code}  {rule.severity!s:8} {rule.title()}")
