"""The corpus of this folder: see dsvault.lint.corpus."""

from __future__ import annotations

from pathlib import Path

from dsvault.lint.corpus import NEAR, Fault, cases
from dsvault.lint.corpus import faults as faults_below

ROOT = Path(__file__).parent / "corpus"
__all__ = ["NEAR", "ROOT", "Fault", "cases", "clean_cases", "faults", "name_of"]


def faults() -> list[Fault]:
    """Return all planted faults."""
    return list(faults_below(ROOT / "faults"))


def name_of(fault: Fault) -> str:
    """Return the case's path below the corpus, and the class."""
    return f"{fault.case.relative_to(ROOT / 'faults')}:{fault.fault_class}"


def clean_cases() -> list[Path]:
    """Return the clean files and projects."""
    return cases(ROOT / "clean")
