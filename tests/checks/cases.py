"""For each check a state that it must report, and one close to it about which it must be silent.

Both are made by statements in a vault, in a transaction that is rolled back. Where a state cannot
be made, a threshold is set so that the state there counts as bad (`SET LOCAL doctor.…`).
"""

from __future__ import annotations

from tests.checks.case import Case
from tests.checks.cases_of_rights import RIGHTS
from tests.checks.cases_of_structure import STRUCTURE

__all__ = ["CASES", "Case"]
CASES = RIGHTS | STRUCTURE
