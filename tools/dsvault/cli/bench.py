"""`dsvault bench`: what things cost, as ratios of paired runs."""

from __future__ import annotations

import re
import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from dsvault.cli.render import write, write_error, write_json
from dsvault.errors import DsvaultError
from dsvault.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.bench import Benchmark, Report

# `  as designed   below the policies that the design document means`
_ITEM = re.compile(r" {2}(\S+(?: \S+)*) {2,}(\S.*)")


class _Benchmarks(click.Group):
    """A group whose commands are the modules of dsvault.ops.bench.benchmarks."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all benchmarks."""
        from dsvault.ops.bench import names  # noqa: PLC0415 - --help of all commands stays quick

        return names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Make a command of one benchmark, or return None where there is none of that name."""
        from dsvault.ops.bench import find, names  # noqa: PLC0415

        return _Command(cmd_name, find(cmd_name)) if cmd_name in names() else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list without importing what the benchmarks need."""
        from dsvault.ops.bench import about, names  # noqa: PLC0415

        with formatter.section("Benchmarks"):
            formatter.write_dl([(name, about(name)) for name in names()])


@click.group(cls=_Benchmarks)
def command() -> None:
    """Measure what things cost, as ratios of paired runs.

    Contestants take turns in each round, so that what slows the machine slows all of them; the
    median of the rounds' ratios counts. Exits 1 if a ratio is out of its bound.
    """


class _Command(click.Command):
    """A benchmark, which explains itself in paragraphs and in a list of what takes part."""

    def __init__(self, name: str, benchmark: Benchmark) -> None:
        super().__init__(
            name, params=list(_options(benchmark)), callback=partial(_run, name, benchmark)
        )
        self._benchmark = benchmark

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write what is measured, and the numbers of each size as --set takes them."""
        with formatter.indentation():
            for paragraph, items in _parts(self._benchmark.explains):
                formatter.write_paragraph()
                formatter.write_text(paragraph)
                if items:
                    formatter.write_dl(items)
        with formatter.section("Sizes"):
            formatter.write_dl(
                [
                    (size, " ".join(f"{what}={number}" for what, number in numbers.items()))
                    for size, numbers in self._benchmark.sizes.items()
                ]
            )


def _parts(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield paragraphs, each with the list of names and texts that follows it, indented."""
    paragraph: list[str] = []
    items: list[tuple[str, str]] = []
    for line in text.splitlines():
        named = _ITEM.fullmatch(line)
        if items and not line.startswith(" "):
            yield " ".join(paragraph), items
            paragraph, items = [], []
        if named:
            items.append((named[1], named[2]))
        elif items:
            items[-1] = (items[-1][0], f"{items[-1][1]} {line.strip()}")
        else:
            paragraph.append(line)
    yield " ".join(paragraph), items


def _options(benchmark: Benchmark) -> Iterator[click.Option]:
    default = next(iter(benchmark.sizes))
    yield click.Option(["--size"], type=click.Choice(list(benchmark.sizes)), help=f"[{default}]")
    yield click.Option(
        ["--set", "changes"],
        multiple=True,
        metavar="NAME=NUMBER",
        help="Change a number of the size.",
    )
    rounds = f"How often all take their turn.  [{benchmark.rounds}]"
    yield click.Option(["--rounds"], type=click.IntRange(1), help=rounds)
    yield click.Option(["--pg"], metavar="VERSION|DIR", help="The server's programs; default: 18.")
    written = "Write the result to sql/bench/results too."
    yield click.Option(["--record"], is_flag=True, help=written)
    yield click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON object.")


def _run(  # noqa: PLR0917 - click passes them by name
    name: str,
    benchmark: Benchmark,
    size: str | None,
    changes: tuple[str, ...],
    rounds: int | None,
    pg: str | None,
    record: bool,
    as_json: bool,
) -> None:
    from dsvault.bench import Work  # noqa: PLC0415 - --help of all commands stays quick
    from dsvault.ops.bench import record_report, run  # noqa: PLC0415

    try:
        numbers = benchmark.size(size, _numbers(changes))
        report = run(name, Work(numbers, rounds or benchmark.rounds, _say, pg))
        if record:
            _say(f"written: {record_report(report)}")
    except DsvaultError as error:
        if as_json:
            write_json(None, error)
        write_error(error)
        sys.exit(error.exit_code)
    _print(report, as_json=as_json)
    sys.exit(1 if report.missed else 0)


def _print(report: Report, *, as_json: bool) -> None:
    if as_json:
        write_json(report)
        return
    for line in report.lines():
        write(printable(line))


def _numbers(changes: tuple[str, ...]) -> dict[str, int]:
    """Read NAME=NUMBER.

    :raises click.BadParameter: one is written otherwise.
    """
    pairs = [change.partition("=") for change in changes]
    for name, _, number in pairs:
        if not (name and number.isdecimal() and int(number)):
            raise click.BadParameter("write NAME=NUMBER, such as tenants=20", param_hint="--set")
    return {name: int(number) for name, _, number in pairs}


def _say(text: str) -> None:
    write(f"# {text}", err=True)
