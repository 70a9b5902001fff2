from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dsvault.lint.findings import Severity
from dsvault.lint.names import made, references
from dsvault.lint.planning import PLAN, line_offset
from dsvault.lint.rule import Rule
from dsvault.lint.scope import qualified

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dsvault.lint.names import Reference
    from dsvault.lint.project import Change, Script
    from dsvault.lint.scope import Scope, World
    from dsvault.lint.tree import Name


class UndeclaredDependency(Rule):
    """A change uses what another one makes without requiring it, or stands before it.

    Why: the order of the plan is luck: moved, or deployed up to here, the change fails.
    When not: it is required by way of other changes.
    Instead: name the change in brackets: `b [a]`, and put it behind.
    """

    code = "RV009"
    classes = ("undeclared-dependency",)
    severity = Severity.WARNING
    on = ("*",)
    in_functions = True
    bad = {
        "sqitch.plan": PLAN + "b 2026-01-01T00:00:01Z X <x@example.org> # B.\n",
        "deploy/a.sql": "CREATE TABLE a (id int PRIMARY KEY);\n",
        "verify/a.sql": "SELECT id FROM a WHERE false;\n",
        "revert/a.sql": "DROP TABLE a;\n",
        "deploy/b.sql": "CREATE TABLE b (id int PRIMARY KEY REFERENCES a (id));\n",
        "verify/b.sql": "SELECT id FROM b WHERE false;\n",
        "revert/b.sql": "DROP TABLE b;\n",
    }
    good = {**bad, "sqitch.plan": PLAN + "b [a] 2026-01-01T00:00:01Z X <x@example.org> # B.\n"}

    def statement(self, scope: Scope) -> None:
        """Remember what each change makes and uses."""
        change = scope.world.change
        if change is None or scope.world.sequence.plan is None:
            return
        memory = scope.world.memory.setdefault(self.code, Dependencies())
        if scope.where != "function":
            new = made(scope.catalog, scope.kind, scope.node)
            if scope.kind == "CreateRoleStmt":
                new = ("role", ("", scope.node.get("role", "")))
            elif scope.kind == "CreateSchemaStmt":
                new = ("schema", ("", scope.node.get("schemaname", "")))
            if new is not None and not scope.is_computed:
                memory.makers.setdefault(new, change)
        # A PL/pgSQL body is bound when it is called: what it names may be made later.
        is_bound_late = scope.enclosing is not None
        for reference in references(scope):
            key = (change.name, reference.thing, reference.name)
            known = memory.uses.get(key)
            if known is None or known.is_bound_late > is_bound_late:
                memory.uses[key] = Use(change, reference, scope.script, is_bound_late)

    def finish(self, world: World) -> None:
        """Report uses without a requirement."""
        memory = world.memory.get(self.code)
        plan = world.sequence.plan
        if world.sequence.plan_error is not None and plan is not None:
            line, message = world.sequence.plan_error
            world.report(self, plan, line_offset(world.parsed[plan], line), message)
        if memory is None or plan is None or world.sequence.plan_error is not None:
            return
        order = {id(change): n for n, change in enumerate(world.sequence.changes)}
        required = closures(world.sequence.changes, world.sequence.tags)
        seen = set()
        for change, reference, script, is_bound_late in memory.uses.values():
            maker = memory.makers.get((reference.thing, reference.name))
            if reference.thing == "type" and maker is None:
                maker = memory.makers.get(("relation", reference.name))
            if maker is None or maker.name == change.name:
                continue
            key = (change.name, maker.name)
            is_late = order[id(maker)] > order[id(change)]
            is_fine = maker.name in required[change.name] or (is_late and is_bound_late)
            if is_fine or key in seen:
                continue
            seen.add(key)
            what = qualified(reference.name)
            where = "makes later" if is_late else f"makes, but {change.name} does not require it"
            classes = ("undeclared-dependency", "forward-reference") if is_late else self.classes
            message = f"uses {what}, which {maker.name} {where}"
            fix = f"Require it: {change.name} [{maker.name}]."
            offset = line_offset(world.parsed[plan], change.line)
            world.report(self, plan, offset, f"{change.name} {message}", fix, classes=classes)
            world.report(self, script, reference.offset, message, fix, classes=classes)


class Use(NamedTuple):
    """What a change needs, and whether only when a function is called."""

    change: Change
    reference: Reference
    script: Script
    is_bound_late: bool


class Dependencies:
    """What changes make and use."""

    def __init__(self) -> None:
        self.makers: dict[tuple[str, Name], Change] = {}
        self.uses: dict[tuple[str, str, Name], Use] = {}


def closures(changes: list[Change], tags: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    """Return for each change what it requires, also by way of others; a tag is all before it."""
    found: dict[str, set[str]] = {}
    for change in changes:
        names: set[str] = set(found.get(change.name, ()))
        for text in change.requires:
            name, _, tag = text.partition("@")
            before = tags.get(tag, ()) if not name else [name]
            for required in before:
                names |= {required} | found.get(required, set())
        found[change.name] = names
    return found
