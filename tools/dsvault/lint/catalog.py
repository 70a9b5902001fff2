"""A model of the catalog, as far as the text of a plan tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dsvault.lint.tree import find, name_of, strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.lint.project import Script
    from dsvault.lint.tree import Name, Node


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a thing was made: script, byte offset, and the number of the transaction.

    `by_hand` is false for what a function body or computed SQL makes.
    """

    script: Script
    offset: int
    transaction: int = 0


@dataclass(slots=True)
class Column:
    """A column. `type` is as format_type writes it; `default` and `generated` are expressions."""

    name: str
    type: str
    origin: Origin
    not_null: bool = False
    default: Node | None = None
    generated: Node | None = None
    is_identity: bool = False
    is_serial: bool = False
    comment: str | None = None


@dataclass(slots=True)
class Constraint:
    """A constraint. `kind` is one of primary, unique, foreign, check, exclude, notnull."""

    name: str
    kind: str
    origin: Origin
    columns: tuple[str, ...] = ()
    expression: Node | None = None
    ref_table: Name = ("", "")
    ref_columns: tuple[str, ...] = ()
    on_delete: str = "a"  # a no action, r restrict, c cascade, n set null, d set default
    on_update: str = "a"
    set_columns: tuple[str, ...] = ()
    is_valid: bool = True
    nulls_not_distinct: bool = False
    is_named: bool = True


@dataclass(frozen=True, slots=True)
class Key:
    """An element of an index: a column or an expression, with its order."""

    column: str | None
    expression: Node | None = None
    descending: bool = False
    opclass: str = ""


@dataclass(slots=True)
class Index:
    """An index; also that of a primary or unique constraint, whose name it then bears."""

    name: str
    table: Name
    origin: Origin
    keys: tuple[Key, ...] = ()
    is_unique: bool = False
    include: tuple[str, ...] = ()
    where: Node | None = None
    method: str = "btree"
    of_constraint: bool = False
    nulls_not_distinct: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the leading plain columns."""
        found = []
        for key in self.keys:
            if key.column is None:
                break
            found.append(key.column)
        return tuple(found)


@dataclass(slots=True)
class Policy:
    """A row-level security policy. `command` is all, select, insert, update or delete."""

    name: str
    table: Name
    origin: Origin
    is_permissive: bool = True
    command: str = "all"
    roles: tuple[str, ...] = ("public",)
    using: Node | None = None
    check: Node | None = None


@dataclass(slots=True)
class Trigger:
    """A trigger. `timing` is before, after or instead; `events` are insert, update, delete …"""

    name: str
    table: Name
    origin: Origin
    function: Name = ("", "")
    timing: str = "after"
    events: tuple[str, ...] = ()
    per_row: bool = False
    columns: tuple[str, ...] = ()
    when: Node | None = None


@dataclass(slots=True)
class Grant:
    """A privilege given: to one role, on one object, for all columns or some."""

    privilege: str
    kind: str
    object: Name
    grantee: str
    origin: Origin
    columns: tuple[str, ...] = ()
    grantable: bool = False
    is_default: bool = False  # by ALTER DEFAULT PRIVILEGES


@dataclass(slots=True)
class Table:
    """A table. `is_known` is false if no text shows how it was made."""

    name: Name
    origin: Origin
    is_known: bool = True
    columns: dict[str, Column] = field(default_factory=dict)
    constraints: dict[str, Constraint] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    has_rls: bool = False
    is_forced: bool = False
    is_temporary: bool = False
    is_foreign: bool = False
    inherits: tuple[Name, ...] = ()
    parent: Name | None = None
    bound: Node | None = None
    strategy: str = ""  # range, list, hash for a partitioned table
    partition_key: tuple[str | None, ...] = ()
    has_computed_partitions: bool = False
    has_open_columns: bool = False  # LIKE, INHERITS, OF or AS: more columns than the text shows
    comment: str | None = None
    owner: str = ""

    @property
    def primary_key(self) -> Constraint | None:
        """Return the primary key, if there is one."""
        found = (c for c in self.constraints.values() if c.kind == "primary")
        return next(found, None)

    def of_kind(self, *kinds: str) -> list[Constraint]:
        """Return the constraints of these kinds."""
        return [c for c in self.constraints.values() if c.kind in kinds]


@dataclass(slots=True)
class View:
    """A view or materialized view."""

    name: Name
    origin: Origin
    query: Node
    is_materialized: bool = False
    security_invoker: bool = False
    altered: Origin | None = None  # where ALTER VIEW changed its options
    columns: tuple[str | None, ...] = ()
    owner: str = ""


@dataclass(slots=True)
class Function:
    """A function or procedure. `arguments` are the types of its input, as format_type has them."""

    name: Name
    arguments: tuple[str, ...]
    origin: Origin
    language: str = "sql"
    returns: str = ""
    parameters: tuple[tuple[str, str, str], ...] = ()  # name, type, mode (in, out, inout, …)
    volatility: str = "volatile"
    is_definer: bool = False
    settings: dict[str, list[str]] = field(default_factory=dict)
    body: str = ""
    body_start: int = 0
    is_procedure: bool = False
    public_may_execute: bool = True
    owner: str = ""
    node: Node = field(default_factory=dict)
    changed: dict[str, Origin] = field(default_factory=dict)  # where ALTER or GRANT changed what

    def places(self, *what: str) -> list[Origin]:
        """Return where it was made, and where one of these things was changed last."""
        changed = [self.changed[word] for word in what if word in self.changed]
        return [self.origin, *changed[:1]]

    @property
    def search_path(self) -> list[str] | None:
        """Return the pinned search_path, None if it is not pinned."""
        return self.settings.get("search_path")


@dataclass(slots=True)
class Type:
    """An enum, domain, composite or range type."""

    name: Name
    origin: Origin
    kind: str
    values: list[str] = field(default_factory=list)
    base: str = ""
    not_null: bool = False
    checks: int = 0
    added: dict[str, int] = field(default_factory=dict)  # value -> transaction that added it


@dataclass(slots=True)
class Role:
    """A role that the text makes, or only alters: then `is_known` is false."""

    name: str
    origin: Origin
    is_known: bool = True
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Groups:
    """What belongs to a table, by the table's name."""

    indexes: dict[Name, list[Index]] = field(default_factory=dict)
    partitions: dict[Name, list[Table]] = field(default_factory=dict)
    grants: dict[Name, list[Grant]] = field(default_factory=dict)


@dataclass(slots=True)
class Catalog:
    """Everything that exists at one moment of a plan. Names without schema count as public."""

    tables: dict[Name, Table] = field(default_factory=dict)
    views: dict[Name, View] = field(default_factory=dict)
    indexes: dict[Name, Index] = field(default_factory=dict)
    functions: dict[Name, list[Function]] = field(default_factory=dict)
    types: dict[Name, Type] = field(default_factory=dict)
    sequences: dict[Name, Origin] = field(default_factory=dict)
    schemas: dict[str, Origin] = field(default_factory=dict)
    extensions: dict[str, Origin] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    # Names of tables for which computed SQL does what no text shows: "rls", "force", "policy" …
    computed: set[str] = field(default_factory=set)
    # Columns that policies compare with what the session says.
    session_columns: set[str] = field(default_factory=set)
    # Who is a member of which other role.
    members: set[str] = field(default_factory=set)
    # What tables and views get as they are made, by schema; "" is every schema.
    defaults: list[tuple[str, str, str]] = field(default_factory=list)
    # The default privileges of functions are closed to PUBLIC.
    functions_closed: bool = False
    search_path: str = "public"
    _settled: _Groups | None = None
    # What an expression calls, by its identity, which is its own as long as it is kept here.
    _called: dict[int, tuple[Node, frozenset[Name]]] = field(default_factory=dict)

    def called(self, expression: Node) -> set[Name]:
        """Return the names of the functions that an expression calls, which is looked for once."""
        known = self._called.get(id(expression))
        if known is None:
            calls = find(expression, "FuncCall")
            names = frozenset(name_of(strings(fields.get("funcname"))) for fields in calls)
            known = self._called[id(expression)] = expression, names
        return {self.qualify(name) for name in known[1]}

    def settle(self) -> None:
        """Group what belongs to tables, for many questions; nothing may be changed from now on."""
        groups = _Groups()
        for index in self.indexes.values():
            groups.indexes.setdefault(index.table, []).append(index)
        for table in self.tables.values():
            if table.parent is not None:
                groups.partitions.setdefault(table.parent, []).append(table)
        for grant in self.grants:
            if grant.kind == "table":
                groups.grants.setdefault(grant.object, []).append(grant)
        self._settled = groups

    def qualify(self, name: Name) -> Name:
        """Return the name with its schema: the one it is found in, else where it would be made."""
        if name[0]:
            return name
        return (self.search_path, name[1])

    def table(self, name: Name) -> Table | None:
        """Return a table, or None."""
        return self.tables.get(self.qualify(name))

    def domain_of(self, name: Name) -> tuple[str, bool] | None:
        """Return a domain's innermost base type, and whether any on the way limits it."""
        is_limited, seen, base = False, set(), ""
        while (kind := self.types.get(self.qualify(name))) is not None and kind.kind == "domain":
            if kind.name in seen:
                break
            seen.add(kind.name)
            is_limited |= bool(kind.checks or kind.not_null)
            base = kind.base
            parts = base.split(".")
            name = (parts[-2] if len(parts) > 1 else "", parts[-1])
        return (base, is_limited) if seen else None

    def view(self, name: Name) -> View | None:
        """Return a view, or None."""
        return self.views.get(self.qualify(name))

    def index(self, name: Name) -> Index | None:
        """Return an index, or None."""
        return self.indexes.get(self.qualify(name))

    def indexes_of(self, table: Name) -> list[Index]:
        """Return the indexes of a table, those of its keys included."""
        if self._settled is not None:
            return self._settled.indexes.get(table, [])
        return [index for index in self.indexes.values() if index.table == table]

    def overloads(self, name: Name) -> list[Function]:
        """Return the functions of a name, of whatever arguments."""
        return self.functions.get(self.qualify(name), [])

    def partitions_of(self, table: Name) -> list[Table]:
        """Return the partitions that the text shows."""
        if self._settled is not None:
            return self._settled.partitions.get(table, [])
        return [t for t in self.tables.values() if t.parent == table]

    def grants_on(self, table: Name) -> list[Grant]:
        """Return the privileges given on a table, view or sequence."""
        if self._settled is not None:
            return self._settled.grants.get(table, [])
        return [g for g in self.grants if g.kind == "table" and g.object == table]

    def all_functions(self) -> Iterator[Function]:
        """Yield all functions."""
        for overloads in self.functions.values():
            yield from overloads

    def all_policies(self) -> Iterator[Policy]:
        """Yield all policies."""
        for table in self.tables.values():
            yield from table.policies.values()
