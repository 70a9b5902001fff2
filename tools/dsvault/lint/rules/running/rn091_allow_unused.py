from __future__ import annotations

from dsvault.lint.findings import Severity
from dsvault.lint.rule import Rule


class AllowUnused(Rule):
    """An allow comment covers nothing that was found.

    Why: it would hide the next fault of its kind on this line.
    Instead: remove it.
    """

    code = "RN091"
    severity = Severity.WARNING
    bad = "-- dsvault: allow LK001 the table is small\nSELECT 1;\n"
    good = "SELECT 1;\n"
