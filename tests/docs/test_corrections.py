"""The page sql/design/corrections.md: all rulings, all parts, and tests that exist."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

import pytest

from dsvault.coverage import RULINGS, Status, read_rulings
from dsvault.paths import project_root

ROOT = project_root()
PAGE = ROOT / "sql/design/corrections.md"
FAULTS = ROOT / "tests/docs/test_corrections_faults.py"
PARTS = ("The design says", "What goes wrong", "What we do", "Why")
LATER = "the next release's tests"


@dataclass(frozen=True)
class Ruling:
    """One section of the page: its number, its title, and its parts by their labels."""

    number: int
    title: str
    parts: dict[str, str]

    @property
    def tests(self) -> list[str]:
        return re.findall(r"`(tests/\S+)`", self.parts["Proved by"])


def rulings_of(text: str) -> list[Ruling]:
    found = []
    for section in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = section.partition("\n")
        number, _, title = heading.partition(". ")
        body = re.split(r"^## ", body, flags=re.MULTILINE)[0]
        parts = re.findall(r"^- \*\*([^*]+)\*\*:?(.*?)(?=^- |\Z)", body, re.MULTILINE | re.DOTALL)
        found.append(Ruling(int(number), title, {label: text.strip() for label, text in parts}))
    return found


def functions_of(path: str) -> set[str]:
    """Return the test functions of a file; those of a class as Class::function."""
    tree = ast.parse((ROOT / path).read_text())
    names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            own = (item.name for item in node.body if isinstance(item, ast.FunctionDef))
            names |= {f"{node.name}::{name}" for name in own}
    return {name for name in names if name.rpartition("::")[2].startswith("test_")}


def missing(tests: list[str]) -> list[str]:
    """Return those of the tests named that do not exist."""
    absent = []
    for test in tests:
        path, _, name = test.partition("::")
        if not (ROOT / path).is_file() or name not in functions_of(path):
            absent.append(test)
    return absent


ALL = rulings_of(PAGE.read_text())


def test_all_38_rulings_are_there_in_order() -> None:
    assert [ruling.number for ruling in ALL] == list(range(1, 39))
    assert len({ruling.title for ruling in ALL}) == 38


@pytest.mark.parametrize("ruling", ALL, ids=lambda ruling: str(ruling.number))
def test_a_ruling_has_all_its_parts(ruling: Ruling) -> None:
    labels = [label for label in ruling.parts if label != "Next release"]
    assert labels == [*PARTS, "Proved by"]
    assert all(len(ruling.parts[label]) > 10 for label in PARTS)


@pytest.mark.parametrize("ruling", ALL, ids=lambda ruling: str(ruling.number))
def test_a_ruling_names_tests_that_exist_or_says_that_they_come_later(ruling: Ruling) -> None:
    assert missing(ruling.tests) == []
    if LATER in ruling.parts["Proved by"]:
        assert ruling.parts["Next release"].startswith("all of it")
    else:
        assert ruling.tests


def test_a_test_that_does_not_exist_is_found() -> None:
    here = "tests/docs/test_corrections.py"
    named = [
        f"{here}::test_all_38_rulings_are_there_in_order",
        f"{here}::test_all_39_rulings_are_there",
        f"{here}::rulings_of",
        "tests/docs/test_nothing.py::test_all",
    ]
    assert missing(named) == named[1:]


def test_every_fault_that_is_shown_belongs_to_a_ruling() -> None:
    names = functions_of(str(FAULTS.relative_to(ROOT)))
    numbers = {
        int(number)
        for name in names
        for number in re.findall(r"\d+", name.partition("_a_")[0])
        if name.startswith("test_ruling")
    }
    assert numbers <= set(range(1, 39))
    assert len(numbers) > 25


def test_what_the_coverage_page_calls_planned_the_rulings_call_next_release() -> None:
    readings = read_rulings((ROOT / RULINGS).read_text()).values()
    planned = {reading.number for reading in readings if reading.status is Status.PLANNED}
    assert planned == set()
    for number in planned:
        assert ALL[number - 1].parts["Next release"].startswith("all of it")


def test_every_link_of_the_page_leads_somewhere() -> None:
    text = PAGE.read_text()
    anchors = {
        re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", text):
        file, _, anchor = target.partition("#")
        assert (PAGE.parent / file).exists(), target
        if not file:
            assert anchor in anchors, target
