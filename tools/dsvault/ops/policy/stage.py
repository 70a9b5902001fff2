"""The stage of a proof: one transaction with two tenants in it, which is rolled back.

Somebody has to see all rows, to set the sample up and to tell what a statement did. A superuser
does. Any other login acts as the owner of the tables, and lifts what binds the owner inside of the
transaction: that locks the tables until its end.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING

from psycopg import sql

from dsvault.db import Query
from dsvault.dberrors import LOCK_NOT_AVAILABLE, QueryError
from dsvault.errors import DsvaultError
from dsvault.ops.acting import borrow
from dsvault.ops.policy import statements
from dsvault.ops.policy.catalog import read_catalog
from dsvault.policy.sample import new_sample
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.db import Session
    from dsvault.policy import Matrix, Role
    from dsvault.policy.catalog import Catalog, Relation
    from dsvault.policy.sample import Sample

_OPENING = (
    "SET LOCAL lock_timeout = '2s'",
    "SET LOCAL statement_timeout = '60s'",
    "SET LOCAL row_security = on",
    "SET LOCAL search_path = pg_catalog",
    "SET LOCAL jit = off",
    "SET LOCAL app.current_tenant_id = ''",
    "SET LOCAL app.current_user_id = ''",
    "SET LOCAL app.current_permissions = ''",
)


class StageError(DsvaultError):
    """The two tenants of the test cannot be set up."""


@dataclass(frozen=True, slots=True)
class _Login:
    """What the session's login is."""

    version: int
    release: str
    superuser: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """An open transaction with the sample in it, and how to be somebody there."""

    session: Session
    matrix: Matrix
    catalog: Catalog
    sample: Sample
    login: _Login
    nobody: str
    forced: frozenset[str]

    def see_all(self) -> list[Query]:
        """Return what makes the session see every row."""
        if self.login.superuser:
            return [Query("SET LOCAL ROLE NONE")]
        return [self.query(sql.SQL("SET LOCAL ROLE {}").format(self._owner()))]

    def be(self, role: Role) -> list[Query]:
        """Return what makes the session a role of the matrix."""
        name = self.nobody if role.is_public else role.name
        return [self.query(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(name)))]

    def bind_owner(self, relation: Relation, *, is_bound: bool) -> list[Query]:
        """Return what puts the owner below row security, as he was found, or lifts it again."""
        if self.login.superuser or relation.name not in self.forced:
            return []
        text = "ALTER TABLE {} FORCE ROW LEVEL SECURITY"
        if not is_bound:
            text = "ALTER TABLE {} NO FORCE ROW LEVEL SECURITY"
        return [self.query(sql.SQL(text).format(statements.identifier(relation)))]

    def silence(self, table: str) -> list[statements.Statement]:
        """Return what keeps triggers from judging the owner's own changes, until they are undone.

        They let a superuser do anything.
        """
        if self.login.superuser:
            return []
        name = sql.Identifier("dsvault", table)
        return [sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name)]

    def let_in(self, role: Role) -> list[Query]:
        """Return what lets PUBLIC's role into the schema, so that its tables are asked."""
        if not role.is_public:
            return []
        grant = sql.SQL("GRANT USAGE ON SCHEMA dsvault, dsvault_private, dsvault_facts TO {}")
        return [self.query(grant.format(sql.Identifier(self.nobody)))]

    def query(self, text: statements.Statement) -> Query:
        """Return a composed statement as one to send."""
        return Query(text.as_string())

    def _owner(self) -> sql.Identifier:
        return sql.Identifier(next(role.name for role in self.matrix.roles if role.is_owner))


@contextmanager
def open_stage(session: Session, matrix: Matrix) -> Iterator[Stage]:
    """Set the sample up for a block; roll everything back at its end.

    A transaction that is open is used, with what it has changed, and rolled back too.

    :raises NoVaultError: the plan is not deployed.
    :raises CannotActError: the login may not act as the roles of the matrix.
    :raises StageError: rows cannot be added, or the tables cannot be locked.
    """
    if not session.in_transaction:
        session.run([Query("BEGIN")])
    try:
        session.run([Query(text) for text in _OPENING])
        catalog = read_catalog(session, matrix)
        [login] = session.fetch(_Login, load("policy/session"))
        names = [role.name for role in matrix.roles if not role.is_public]
        if not login.superuser:
            borrow(session, names)
        stage = Stage(
            session=session,
            matrix=matrix,
            catalog=catalog,
            sample=new_sample(catalog.permissions),
            login=login,
            nobody=f"dsvault_policy_test_{token_hex(6)}",
            forced=frozenset(r.name for r in catalog.tables() if r.forced),
        )
        try:
            session.run(_setting_up(stage))
        except QueryError as error:
            raise _explained(error) from None
        yield stage
    finally:
        session.roll_back()


def _setting_up(stage: Stage) -> list[Query]:
    nobody = sql.Identifier(stage.nobody)
    queries = [stage.query(sql.SQL("CREATE ROLE {}").format(nobody))]
    if not stage.login.superuser:
        queries.append(stage.query(sql.SQL("GRANT {} TO CURRENT_USER").format(nobody)))
    queries += stage.see_all()
    tables = [r for r in stage.catalog.tables() if stage.matrix.table(r.name)]
    for relation in tables:
        queries += stage.bind_owner(relation, is_bound=False)
    by_name = {relation.name: relation for relation in tables}
    queries += [
        stage.query(statements.insert(by_name[row.table], row.values))
        for row in stage.sample.rows
        if row.table in by_name
    ]
    return [*queries, stage.query(statements.SAVEPOINT)]


def _explained(error: QueryError) -> StageError:
    if error.error.sqlstate == LOCK_NOT_AVAILABLE:
        return StageError(
            "The tables are in use",
            detail=error.error.message,
            hint="Run again later; a superuser's session needs no locks.",
        )
    return StageError(detail=f"{error.error.message} ({error.error.sqlstate})")
