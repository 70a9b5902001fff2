"""Goes through a sequence of changes in order and asks the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dsvault.lint.apply import apply
from dsvault.lint.bodies import (
    atomic_statements,
    body_scope,
    inner_statements,
    note_computed,
    sql_function_statements,
)
from dsvault.lint.catalog import Catalog, Origin
from dsvault.lint.flow import RAISES, ends
from dsvault.lint.locks import strong_locks
from dsvault.lint.rule import Rule
from dsvault.lint.scope import ChangeScope, Parsed, Scope, World
from dsvault.lint.source import LARGEST, Source, read_source
from dsvault.lint.statements import read_statements
from dsvault.lint.transaction import Transactions
from dsvault.lint.undo import Effects, marks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dsvault.lint.findings import Finding
    from dsvault.lint.plsql import Body
    from dsvault.lint.project import History, Script

_HOOKS = ("body", "script", "change", "finish")


@dataclass(slots=True)
class Rules:
    """The rules that are on, sorted by what they want to see."""

    all: Sequence[Rule]
    by_kind: dict[str, list[Rule]] = field(default_factory=dict)
    everything: list[Rule] = field(default_factory=list)
    hooks: dict[str, list[Rule]] = field(default_factory=dict)
    _asked: dict[tuple[str, str, bool], list[Rule]] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Rules:
        """Sort rules."""
        found = cls(list(rules))
        for rule in found.all:
            for kind in rule.on:
                if kind == "*":
                    found.everything.append(rule)
                else:
                    found.by_kind.setdefault(kind, []).append(rule)
        for hook in _HOOKS:
            found.hooks[hook] = [r for r in found.all if hook in _overridden(type(r))]
        return found

    def asked(self, kind: str, task: str, *, is_inside: bool) -> list[Rule]:
        """Return the rules that look at statements of a kind in scripts for a task."""
        key = (kind, task, is_inside)
        found = self._asked.get(key)
        if found is None:
            found = [
                rule
                for rule in (*self.by_kind.get(kind, ()), *self.everything)
                if task in rule.tasks and (rule.in_functions or not is_inside)
            ]
            self._asked[key] = found
        return found


def _overridden(rule: type[Rule]) -> set[str]:
    return {hook for hook in _HOOKS if getattr(rule, hook) is not getattr(Rule, hook)}


class Engine:
    """Reads one sequence after the other; findings come in the order of the plan."""

    def __init__(
        self,
        rules: Iterable[Rule],
        *,
        target_version: int = 15,
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._rules = Rules.of(rules)
        self._version = target_version
        self._names = names or {}

    def run(self, sequence: History) -> World:
        """Return what became of a sequence: its findings and the final catalog."""
        world = World(sequence, Catalog(), self._version, self._names)
        number = 0
        if sequence.plan is not None:
            self._read(world, sequence.plan, is_sql=False)
        for change in sequence.changes:
            world.change = change
            if change.deploy is not None:
                number = self._run_script(world, change.deploy, number)
            for script in filter(None, (change.revert, change.verify)):
                number = self._run_script(world, script, number)
            self._ask_change(world)
        world.change = None
        for script in sequence.strays:
            number = self._run_script(world, script, number, is_applied=False)
        world.catalog.settle()
        for rule in self._rules.hooks["finish"]:
            rule.finish(world)
        return world

    def _ask_change(self, world: World) -> None:
        change = world.change
        assert change is not None  # noqa: S101 - set by the only caller
        parsed = [
            world.parsed.get(script) if script is not None else None
            for script in (change.deploy, change.revert, change.verify)
        ]
        scope = ChangeScope(world, change, *parsed)
        for rule in self._rules.hooks["change"]:
            rule.change(scope)

    def _read(self, world: World, script: Script, *, is_sql: bool = True) -> Parsed:
        source = _source(script)
        statements, unreadable = read_statements(source) if is_sql else ([], [])
        parsed = Parsed(script, source, statements, unreadable)
        world.parsed[script] = parsed
        return parsed

    def _run_script(
        self, world: World, script: Script, number: int, *, is_applied: bool = True
    ) -> int:
        parsed = self._read(world, script)
        is_applied = is_applied and script.task in {"deploy", "plain"}
        transactions = Transactions(number, whole_script=_is_whole(script, parsed.source))
        path = world.catalog.search_path
        scope = Scope(world, script, parsed.source, transactions, statements=parsed.statements)
        for statement in parsed.statements:
            transactions.before(statement)
            here = scope.moved(
                kind=statement.kind, node=statement.node, start=statement.start, end=statement.end
            )
            self._statement(here, is_applied=is_applied)
            transactions.after(statement)
        for rule in self._rules.hooks["script"]:
            if script.task in rule.tasks:
                rule.script(scope)
        world.catalog.search_path = path
        return transactions.last_number

    def _statement(self, scope: Scope, *, is_applied: bool) -> None:
        self._ask(scope)
        if scope.world.is_project and scope.where != "function":
            effects = scope.world.effects.setdefault(scope.script, Effects())
            effects.marks += marks_of(scope)
        if scope.kind in {"CreateFunctionStmt", "DoStmt"}:
            self._body(scope, is_applied=is_applied)
        if is_applied and scope.where != "function":
            self._apply(scope)

    def _ask(self, scope: Scope) -> None:
        is_inside = scope.where == "function"
        for rule in self._rules.asked(scope.kind, scope.script.task, is_inside=is_inside):
            rule.statement(scope)

    def _body(self, scope: Scope, *, is_applied: bool) -> None:
        inside, body, language = body_scope(scope)
        if body is not None:
            if inside.where == "do":
                self._note_do(scope, body)
            for rule in self._rules.hooks["body"]:
                if scope.script.task in rule.tasks:
                    rule.body(inside, body)
            for statement in inner_statements(inside, body):
                self._statement(statement, is_applied=is_applied)
            note_computed(scope.catalog, body.text)
        elif language == "sql" and inside.function is not None:
            for statement in sql_function_statements(inside, inside.function.body):
                self._statement(statement, is_applied=False)
        if "sql_body" in scope.node:
            for statement in atomic_statements(inside):
                self._statement(statement, is_applied=False)

    def _note_do(self, scope: Scope, body: Body) -> None:
        """Note that a DO block computes SQL, or refuses to go on."""
        effects = scope.world.effects.setdefault(scope.script, Effects())
        for step in body.all_steps():
            effects.is_uncertain |= "EXECUTE" in {step.kind, step.text}
        effects.refuses |= ends(body.steps, "") == {RAISES}

    def _apply(self, scope: Scope) -> None:
        if not scope.is_computed:
            for name in strong_locks(scope.catalog, scope.kind, scope.node):
                if scope.existing(name):
                    scope.transaction.locked.setdefault(name, scope.start)
        origin = Origin(scope.script, scope.start, scope.transaction.number)
        apply(scope.catalog, scope.kind, scope.node, origin)


def _source(script: Script) -> Source:
    """Read a script; what hinders that becomes a problem of the source."""
    from dsvault.lint.source import Problem  # noqa: PLC0415 - used where reading failed only

    if script.text is not None:
        return read_source(script.shown, script.text)
    try:
        assert script.path is not None  # noqa: S101 - either path or text is given
        if script.leaves_project:
            problem = Problem(0, "a link leads out of the project, so the file was not read")
            return Source(script.shown, "", "", [problem])
        if script.path.stat().st_size > LARGEST:
            problem = Problem(0, "the file is larger than 64 MB and was not read")
            return Source(script.shown, "", "", [problem])
        return read_source(script.shown, script.path.read_bytes())
    except OSError as error:
        problem = Problem(0, f"the file cannot be read: {error.strerror}")
        return Source(script.shown, "", "", [problem])


def _is_whole(script: Script, source: Source) -> bool:
    """Say whether what runs the script puts all of it into one transaction."""
    first = source.original.lstrip()[:200].lower()
    return bool(script.in_transaction) and "no-transaction" not in first.split("\n", 1)[0]


def read_findings(world: World) -> list[Finding]:
    """Return a sequence's findings, each once."""
    return list(dict.fromkeys(world.findings))
