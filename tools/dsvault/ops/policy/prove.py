"""Prove cells: each by a real statement as the real role, undone before the next."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from psycopg import sql

from dsvault.db import Query
from dsvault.dberrors import QueryError
from dsvault.ops.policy import statements
from dsvault.ops.policy.stage import StageError
from dsvault.policy.cases import State
from dsvault.policy.cells import Expect
from dsvault.policy.conditions import Row
from dsvault.policy.judge import Answer, Judge, Refusal, Seen
from dsvault.policy.model import MAINTAIN, MAINTAIN_SINCE
from dsvault.policy.proof import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dsvault.ops.policy.stage import Stage
    from dsvault.policy.cells import Cell
    from dsvault.policy.judge import Fields, Verdict


def prove(stage: Stage, cells: Iterable[Cell]) -> Iterator[Outcome]:
    """Yield what comes of each cell.

    :raises StageError: what goes around a cell's statement failed.
    """
    for cell in cells:
        if cell.command != MAINTAIN or stage.login.version >= MAINTAIN_SINCE:
            yield _Trial(stage, cell).outcome()


_DELETE = sql.SQL("UPDATE {} SET is_deleted = true, deleted_at = now() WHERE id = {}")


class _Trial:
    """One cell on the stage."""

    def __init__(self, stage: Stage, cell: Cell) -> None:
        self._stage = stage
        self._cell = cell
        relation = cell.relation
        table = None if relation.parent else stage.matrix.table(cell.table)
        tenant = table.tenant_column if table else ""
        words = [word.column for word in table.words] if table else []
        self._columns = list(dict.fromkeys([*relation.key, tenant, *words]))
        self._place = statements.Place(relation, tenant, stage.sample.tenants)
        self._judge = Judge(cell, table, stage.sample)
        self._sees_rows = cell.expect is Expect.ROWS

    def outcome(self) -> Outcome:
        """Try every probe; the first that fails tells what is wrong with the cell."""
        for probe in self._cell.probes:
            text = statements.statement_of(probe, self._place)
            verdict = self._judge.judge(probe, self._ask(text))
            if not verdict.passed:
                break
        return self._outcome(verdict, statements.shown(text))

    def _outcome(self, verdict: Verdict, statement: str) -> Outcome:
        cell = self._cell
        return Outcome(
            table=cell.table,
            role=cell.role.key,
            command=cell.command,
            case=cell.text,
            passed=verdict.passed,
            expected=verdict.expected,
            seen=verdict.seen,
            statement=statement,
            actor=f"{cell.role.name}, {cell.case.text}",
        )

    def _ask(self, text: statements.Statement) -> Answer:
        """Run a statement as the cell's role, and look at the sample before and after."""
        stage = self._stage
        opening, answer = self._opening(), Answer()
        if self._sees_rows:
            seen = self._run(opening)[opening.index(self._look())]
            opening, answer = [], Answer(before=self._seen(seen))
        become = [*opening, *stage.be(self._cell.role)]
        acting = [*become, *self._settings(), stage.query(text)]
        attempt = len(acting) - 1
        try:
            results = self._run([*acting, *self._closing()], range(len(become), attempt + 1))
        except QueryError as error:
            refusal = Refusal(error.error.sqlstate, error.error.message)
            return replace(answer, refusal=refusal, is_entry=error.index < attempt)
        answer = replace(answer, rows=results[attempt])
        if not self._sees_rows:
            return answer
        counted = int(results[-1][0][0] or 0) if statements.is_counted(text) else None
        return replace(answer, after=self._seen(results[-2]), counted=counted)

    def _run(self, queries: Sequence[Query], tried: range = range(0)) -> list[list[Fields]]:
        """Run queries of which only those that are tried may fail.

        :raises QueryError: one of these failed.
        :raises StageError: another one did.
        """
        try:
            return self._stage.session.run(queries)
        except QueryError as error:
            if error.index in tried:
                raise
            raise StageError(
                f"What goes around the cell {self._cell.name!r} failed",
                detail=f"{queries[error.index].text}\n{error.error.message}",
            ) from None

    def _opening(self) -> list[Query]:
        """Return what undoes the cell before and makes the case true, and looks at the sample."""
        stage = self._stage
        queries = [stage.query(statements.UNDO), *stage.see_all(), *stage.let_in(self._cell.role)]
        if self._sees_rows:
            queries += [stage.query(text) for text in self._preparation()]
            queries += [self._look(), *self._binding(is_bound=True)]
        return queries

    def _closing(self) -> list[Query]:
        """Return what looks at the sample after the statement."""
        if not self._sees_rows:
            return []
        counted = self._stage.query(statements.COUNTED)
        return [*self._stage.see_all(), *self._binding(is_bound=False), self._look(), counted]

    def _look(self) -> Query:
        return self._stage.query(statements.look(self._place, self._columns))

    def _binding(self, *, is_bound: bool) -> list[Query]:
        if not self._cell.role.is_owner:
            return []
        return self._stage.bind_owner(self._place.relation, is_bound=is_bound)

    def _preparation(self) -> Iterator[statements.Statement]:
        """Yield what makes the case true."""
        case, sample = self._cell.case, self._stage.sample
        yield from self._state(case.state)
        held = sql.Literal(json.dumps(sorted(case.holds)))
        keys = sql.SQL(", ").join(map(sql.Literal, sample.subjects))
        text = sql.SQL("UPDATE dsvault.roles SET permissions = {} WHERE id IN ({})")
        yield text.format(held, keys)
        for name in self._cell.dependents:
            text = sql.SQL("DELETE FROM {} WHERE tenant_id IN ({}, {})")
            table = sql.Identifier("dsvault", name)
            yield text.format(table, sql.Literal(sample.own), sql.Literal(sample.foreign))
        for column in self._cell.openings:
            text = sql.SQL("GRANT {} ({}) ON {} TO {}")
            command, role = sql.SQL(self._cell.command), sql.Identifier(self._cell.role.name)
            yield text.format(command, sql.Identifier(column), self._place.name, role)

    def _state(self, state: State) -> Iterator[statements.Statement]:
        """Yield what brings the user, his tenant or his grant into a state."""
        sample = self._stage.sample
        me, own = sql.Literal(sample.me), sql.Literal(sample.own)
        if state is State.TENANT_DELETED:
            yield from self._stage.silence("tenants")
            yield _DELETE.format(sql.Identifier("dsvault", "tenants"), own)
        elif state is State.DELETED:
            yield from self._stage.silence("users")
            yield _DELETE.format(sql.Identifier("dsvault", "users"), me)
        elif state is State.EXPIRED:
            yield from self._stage.silence("user_roles")
            text = sql.SQL("UPDATE dsvault.user_roles SET expires_at = {} WHERE user_id = {}")
            yield text.format(sql.Literal("2000-01-01"), me)
        elif state is not State.LIVE:
            yield from self._stage.silence("users")
            text = sql.SQL("UPDATE dsvault.users SET status = {} WHERE id = {}")
            yield text.format(sql.Literal(state.value), me)

    def _settings(self) -> list[Query]:
        """Return how the transaction says who it is, and the counter's start."""
        case = self._cell.case
        who = Query(
            "SELECT set_config('app.current_tenant_id', $1, true),"
            " set_config('app.current_user_id', $2, true)",
            (case.tenant, case.user),
        )
        if case.is_entered:
            who = Query("SELECT dsvault.enter($1, $2)", (case.tenant, case.user))
        return [who, self._stage.query(statements.START_COUNTING)]

    def _seen(self, rows: Sequence[Fields]) -> Mapping[Fields, Seen]:
        """Return the sample's rows by their keys."""
        key_size, size = len(self._place.relation.key), len(self._columns)
        seen = {}
        for fields in rows:
            values = dict(zip(self._columns, fields[:size], strict=True))
            row = Row(values[self._place.tenant_column], values)
            seen[fields[:key_size]] = Seen(row, fields[size:])
        return seen
