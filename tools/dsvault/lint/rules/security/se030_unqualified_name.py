from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.bare import BareName, bare_names
from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.scope import Scope, World

_MAKING = ("CreateFunctionStmt", "CreateEnumStmt", "CreateRangeStmt", "CreateDomainStmt")
_NAMES = ("funcname", "typeName", "domainname")
_NOTHING = ("VariableSetStmt", "TransactionStmt", "DropStmt", "CommentStmt", "GrantStmt")


class UnqualifiedName(Rule):
    """Table, view, function or type without its schema.

    Why: it is made, or found, where the search_path of the session leads that runs the script, or
    calls the function: another login makes it in another schema, and whoever may create in a
    schema before can slip something of his own in.
    When not: the script has set search_path before, the function has one of its own (RN030 looks
    at those), or everything lives in public and nobody else may create there.
    Instead: write the schema: app.orders.
    """

    code = "SE030"
    severity = Severity.INFO
    on = ("*",)
    in_functions = True
    tasks = frozenset({"deploy", "revert", "verify", "plain"})
    setup = "CREATE SCHEMA app;\nSET search_path = app, public;\n"
    bad = "CREATE TABLE notes (id bigint PRIMARY KEY);\n"
    good = "CREATE TABLE public.notes (id bigint PRIMARY KEY);\n"
    claim = Claim(shows="SELECT to_regclass('app.notes') IS NOT NULL")

    def statement(self, scope: Scope) -> None:
        """Remember names that nothing but the session's search_path leads to."""
        memory = scope.world.memory.setdefault(self.code, _Memory())
        if scope.kind == "CreateTrigStmt":
            rows = scope.node.get("transitionRels", ())
            memory.given.update(item["TriggerTransition"].get("name", "") for item in rows)
        for fields in scope.of_type("RangeVar"):
            if fields.get("relpersistence") == "t":
                memory.given.add(fields.get("relname", ""))
        is_local = scope.kind == "VariableSetStmt" and scope.where == "script"
        if is_local and scope.node.get("name") == "search_path":
            memory.told.add(scope.script)
        function = scope.function
        is_pinned = function is not None and "search_path" in function.settings
        if scope.script in memory.told or is_pinned or scope.kind in _NOTHING or scope.is_computed:
            return
        memory.named += [(name, scope) for name in (*_made(scope), *bare_names(scope))]

    def finish(self, world: World) -> None:
        """Report each name once a script; a function only if the plan makes it."""
        memory = world.memory.get(self.code, _Memory())
        own = {name[1] for name, made in world.catalog.functions.items() if made}
        seen = set()
        for name, scope in memory.named:
            key = (scope.script, name.thing, name.text)
            is_foreign = name.thing == "function" and name.text not in own
            if key in seen or is_foreign or name.text in memory.given:
                continue
            seen.add(key)
            world.report(
                self,
                scope.script,
                name.offset,
                f"{name.text} is named without its schema",
                f"Write the schema: app.{name.text}.",
            )


class _Memory:
    """What is named, and which names and scripts need no schema."""

    def __init__(self) -> None:
        self.named: list[tuple[BareName, Scope]] = []
        self.given: set[str] = set()
        self.told: set[object] = set()


def _made(scope: Scope) -> Iterator[BareName]:
    """Yield the function or type that the statement makes without a schema."""
    if scope.kind in _MAKING and scope.where != "function":
        for key in _NAMES:
            names = strings(scope.node.get(key)) if isinstance(scope.node.get(key), list) else []
            if len(names) == 1:
                yield BareName("made", names[0], scope.find_text(names[0]))
