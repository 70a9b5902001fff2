"""Each class of fault in other dress: in DO blocks, functions, several files, quoted, computed.

The files of `variants/` hold one family's cases each: `-- === name` begins a case, `-- --- path` a
file of it, and a line with a fault ends in `-- FAULT class`. A case without a fault is a trap.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.lint.examples import write_files

from dsvault.lint.config import LintConfig
from dsvault.lint.corpus import NEAR
from dsvault.lint.findings import Severity
from dsvault.lint.project import read_paths
from dsvault.lint.run import lint_sequences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILES = sorted(Path(__file__).with_name("variants").glob("*.sql"))
_FAULT = re.compile(r"(?:--|#) FAULT (\S+)$")


def cases(file: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the name of each case, and its files."""
    for part in file.read_text(encoding="utf-8").split("-- === ")[1:]:
        name, _, text = part.partition("\n")
        pieces = re.split(r"^-- --- (.+)\n", text, flags=re.MULTILINE)
        if len(pieces) == 1:
            yield name, {"script.sql": text}
        else:
            yield name, dict(zip(pieces[1::2], pieces[2::2], strict=True))


def planted(files: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    """Yield path, line and class of each fault."""
    for path, text in files.items():
        for number, line in enumerate(text.splitlines(), 1):
            match = _FAULT.search(line)
            if match:
                yield path, number, match[1]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_fault_is_found_in_whatever_dress_and_a_trap_is_left_alone(
    file: Path, tmp_path: Path
) -> None:
    wrong = []
    for number, (name, files) in enumerate(cases(file)):
        folder = tmp_path / str(number)
        write_files(files, folder)
        found = lint_sequences(read_paths([folder]), LintConfig(select=("all",)))
        faults = list(planted(files))
        for path, line, fault_class in faults:
            near = [f for f in found if f.path == str(folder / path) and abs(f.line - line) <= NEAR]
            if not any(fault_class in finding.classes for finding in near):
                wrong.append(f"{name}: {path}:{line} {fault_class} was not found")
        if not faults:
            loud = [finding for finding in found if finding.severity > Severity.INFO]
            wrong += [f"{name}: {f.path}:{f.line} {f.code} is no fault" for f in loud]
    assert wrong == []


def test_there_are_variants_enough_to_say_something() -> None:
    faults = [fault for file in FILES for _, files in cases(file) for fault in planted(files)]
    assert len(faults) >= 500
    assert len({fault_class for _, _, fault_class in faults}) >= 115
