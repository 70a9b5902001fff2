"""Was a statement that commits by itself done, when its run was cut off? The catalog tells."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from pglast import ast, parser
from psycopg import sql

from dsvault.queries import load
from dsvault.sqlscript.kinds import Kind

if TYPE_CHECKING:
    from dsvault.db import Session
    from dsvault.sqlscript import Statement
    from dsvault.sqlscript.units import Unit


class Done(Enum):
    """How far a step came."""

    YES = "done"
    NO = "not done"
    REPEATABLE = "to be repeated, which does no harm"
    UNKNOWN = "done or not, which nobody can tell"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a step came, once the cleaning statements have run; remark says what was found."""

    done: Done
    remark: str | None = None
    cleaning: tuple[str, ...] = ()

    @property
    def is_unknown(self) -> bool:
        """Whether nobody can tell."""
        return self.done is Done.UNKNOWN


@dataclass(frozen=True, slots=True)
class _Found:
    """An object; what is not valid was left by half a statement."""

    schema: str
    name: str
    is_valid: bool


_REPEATABLE = (
    ast.AlterDatabaseStmt,
    ast.AlterSystemStmt,
    ast.ClusterStmt,
    ast.DiscardStmt,
    ast.VacuumStmt,
)
_MADE = {
    ast.CreatedbStmt: ("database", "dbname"),
    ast.CreateTableSpaceStmt: ("tablespace", "tablespacename"),
    ast.CreateSubscriptionStmt: ("subscription", "subname"),
}
_DROPPED = {
    ast.DropdbStmt: ("database", "dbname"),
    ast.DropTableSpaceStmt: ("tablespace", "tablespacename"),
    ast.DropSubscriptionStmt: ("subscription", "subname"),
}


def judge(session: Session, step: Unit) -> Verdict:
    """Find out whether a step was done, of which only its beginning is known."""
    alone = step.statements[0]
    if step.is_block or len(step.statements) > 1 or alone.kind is Kind.PSQL:
        return Verdict(Done.UNKNOWN)
    return _Judge(session).of(alone)


class _Judge:
    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, statement: Statement) -> Verdict:
        node = parser.parse_sql(statement.text)[0].stmt
        match node:
            case ast.IndexStmt() if node.concurrent:
                verdict = self._index(node)
            case ast.DropStmt() if node.concurrent:
                verdict = self._dropped(node)
            case ast.ReindexStmt():
                verdict = self._halves(Done.REPEATABLE, None)
            case ast.AlterTableStmt():
                verdict = self._detached(node)
            case _ if isinstance(node, _REPEATABLE):
                verdict = Verdict(Done.REPEATABLE)
            case _ if type(node) in _MADE:
                verdict = self._global(node, *_MADE[type(node)], wanted=True)
            case _ if type(node) in _DROPPED:
                verdict = self._global(node, *_DROPPED[type(node)], wanted=False)
            case _:
                verdict = Verdict(Done.UNKNOWN)
        return verdict

    def _index(self, node: ast.IndexStmt) -> Verdict:
        table = _qualified(node.relation)
        if node.idxname is None:
            # Its name was the server's choice: only what is left invalid can be found.
            return self._halves(Done.NO, table)
        found = self._fetch("index_named", node.idxname, table)
        if not found:
            return Verdict(Done.NO)
        if found[0].is_valid:
            return Verdict(Done.YES, f"the index {node.idxname} is valid")
        return _half(found, Done.NO)

    def _dropped(self, node: ast.DropStmt) -> Verdict:
        names = [_text([part.sval for part in item]) for item in node.objects or ()]
        found = [name for name in names if self._fetch("index_named", name, None)]
        return Verdict(Done.NO if found else Done.YES)

    def _halves(self, done: Done, table: str | None) -> Verdict:
        found = self._fetch("invalid_of", table)
        if found:
            return _half(found, done)
        return Verdict(done if table is None else Done.UNKNOWN)

    def _detached(self, node: ast.AlterTableStmt) -> Verdict:
        command = next((item.def_ for item in node.cmds or ()), None)
        if not isinstance(command, ast.PartitionCmd):
            return Verdict(Done.UNKNOWN)
        child = _qualified(command.name)
        found = self._fetch("detaching", child)
        if not found:
            return Verdict(Done.YES, f"{child} is detached")
        if found[0].is_valid:
            return Verdict(Done.NO)
        finish = sql.SQL("ALTER TABLE {} DETACH PARTITION {} FINALIZE")
        parent = sql.Identifier(found[0].schema, found[0].name)
        return Verdict(
            Done.YES,
            f"the detaching of {child} was begun and not ended: it is ended now",
            (finish.format(parent, sql.Identifier(*_names(command.name))).as_string(),),
        )

    def _global(self, node: ast.Node | None, kind: str, attribute: str, *, wanted: bool) -> Verdict:
        found = self._fetch("global", kind, getattr(node, attribute))
        is_there = bool(found) and found[0].is_valid
        if found and not is_there:
            return Verdict(Done.NO)
        return Verdict(Done.YES if is_there == wanted else Done.NO)

    def _fetch(self, name: str, *parameters: str | None) -> list[_Found]:
        return self._session.fetch(_Found, load(f"intents/{name}"), *parameters)


def _half(found: list[_Found], done: Done) -> Verdict:
    names = ", ".join(f"{item.schema}.{item.name}" for item in found)
    plural = "indexes are" if len(found) > 1 else "index is"
    drop = sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}")
    return Verdict(
        done,
        f"an interrupted build left what no query can use, and the {plural} dropped: {names}",
        tuple(drop.format(sql.Identifier(item.schema, item.name)).as_string() for item in found),
    )


def _qualified(relation: ast.RangeVar | None) -> str:
    return _text(_names(relation))


def _names(relation: ast.RangeVar | None) -> list[str]:
    parts = (relation.schemaname, relation.relname) if relation else ()
    return [part for part in parts if part]


def _text(names: list[str]) -> str:
    return sql.Identifier(*names).as_string()
