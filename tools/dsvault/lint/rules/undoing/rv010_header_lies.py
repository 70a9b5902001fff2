from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.planning import PLAN
from dsvault.lint.rule import Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import ChangeScope


_HEADER = re.compile(r"\s*--\s*(Deploy|Revert|Verify)\s+(?:[^\s:]+:)?(\S+)")


class HeaderLies(Rule):
    """A script's header names another change, or other requirements than the plan.

    Why: a reader takes it for the truth; Sqitch writes it once and never again.
    When not: scripts without a header.
    Instead: what the plan says.
    """

    code = "RV010"
    severity = Severity.INFO
    bad = {
        "sqitch.plan": PLAN,
        "deploy/a.sql": "-- Deploy p:b to pg\nCREATE TABLE a (id int PRIMARY KEY);\n",
        "verify/a.sql": "SELECT id FROM a WHERE false;\n",
        "revert/a.sql": "DROP TABLE a;\n",
    }
    good = {**bad, "deploy/a.sql": str(bad["deploy/a.sql"]).replace("p:b", "p:a")}

    def change(self, scope: ChangeScope) -> None:
        """Compare the headers with the plan."""
        for parsed in filter(None, (scope.deploy, scope.revert, scope.verify)):
            match = _HEADER.match(parsed.source.original)
            name = match[2].partition("@")[0] if match else scope.change.name
            if name != scope.change.name:
                scope.world.report(
                    self, parsed.script, 0, f"the header names {name}", f"Say {scope.change.name}."
                )
        if scope.deploy is None or scope.world.sequence.plan is None:
            return
        found = set(
            re.findall(r"^--\s*requires:\s*(\S+)", scope.deploy.source.original, re.MULTILINE)
        )
        wanted = set(scope.change.requires)
        if found and found != wanted:
            odd = ", ".join(sorted(found ^ wanted))
            scope.world.report(
                self, scope.deploy.script, 0, f"the plan differs about {odd}", "Repeat the plan."
            )
