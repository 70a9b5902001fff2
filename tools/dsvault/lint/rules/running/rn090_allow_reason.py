from __future__ import annotations

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Rule


class AllowReason(Rule):
    """An allow comment names no rule, or gives no reason.

    Why: a reader must be able to judge whether the exception still holds.
    Instead: `-- dsvault: allow LK001 the table is empty until the release`.
    """

    code = "RN090"
    severity = Severity.WARNING
    bad = "-- dsvault: allow LK001\nSELECT 1;\n"
    good = "SELECT 1;\n"
