from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.apply.functions import functions_meant
from dsvault.lint.bodies import body_trees
from dsvault.lint.findings import Edit
from dsvault.lint.rule import Rule
from dsvault.lint.tree import inner, option, option_text
from dsvault.lint.volatility import not_immutable_call

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class MislabelledImmutable(Rule):
    """An IMMUTABLE function that reads data or settings; a STABLE one that writes.

    Why: the planner computes it once and keeps the value; an index on it holds stale values. A
    function that is not VOLATILE may not write.
    When not: it depends on its arguments alone.
    Instead: STABLE, or VOLATILE if it writes.
    """

    code = "RN027"
    classes = ("mislabelled-immutable",)
    on = (
        "SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "ReturnStmt", "AlterFunctionStmt",
    )  # fmt: skip
    in_functions = True
    setup = "CREATE TABLE rates (name text, rate numeric);\n"
    bad = (
        "CREATE FUNCTION rate(n text) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$\n"
        "    SELECT r.rate FROM rates AS r WHERE r.name = n\n$$;\n"
    )
    good = bad.replace("IMMUTABLE", "STABLE")

    def statement(self, scope: Scope) -> None:
        """Report what an immutable function reads."""
        function = scope.function
        if scope.kind == "AlterFunctionStmt":
            self._altered(scope)
            return
        if scope.where != "function" or function is None or function.volatility == "volatile":
            return
        if scope.kind in {"InsertStmt", "UpdateStmt", "DeleteStmt"}:
            self._report(scope, f"it is {function.volatility.upper()} and writes", "VOLATILE")
        elif function.volatility == "immutable":
            what = _reads(scope)
            if what:
                self._report(scope, f"it is IMMUTABLE and reads {what}", "STABLE")

    def _altered(self, scope: Scope) -> None:
        """Report a function that is made IMMUTABLE afterwards."""
        if option_text(option(scope.node.get("actions"), "volatility")) != "immutable":
            return
        for function in functions_meant(scope.catalog, scope.node.get("func", {})):
            for tree in body_trees(function):
                kind, fields = inner(tree.get("stmt", tree))
                what = _reads(scope.moved(kind=kind, node=fields)) if kind else None
                if what:
                    message = f"{function.name[1]}() becomes IMMUTABLE and reads {what}"
                    scope.report(self, message, "Declare it STABLE.")
                    break

    def _report(self, scope: Scope, what: str, word: str) -> None:
        memory = scope.world.memory.setdefault(self.code, set())
        function = scope.function
        key = (scope.script, function.body_start if function else 0)
        if key not in memory:
            memory.add(key)
            scope.report(self, what, f"Declare it {word}.", edit=_edit(scope, word))


def _edit(scope: Scope, word: str) -> Edit | None:
    """Return the correction, if the word stands once in front of the body."""
    function = scope.function
    if function is None:
        return None
    start, stop = function.origin.offset, max(function.body_start, function.origin.offset)
    head = scope.source.data[start:stop]
    found = list(re.finditer(rb"\b(?:IMMUTABLE|STABLE)\b", head, re.IGNORECASE))
    if len(found) != 1:
        return None
    return Edit(start + found[0].start(), start + found[0].end(), word)


def _reads(scope: Scope) -> str | None:
    given = {fields.get("ctename") for kind, fields in scope.nodes if kind == "CommonTableExpr"}
    for kind, fields in scope.nodes:
        if kind == "RangeVar" and fields.get("relname") not in given:
            return f"{fields.get('relname')}"
    return not_immutable_call(scope.catalog, {scope.kind: scope.node})
