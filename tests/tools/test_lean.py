"""Heavy packages are put aside, are whole when something asks, and most commands never ask."""

from __future__ import annotations

import ast
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from dsvault.paths import project_root

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MODULES = sorted((project_root() / "tools" / "dsvault").rglob("*.py"))


def run_alone(program: str) -> None:
    """Run a program in an interpreter of its own, where nothing is imported yet."""
    beginning = "from dsvault.lean import put_heavy_aside\nput_heavy_aside()\n"
    done = subprocess.run(
        [sys.executable, "-c", beginning + dedent(program)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_parts_are_imported_without_the_rest() -> None:
    run_alone(
        """
        import sys
        from psycopg import errors, pq
        from psycopg.conninfo import conninfo_to_dict
        from pglast import parser

        assert conninfo_to_dict("dbname=a") == {"dbname": "a"}
        assert issubclass(errors.UniqueViolation, errors.IntegrityError)
        assert len(parser.split("SELECT 1; SELECT 2")) == 2
        for name in ("psycopg.connection", "psycopg.types.array", "asyncio.events"):
            assert name not in sys.modules, name
        assert "SelectStmt" not in vars(sys.modules["pglast.ast"])
        """
    )


def test_the_rest_is_there_as_soon_as_it_is_asked_for() -> None:
    run_alone(
        """
        import psycopg.pq
        import psycopg.errors as early
        import pglast, psycopg, asyncio
        from psycopg.types.json import Jsonb
        from pglast import ast, enums, parser

        async def answer():
            return 42

        assert asyncio.run(answer()) == 42
        assert psycopg.OperationalError is early.OperationalError
        assert psycopg.errors.CancelledError is asyncio.CancelledError
        assert psycopg.connect.__self__ is psycopg.Connection
        assert psycopg.AsyncConnection.__module__ == "psycopg"
        assert psycopg.adapters.get_dumper(Jsonb, psycopg.adapt.PyFormat.TEXT)
        [tree] = parser.parse_sql("SELECT 1")
        assert isinstance(tree.stmt, ast.SelectStmt) and tree.stmt.op == enums.SetOperation(0)
        assert issubclass(parser.ParseError, pglast.Error)
        """
    )


def test_a_function_can_be_imported_before_the_module_that_has_it_is_there() -> None:
    run_alone(
        """
        import psycopg.pq, sys
        from ipaddress import ip_address
        from random import shuffle

        assert "IPv4Address" not in vars(sys.modules["ipaddress"])
        assert str(ip_address("127.0.0.1")) == "127.0.0.1"
        assert sys.modules["ipaddress"].IPv4Address
        numbers = list(range(100))
        shuffle(numbers)
        assert sorted(numbers) == list(range(100)) != numbers
        """
    )


@pytest.mark.parametrize("text", ["  one line", "", "a\n\n    b\n      c\n  ", "\ttab\tb"])
def test_texts_of_help_are_cleaned_as_inspect_does(text: str) -> None:
    run_alone(
        f"""
        from dsvault.lean import put_aside_for_click
        put_aside_for_click()
        import inspect
        cleaned = inspect.cleandoc({text!r})
        inspect.signature
        assert cleaned == inspect.cleandoc({text!r})
        """
    )


def test_a_type_that_click_only_names_is_what_it_is_for_all_others() -> None:
    run_alone(
        """
        import sys
        from dsvault.cli import cli
        import click

        assert "UUID" not in vars(sys.modules["uuid"])
        text = "12345678-1234-5678-1234-567812345678"
        value = click.UUID.convert(text, None, None)
        from uuid import UUID, uuid4
        assert value == UUID(text) and isinstance(uuid4(), UUID)
        assert click.UUID.convert(value, None, None) is value
        """
    )


def test_texts_are_found_and_loggers_made_as_ever() -> None:
    run_alone(
        """
        from dsvault.lean import put_aside_for_click
        put_aside_for_click()
        from gettext import gettext, ngettext
        import gettext as whole, logging, sys

        assert gettext("a") == "a"
        assert [ngettext("row", "rows", n) for n in (0, 1, 2)] == ["rows", "row", "rows"]
        assert "GNUTranslations" not in vars(sys.modules["gettext"])
        assert [whole.ngettext("row", "rows", n) for n in (0, 1, 2)] == ["rows", "row", "rows"]
        assert whole.GNUTranslations and whole.gettext("a") == "a"

        early = logging.getLogger("psycopg.pq")
        assert "Logger" not in vars(sys.modules["logging"])
        assert early.name == "psycopg.pq" and not early.isEnabledFor(logging.DEBUG)
        logging.getLogger("psycopg.pq").setLevel("DEBUG")
        assert early.isEnabledFor(logging.DEBUG)
        """
    )


def test_what_is_imported_already_or_missing_is_left_as_it_is() -> None:
    run_alone(
        """
        import json, sys
        from dsvault.lean import put_aside

        put_aside("json")
        put_aside("no_such_package")
        assert sys.modules["json"] is json and "no_such_package" not in sys.modules
        try:
            import no_such_package
        except ModuleNotFoundError:
            pass
        """
    )


def test_a_name_that_is_nowhere_is_an_attribute_error() -> None:
    run_alone(
        """
        import pglast
        try:
            pglast.nothing_of_that_name
        except AttributeError as error:
            assert "nothing_of_that_name" in str(error)
        else:
            raise SystemExit("no error")
        """
    )


def imports_at_run_time(module: Path) -> Iterator[str]:
    """Yield, in order, what a module imports from psycopg when it is imported itself."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "psycopg":
            yield node.module or ""


@pytest.mark.parametrize(
    "module", [path for path in MODULES if any(imports_at_run_time(path))], ids=lambda p: p.stem
)
def test_parts_of_psycopg_come_after_its_package(module: Path) -> None:
    first, *_ = imports_at_run_time(module)
    assert first == "psycopg", "`from psycopg import …` imports what the other parts want first"
