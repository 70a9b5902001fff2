"""The matrix as cells: for each table, role, command and case, what is tried and must come of it.

Pure: a cell says what to try; dsvault.ops.policy makes statements of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from dsvault.policy.cases import (
    Case,
    barred_cases,
    cases_for,
    plain_case,
    strongest_case,
)
from dsvault.policy.catalog import SCHEMA
from dsvault.policy.conditions import NEVER, SYSTEM_TENANT, Scope
from dsvault.policy.model import MAINTAIN, TABLE_PRIVILEGES, Command
from dsvault.policy.probes import Add, Change, Holds, Probe, Read, Remove, Touch, Truncate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from dsvault.policy.catalog import Catalog, Relation
    from dsvault.policy.conditions import Condition
    from dsvault.policy.model import Matrix, Role, Rule, Table
    from dsvault.policy.sample import Sample, Values

_BY_COLUMN = (Command.INSERT, Command.UPDATE)
_SHORT = 40  # characters of a value in a cell's name


class Expect(Enum):
    """What must come of a cell."""

    ROWS = "the rows that the condition is true for, and no others"
    REFUSED = "refused for want of privilege"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which rows a command reaches, and which it may leave behind.

    condition judges rows before the command, check those that it makes; visible is the condition
    for reading, where the floor or the command's WHERE clause brings that into play.
    """

    condition: Condition = NEVER
    check: Condition = NEVER
    visible: Condition | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing to prove. A cell with several probes is proven if each of them is.

    table is the relation, or the table that it is a partition of. openings are columns that the
    role is given for the cell, so that its policies are asked; dependents are tables that are
    emptied of the sample before.
    """

    relation: Relation
    table: str
    role: Role
    command: str
    text: str
    expect: Expect
    probes: tuple[Probe, ...]
    case: Case
    bounds: Bounds = Bounds()
    openings: tuple[str, ...] = ()
    dependents: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The cell's name, one of its kind."""
        return f"{self.table} {self.role.key} {self.command}, {self.text}"


def cells(
    matrix: Matrix,
    catalog: Catalog,
    sample: Sample,
    *,
    tables: Collection[str] | None = None,
    roles: Collection[str] | None = None,
) -> Iterator[Cell]:
    """Yield every cell, or those of some tables and roles (by short names)."""
    wanted = [role for role in matrix.roles if roles is None or role.key in roles]
    for table in matrix.tables:
        relation = catalog.relation(table.name)
        if relation is None or (tables is not None and table.name not in tables):
            continue
        for role in wanted:
            yield from _Expansion(table, relation, role, catalog, sample).cells()
            for partition in catalog.partitions(table.name):
                yield from _closed_relation(partition, role, catalog, sample)
    for relation in _undeclared(matrix, catalog):
        if tables is None or relation.name in tables:
            for role in wanted:
                yield from _closed_relation(relation, role, catalog, sample)


def _undeclared(matrix: Matrix, catalog: Catalog) -> list[Relation]:
    """Return what must be closed to everybody, since the matrix does not know it."""
    tables = [table for table in catalog.tables() if matrix.table(table.name) is None]
    return tables + [r for r in catalog.relations if r.schema != SCHEMA]


def _closed_relation(
    relation: Relation, role: Role, catalog: Catalog, sample: Sample
) -> Iterator[Cell]:
    """Yield the cells of a relation that nobody may use; its owner owns it."""
    if role.is_owner:
        return
    case = plain_case() if role.is_public else strongest_case(sample, catalog.permissions)
    for command in Command:
        yield _refused(relation, role, command.value, case, _touches(relation, command))
    yield _refused(relation, role, "TRUNCATE", case, (Truncate(),))


def _refused(
    relation: Relation, role: Role, command: str, case: Case, probes: tuple[Probe, ...]
) -> Cell:
    place = f"partition {relation.name} " if relation.parent else ""
    return Cell(
        relation=relation,
        table=relation.parent or relation.name,
        role=role,
        command=command,
        text=f"{place}closed, {case.text}",
        expect=Expect.REFUSED,
        probes=probes,
        case=case,
    )


def _touches(relation: Relation, command: Command) -> tuple[Probe, ...]:
    """Return probes that are refused only if the role holds the privilege on no column at all.

    No row is added, since row security would refuse that with the same code.
    """
    if command in _BY_COLUMN:
        return Holds(command.value), Touch(command, relation.columns[0])
    return (Touch(command),)


@dataclass(frozen=True, slots=True)
class _Turn:
    """A variation of a row, how it is called, and the columns to open for it."""

    values: Values
    text: str
    openings: tuple[str, ...]


class _Expansion:
    """One table for one role."""

    def __init__(
        self, table: Table, relation: Relation, role: Role, catalog: Catalog, sample: Sample
    ) -> None:
        self._table = table
        self._relation = relation
        self._role = role
        self._sample = sample
        self._catalogue = catalog.permissions
        self._trial = sample.trial(table.name)
        self._tenant = table.tenant_column
        self._is_root = list(relation.key) == [self._tenant]

    def cells(self) -> Iterator[Cell]:
        """Yield all cells."""
        for command in Command:
            rule = self._table.rule(self._role.key, command)
            if rule is None and not self._role.is_owner:
                yield self._refused(command.value, *_touches(self._relation, command))
                continue
            yield from self._open(command, rule)
            if rule is not None and command in _BY_COLUMN and not self._role.is_owner:
                yield from self._columns(command, rule)
        if not self._role.is_owner:
            yield self._refused("TRUNCATE", Truncate())
            for privilege in (*TABLE_PRIVILEGES[1:], MAINTAIN):
                yield self._refused(privilege, Holds(privilege))

    def _open(self, command: Command, rule: Rule | None) -> Iterator[Cell]:
        """Yield the cells of a command that policies bound; without rule they let nothing pass."""
        expand = {
            Command.SELECT: self._read,
            Command.INSERT: self._add,
            Command.UPDATE: self._change,
            Command.DELETE: self._remove,
        }
        return expand[command](rule)

    def _read(self, rule: Rule | None) -> Iterator[Cell]:
        bounds = Bounds(rule.condition if rule else NEVER)
        probe = Read(is_bounded=rule is not None and rule.condition.scope is Scope.ANY)
        # Whole rows are read, to be known again: what the role may not read of them is lent.
        every: Values = dict.fromkeys(self._relation.columns)
        turn = _Turn({}, "", self._openings(rule, every) if rule else ())
        for case in self._cases(bounds.condition):
            yield self._cell(Command.SELECT, case, probe, bounds, turn)

    def _add(self, rule: Rule | None) -> Iterator[Cell]:
        bounds = Bounds(check=rule.check if rule else NEVER)
        # The other tenant has none of the rows that the added one refers to.
        cases = [c for c in self._cases(bounds.check) if c.tenant != self._sample.foreign]
        if self._is_root and bounds.check.scope is Scope.OWN:
            cases.append(Case("the added tenant named", self._sample.new))
        row = self._trial.add | self._home(bounds.check)
        probe = Add(row, or_nothing=self._is_root and row[self._tenant] == SYSTEM_TENANT)
        for case in cases:
            yield self._cell(Command.INSERT, case, probe, bounds)
        for turn in self._turned(bounds.check, self._trial.implied | row, rule):
            for case in self._unbarred(cases):
                yield self._cell(Command.INSERT, case, Add(row | turn.values), bounds, turn)

    def _change(self, rule: Rule | None) -> Iterator[Cell]:
        reach = self._table.reach(self._role.key)
        bounds = Bounds(rule.condition, rule.check, reach) if rule else Bounds()
        extra = bounds.check.permissions | (reach.permissions if reach else frozenset())
        cases = self._cases(bounds.condition, extra)
        # A role that may change other columns than the trial does is lent those, to see its rows.
        values = self._trial.change
        plain = _Turn(values, "", self._openings(rule, values) if rule else ())
        for case in cases:
            yield self._cell(Command.UPDATE, case, Change(values), bounds, plain)
        for turn in self._turned(bounds.check, {}, rule):
            if turn.openings not in {(), (self._tenant,)}:
                continue  # a fact that the role cannot change
            for case in self._unbarred(cases):
                yield self._cell(Command.UPDATE, case, Change(turn.values), bounds, turn)

    def _remove(self, rule: Rule | None) -> Iterator[Cell]:
        condition = rule.condition if rule else NEVER
        visible = self._table.reach(self._role.key)
        spared = self._trial.spared if rule else None
        if spared is not None:
            reading = self._table.rule(self._role.key, Command.SELECT)
            visible = reading.condition if reading else NEVER
        bounds = Bounds(condition, visible=visible)
        for case in self._cases(condition, visible.permissions if visible else frozenset()):
            yield self._cell(Command.DELETE, case, Remove(spared), bounds)

    def _columns(self, command: Command, rule: Rule) -> Iterator[Cell]:
        for column in self._relation.columns:
            may = rule.columns is None or column in rule.columns
            yield Cell(
                relation=self._relation,
                table=self._table.name,
                role=self._role,
                command=command.value,
                text=f"column {column}",
                expect=Expect.ALLOWED if may else Expect.REFUSED,
                probes=(Touch(command, column),),
                case=self._strongest(),
            )

    def _cases(self, condition: Condition, extra: frozenset[str] = frozenset()) -> list[Case]:
        if condition is NEVER:
            return [plain_case()]
        return cases_for(condition, self._sample, self._catalogue, extra)

    def _unbarred(self, cases: list[Case]) -> list[Case]:
        barred = barred_cases(self._sample, self._catalogue)
        return [case for case in cases if case not in barred]

    def _strongest(self) -> Case:
        if self._role.is_public:
            return plain_case()
        return strongest_case(self._sample, self._catalogue)

    def _home(self, check: Condition) -> Values:
        """Return the tenant that an added row must name itself, if a default does not."""
        if check.scope is Scope.SYSTEM:
            return {self._tenant: SYSTEM_TENANT}
        if self._is_root:
            return {self._tenant: self._sample.new}
        is_named = check is NEVER or check.scope is Scope.ANY
        return {self._tenant: self._sample.own} if is_named else {}

    def _turned(self, check: Condition, row: Values, rule: Rule | None) -> Iterator[_Turn]:
        """Yield what puts a row into another tenant, or turns one of the words around."""
        if rule is None:
            return
        elsewhere = self._sample.own if check.scope is Scope.SYSTEM else self._sample.foreign
        if self._is_root:
            elsewhere = self._sample.new
        if row.get(self._tenant) != elsewhere:
            values: Values = {self._tenant: elsewhere}
            yield _Turn(values, ", into another tenant", self._openings(rule, values))
        for word in check.words:
            for other in self._trial.others.get(word.column, ()):
                if row.get(word.column) != other:
                    text = f", {word.column} = {self._shown(other)}"
                    values = {word.column: other}
                    yield _Turn(values, text, self._openings(rule, values))

    def _shown(self, value: str) -> str:
        short = self._sample.names.get(value, value)
        return short if len(short) <= _SHORT else "everything"

    def _openings(self, rule: Rule, values: Values) -> tuple[str, ...]:
        """Return the columns that the role may not name by itself; the owner may name all."""
        if rule.columns is None or self._role.is_owner:
            return ()
        return tuple(column for column in values if column not in rule.columns)

    def _refused(self, command: str, *probes: Probe) -> Cell:
        return _refused(self._relation, self._role, command, self._strongest(), probes)

    def _cell(
        self, command: Command, case: Case, probe: Probe, bounds: Bounds, turn: _Turn | None = None
    ) -> Cell:
        return Cell(
            relation=self._relation,
            table=self._table.name,
            role=self._role,
            command=command.value,
            text=case.text + (turn.text if turn else ""),
            expect=Expect.ROWS,
            probes=(probe,),
            case=case,
            bounds=bounds,
            openings=turn.openings if turn else (),
            dependents=self._trial.dependents if command is Command.DELETE else (),
        )
