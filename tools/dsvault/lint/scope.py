"""What a rule can see, and how it reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from dsvault.lint.findings import Edit, Finding
from dsvault.lint.tree import Node, location, range_name, walk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dsvault.lint.catalog import Catalog, Function, Origin, Table
    from dsvault.lint.plsql import Body
    from dsvault.lint.project import Change, History, Script
    from dsvault.lint.rule import Rule
    from dsvault.lint.source import Source
    from dsvault.lint.statements import Statement, Unreadable
    from dsvault.lint.transaction import Transaction, Transactions
    from dsvault.lint.tree import Name
    from dsvault.lint.undo import Effects


@dataclass(slots=True)
class Parsed:
    """A script as read: its source, statements, and what could not be read."""

    script: Script
    source: Source
    statements: list[Statement]
    unreadable: list[Unreadable]


@dataclass(slots=True)
class World:
    """One sequence of changes as it is read. `catalog` is the state at this moment."""

    sequence: History
    catalog: Catalog
    target_version: int = 15
    names: Mapping[str, str] = field(default_factory=dict)  # patterns of the settings, by kind
    findings: list[Finding] = field(default_factory=list)
    parsed: dict[Script, Parsed] = field(default_factory=dict)
    change: Change | None = None
    # What is remembered between statements, by the rule's code.
    memory: dict[str, Any] = field(default_factory=dict)
    effects: dict[Script, Effects] = field(default_factory=dict)

    @property
    def is_project(self) -> bool:
        """Say whether a plan, or a folder of migrations, tells the whole history."""
        return self.sequence.kind != "file"

    def report(  # noqa: PLR0913 - what a finding is made of
        self,
        rule: Rule | type[Rule],
        script: Script,
        offset: int,
        message: str,
        fix: str | None = None,
        *,
        edit: Edit | None = None,
        classes: tuple[str, ...] | None = None,
    ) -> None:
        """Note a finding at a byte offset of a script."""
        if not script.is_wanted:
            return
        parsed = self.parsed.get(script)
        line, column, text = parsed.source.place(offset) if parsed else (1, 1, "")
        self.findings.append(
            Finding(
                script.shown,
                line,
                column,
                rule.code,
                classes or rule.classes,
                rule.severity,
                message,
                fix,
                text,
                edit,
            )
        )

    def report_origin(
        self,
        rule: Rule,
        origin: Origin,
        message: str,
        fix: str | None = None,
        classes: tuple[str, ...] | None = None,
    ) -> None:
        """Note a finding where a thing was made. Revert and verify scripts make nothing."""
        if origin.script.task in {"deploy", "plain"}:
            self.report(rule, origin.script, origin.offset, message, fix, classes=classes)


@dataclass(slots=True)
class Scope:
    """One statement, or a script at its end, in its surroundings.

    `where` is function for what only runs when a function is called; such statements do not change
    the catalog. Offsets count bytes of the file.
    """

    world: World
    script: Script
    source: Source
    transactions: Transactions
    kind: str = ""
    node: Node = field(default_factory=dict)
    start: int = 0
    end: int = 0
    where: Literal["script", "do", "function"] = "script"
    function: Function | None = None
    enclosing: Body | None = None
    is_expression: bool = False
    is_computed: bool = False
    statements: list[Statement] = field(default_factory=list)
    _nodes: list[tuple[str, Node]] | None = None
    _index: dict[str, list[Node]] | None = None

    def moved(self, **changes: Any) -> Scope:  # noqa: ANN401 - any field
        """Return the scope of another statement in the same surroundings."""
        # Field by field: dataclasses.replace costs as much as many a rule does.
        other = Scope(
            self.world, self.script, self.source, self.transactions, self.kind, self.node,
            self.start, self.end, self.where, self.function, self.enclosing, self.is_expression,
            self.is_computed, self.statements,
        )  # fmt: skip
        for name, value in changes.items():
            setattr(other, name, value)
        return other

    @property
    def catalog(self) -> Catalog:
        """The catalog before the statement."""
        return self.world.catalog

    @property
    def transaction(self) -> Transaction:
        """The transaction in which the statement runs."""
        return self.transactions.current

    @property
    def in_block(self) -> bool:
        """Whether the statement shares its transaction with others, as far as is known."""
        return self.transaction.is_block or self.where != "script"

    @property
    def nodes(self) -> list[tuple[str, Node]]:
        """All typed nodes of the statement, itself first, read once."""
        if self._nodes is None:
            self._nodes = [(self.kind, self.node), *walk(self.node)]
        return self._nodes

    @property
    def index(self) -> dict[str, list[Node]]:
        """The fields of the statement's nodes by type, those of one type in order."""
        if self._index is None:
            found: dict[str, list[Node]] = {}
            for kind, fields in self.nodes:
                if kind in found:
                    found[kind].append(fields)
                else:
                    found[kind] = [fields]
            self._index = found
        return self._index

    def of_type(self, *kinds: str) -> Sequence[Node]:
        """Return the fields of the statement's nodes of these types."""
        index = self.index
        if len(kinds) == 1:
            return index.get(kinds[0], ())
        return [fields for kind in kinds for fields in index.get(kind, ())]

    @property
    def text(self) -> str:
        """The statement as written."""
        return self.source.data[self.start : self.end].decode("utf-8", "replace")

    def ready(self) -> str:
        """Return the statement as the parser got it: without what only psql understands."""
        return self.source.ready[self.start : self.end].decode("utf-8", "replace")

    def commands(self, *subtypes: str) -> list[Node]:
        """Return the commands of an ALTER TABLE of these subtypes, or all."""
        if self.kind != "AlterTableStmt" or self.node.get("objtype") not in {
            "OBJECT_TABLE",
            "OBJECT_FOREIGN_TABLE",
            None,
        }:
            return []
        found = [item["AlterTableCmd"] for item in self.node.get("cmds", ())]
        return [c for c in found if not subtypes or c.get("subtype") in subtypes]

    def relation(self) -> Name:
        """Return the full name of the statement's table."""
        key = "table" if "table" in self.node else "relation"
        return self.catalog.qualify(range_name(self.node.get(key, {})))

    @property
    def named(self) -> str:
        """The statement's table as a message names it."""
        return qualified(self.relation())

    def is_new(self, name: Name) -> bool:
        """Say whether the table or view was made by this script, so that nobody uses it yet."""
        thing = self.catalog.table(name) or self.catalog.view(name)
        if thing is None:
            return False
        is_temporary = getattr(thing, "is_temporary", False)
        return is_temporary or (
            thing.origin.script is self.script and getattr(thing, "is_known", True)
        )

    def existing(self, name: Name) -> bool:
        """Say whether the table was there before this script: others may use it, it has rows."""
        return not self.is_new(name)

    def find_text(self, *words: str, after: int | None = None) -> int:
        """Return the offset of the first of the words within the statement, else its start."""
        text = self.source.data[self.start : self.end].lower()
        begin = 0 if after is None else max(0, after - self.start)
        for word in words:
            at = text.find(word.lower().encode(), begin)
            if at >= 0:
                return self.start + at
        return self.start if after is None else after

    def report(  # noqa: PLR0913 - what a finding is made of
        self,
        rule: Rule,
        message: str,
        fix: str | None = None,
        *,
        at: int | Node | None = None,
        edit: Edit | None = None,
        classes: tuple[str, ...] | None = None,
    ) -> None:
        """Note a finding: at the statement, or at an offset or node inside of it."""
        offset = at if isinstance(at, int) else location(at) if at else None
        self.world.report(
            rule,
            self.script,
            self.start if offset is None else offset,
            message,
            fix,
            edit=edit,
            classes=classes,
        )


@dataclass(slots=True)
class ChangeScope:
    """A change of a project, after its deploy script."""

    world: World
    change: Change
    deploy: Parsed | None
    revert: Parsed | None
    verify: Parsed | None


def qualified(name: Name) -> str:
    """Return a name as a reader writes it: without public."""
    return name[1] if name[0] in {"", "public"} else ".".join(name)


def made_here(scope: Scope, table: Table | None) -> bool:
    """Say whether this script made the table and says all of it."""
    return table is not None and table.is_known and table.origin.script is scope.script
