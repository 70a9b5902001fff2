"""The statements that cells and their surroundings become.

Statements that could reach real rows if a policy were broken stop after a hundred: UPDATE and
DELETE carry a counter that reads no column, so that the policies for reading stay out of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING

from psycopg import sql

from dsvault.policy.model import Command
from dsvault.policy.probes import Add, Change, Holds, Read, Remove, Touch, Truncate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dsvault.policy.catalog import Relation
    from dsvault.policy.probes import Probe

Statement = sql.Composed | sql.SQL

_MOST_ROWS = 100
_COUNTER = sql.Literal("dsvault.policy_test_rows")
_BOUND = sql.SQL(
    " WHERE 0 / GREATEST({most} - set_config({counter},"
    " (current_setting({counter})::integer + 1)::text, true)::integer, 0) = 0"
).format(most=sql.Literal(_MOST_ROWS + 1), counter=_COUNTER)

SAVEPOINT = sql.SQL("SAVEPOINT dsvault_cell")
UNDO = sql.SQL("ROLLBACK TO SAVEPOINT dsvault_cell")
START_COUNTING = sql.SQL("SELECT set_config({}, '0', true)").format(_COUNTER)
COUNTED = sql.SQL("SELECT current_setting({})").format(_COUNTER)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement works: the relation, its column of the tenant, the sample's tenants."""

    relation: Relation
    tenant_column: str
    tenants: Sequence[str]

    @property
    def name(self) -> sql.Identifier:
        """The relation's qualified name."""
        return identifier(self.relation)

    def of_sample(self) -> sql.Composed:
        """Return the condition that leaves the sample's rows."""
        tenants = sql.Literal("{" + ",".join(self.tenants) + "}")
        return sql.SQL("{} = ANY ({})").format(sql.Identifier(self.tenant_column), tenants)


def identifier(relation: Relation) -> sql.Identifier:
    """Return a relation's qualified name."""
    return sql.Identifier(relation.schema, relation.name)


@singledispatch
def statement_of(probe: Probe, place: Place) -> Statement:
    """Return the statement that tries a probe."""
    raise TypeError(probe, place)


@statement_of.register
def _(probe: Read, place: Place) -> Statement:
    if probe.is_bounded:
        return sql.SQL("SELECT * FROM {} WHERE {}").format(place.name, place.of_sample())
    return sql.SQL("SELECT * FROM {} LIMIT {}").format(place.name, sql.Literal(_MOST_ROWS))


@statement_of.register
def _(probe: Add, place: Place) -> Statement:
    text = insert(place.relation, probe.values)
    return text + sql.SQL(" ON CONFLICT DO NOTHING") if probe.or_nothing else text


@statement_of.register
def _(probe: Change, place: Place) -> Statement:
    changes = [
        sql.SQL("{} = {}").format(sql.Identifier(column), sql.Literal(value))
        for column, value in probe.values.items()
    ]
    return sql.SQL("UPDATE {} SET {}").format(place.name, sql.SQL(", ").join(changes)) + _BOUND


@statement_of.register
def _(probe: Remove, place: Place) -> Statement:
    text = sql.SQL("DELETE FROM {}").format(place.name)
    if probe.spared is None:
        return text + _BOUND
    column, value = probe.spared
    spared = sql.SQL("{} <> {}").format(sql.Identifier(column), sql.Literal(value))
    return text + sql.SQL(" WHERE {} AND {}").format(place.of_sample(), spared)


@statement_of.register
def _(probe: Touch, place: Place) -> Statement:
    column = sql.Identifier(probe.column or "")
    if probe.command is Command.SELECT:
        return sql.SQL("SELECT FROM {} LIMIT 0").format(place.name)
    if probe.command is Command.DELETE:
        return sql.SQL("DELETE FROM {} WHERE false").format(place.name)
    if probe.command is Command.INSERT:
        text = sql.SQL("INSERT INTO {} ({}) SELECT NULL WHERE false")
        return text.format(place.name, column)
    return sql.SQL("UPDATE {} SET {} = DEFAULT WHERE false").format(place.name, column)


@statement_of.register
def _(probe: Truncate, place: Place) -> Statement:  # noqa: ARG001 - chosen by its type
    return sql.SQL("TRUNCATE {}").format(place.name)


@statement_of.register
def _(probe: Holds, place: Place) -> Statement:
    name = sql.Literal(f"{place.relation.schema}.{place.relation.name}")
    wanted = sql.Literal(probe.privilege)
    text = sql.SQL("SELECT has_table_privilege({name}, {wanted})")
    if probe.privilege in {"INSERT", "UPDATE", "REFERENCES"}:  # can be held on a column alone
        text = sql.SQL(
            "SELECT has_table_privilege({name}, {wanted})"
            " OR has_any_column_privilege({name}, {wanted})"
        )
    return text.format(name=name, wanted=wanted)


def is_counted(text: Statement) -> bool:
    """Return whether a statement counts the rows that it reaches."""
    return text.as_string().endswith(_BOUND.as_string())


def insert(relation: Relation, values: Mapping[str, str | None]) -> sql.Composed:
    """Return a statement that adds one row."""
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        identifier(relation), names(values), sql.SQL(", ").join(map(sql.Literal, values.values()))
    )


def look(place: Place, columns: Sequence[str]) -> sql.Composed:
    """Return a query of the sample's rows: columns, then what tells a row's version."""
    return sql.SQL("SELECT {}, tableoid, ctid FROM {} WHERE {}").format(
        names(columns), place.name, place.of_sample()
    )


def names(columns: Iterable[str]) -> sql.Composed:
    """Return a list of columns."""
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def shown(text: Statement) -> str:
    """Return a statement for people: without the counter, and with quotes only where needed."""
    pieces = text.as_string().replace(_BOUND.as_string(), "").split("'")
    pieces[::2] = [re.sub(r'"([a-z_][a-z0-9_]*)"', r"\1", piece) for piece in pieces[::2]]
    return "'".join(pieces)
