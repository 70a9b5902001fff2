from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.planning import PLAN
from dsvault.lint.rule import Rule
from dsvault.lint.undo import Effects, net
from dsvault.lint.verifying import can_fail

if TYPE_CHECKING:
    from dsvault.lint.scope import ChangeScope, Scope
    from dsvault.lint.source import Source
    from dsvault.lint.statements import Statement


class VerifyCannotFail(Rule):
    """A verify script passes whatever the state.

    Why: it greets and proves nothing: a deploy that did nothing would pass.
    When not: a missing table, column or function makes it fail; RAISE; 1 / count(*).
    Instead: ask for each thing that deploy made, so that the answer is an error if it is wrong.
    """

    code = "RV006"
    classes = ("verify-cannot-fail",)
    severity = Severity.WARNING
    bad = {
        "sqitch.plan": PLAN,
        "deploy/a.sql": "CREATE TABLE a (id int PRIMARY KEY);\n",
        "verify/a.sql": "SELECT count(*) FROM pg_class WHERE relname = 'a';\n",
        "revert/a.sql": "DROP TABLE a;\n",
    }
    good = {**bad, "verify/a.sql": "SELECT id FROM a WHERE false;\n"}

    tasks = frozenset({"verify"})

    def script(self, scope: Scope) -> None:
        """Report a script of which no statement can fail, or none asks for what deploy made."""
        parsed = scope.world.parsed[scope.script]
        if parsed.unreadable:
            return
        silent = _GOES_ON.search(scope.source.original)
        if silent:
            scope.report(
                self,
                "psql goes on after an error, so the script succeeds whatever it finds",
                "Leave ON_ERROR_STOP on.",
                at=len(scope.source.original[: silent.start()].encode()),
            )
            return
        if not any(can_fail(statement) for statement in parsed.statements):
            for place in {_place(parsed.statements), *_handlers(scope.source, parsed.statements)}:
                scope.report(
                    self,
                    "no statement of it fails in any state of the database",
                    "Ask so that a wrong answer is an error.",
                    at=place,
                )

    def change(self, scope: ChangeScope) -> None:
        """Report a script that names nothing of what its change made."""
        change = scope.change
        if scope.verify is None or change.verify is None or change.deploy is None:
            return
        effects = scope.world.effects.get(change.deploy, Effects())
        marks = [m for m in net(effects.marks).values() if m.thing in _NAMED and m.sign != "-"]
        if not marks or effects.is_uncertain or scope.verify.unreadable:
            return
        text = scope.verify.source.original.lower()
        if not any(can_fail(statement) for statement in scope.verify.statements):
            return
        names = {m.label.lower() for m in effects.marks if m.name}
        if not any(re.search(rf"\b{re.escape(name)}\b", text) for name in names):
            scope.world.report(
                self,
                change.verify,
                _place(scope.verify.statements),
                f"names nothing of what deploy made, such as {marks[0].words()}",
                "Ask for each thing that deploy made.",
            )


_GOES_ON = re.compile(
    r"^\\set\s+ON_ERROR_STOP\s+(?:off|0|false|no)\b", re.MULTILINE | re.IGNORECASE
)
_CAUGHT = re.compile(rb"\bEXCEPTION\s+WHEN\b", re.IGNORECASE)
_NAMED = {"table", "view", "function", "type", "column", "index", "policy", "trigger",
          "constraint", "schema", "role", "sequence"}  # fmt: skip


def _place(statements: list[Statement]) -> int:
    """Return the first statement that is no BEGIN, else the first, else the beginning."""
    quiet = {"TransactionStmt", "VariableSetStmt"}
    found = [s.start for s in statements if s.kind not in quiet] or [s.start for s in statements]
    return found[0] if found else 0


def _handlers(source: Source, statements: list[Statement]) -> list[int]:
    """Return where DO blocks catch what their checks raise."""
    blocks = [s for s in statements if s.kind == "DoStmt"]
    found = (_CAUGHT.search(source.data, block.start, block.end) for block in blocks)
    return [match.start() for match in found if match]
