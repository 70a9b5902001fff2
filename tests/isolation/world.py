"""A vault and its model side by side: what an actor does to the one is done to the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from psycopg import Error, sql
from tests.isolation.model import NOBODY_THERE, Actor, Model, RefusedError, Role, Until, User

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psycopg import Connection, Cursor

Statement = sql.Composable
_SYSTEM_TENANT = "00000000-0000-0000-0000-000000000000"
_UNDO = "ROLLBACK TO SAVEPOINT step; RELEASE SAVEPOINT step"
_LEAVE = (
    "SET LOCAL app.current_tenant_id = ''; SET LOCAL app.current_user_id = '';"
    "SET LOCAL app.current_permissions = ''; RESET ROLE; RELEASE SAVEPOINT step"
)
# All happens in one transaction, which sees what it deletes; so the marks are made older at once.
_AGE = (
    "SET LOCAL session_replication_role = replica;"
    + "".join(
        f"UPDATE dsvault.{table} SET deleted_at = deleted_at - interval '1 day'"
        " WHERE deleted_at >= now();"
        for table in ("users", "datasets")
    )
    + "SET LOCAL session_replication_role = origin"
)
# Everything that a session sees, and what it is told to hold.
_SIGHT = """
SELECT jsonb_build_object(
    'tenants', (SELECT jsonb_agg(id) FROM dsvault.tenants),
    'users', (SELECT jsonb_agg(id) FROM dsvault.users),
    'roles', (SELECT jsonb_agg(id) FROM dsvault.roles),
    'grants', (SELECT jsonb_agg(concat(user_id, ' ', role_id)) FROM dsvault.user_roles),
    'datasets', (SELECT jsonb_agg(id) FROM dsvault.datasets)), dsvault.my_permissions()"""
# Everything that is there, as a superuser sees it.
_STATE = """
SELECT jsonb_build_object(
    'tenants', (SELECT jsonb_object_agg(id, is_deleted) FROM dsvault.tenants
        WHERE id <> {system}),
    'users', (SELECT jsonb_object_agg(id, jsonb_build_array(tenant_id, status, is_deleted))
        FROM dsvault.users),
    'roles', (SELECT jsonb_object_agg(id, jsonb_build_array(tenant_id, permissions))
        FROM dsvault.roles WHERE tenant_id <> {system}),
    'grants', (SELECT jsonb_object_agg(concat(user_id, ' ', role_id),
            CASE WHEN expires_at IS NULL THEN 'EVER' WHEN expires_at > now() THEN 'LATER'
                ELSE 'PAST' END)
        FROM dsvault.user_roles),
    'datasets', (SELECT jsonb_object_agg(id, jsonb_build_array(tenant_id, name, owner_id,
            description, deleted_at IS NOT NULL)) FROM dsvault.datasets))"""


@dataclass
class World:
    """A superuser's connection within a transaction, and the model of what is in the vault."""

    conn: Connection
    model: Model = field(default_factory=Model)
    made: int = 0

    def copy(self) -> World:
        """Return a world of the same vault with a model of its own."""
        return World(self.conn, self.model.copy(), self.made)

    def new_id(self) -> str:
        """Return an id that nothing has yet: the same one in every run."""
        self.made += 1
        return str(uuid5(NAMESPACE_URL, f"{self.made}"))

    # -- what nobody's permission is asked for --------------------------------------------------

    def add_tenant(self) -> str:
        """Make a tenant as provisioning does, and take its roles over into the model."""
        tenant, admin = self.new_id(), self.new_id()
        self.conn.execute(
            "SELECT dsvault.create_tenant(%s, 'T', 'admin@t.example', 'A', NULL, %s, %s)",
            [f"t-{self.made}", tenant, admin],
        )
        self.model.tenants[tenant] = False
        self.model.users[admin] = User(tenant)
        rows = self.conn.execute(
            "SELECT id::text, name, permissions FROM dsvault.roles WHERE tenant_id = %s", [tenant]
        )
        for key, name, permissions in rows.fetchall():
            is_admin = name == "admin"
            self.model.roles[key] = Role(tenant, frozenset(permissions), is_admin, is_system=True)
        held = self.conn.execute(
            "SELECT user_id::text, role_id::text FROM dsvault.user_roles WHERE tenant_id = %s",
            [tenant],
        )
        self.model.grants |= dict.fromkeys(held.fetchall(), Until.EVER)
        return tenant

    def delete_tenant(self, tenant: str) -> None:
        """Mark a tenant deleted."""
        self.conn.execute("UPDATE dsvault.tenants SET is_deleted = true WHERE id = %s", [tenant])
        self.model.tenants[tenant] = True

    # -- what an actor does ---------------------------------------------------------------------

    def act(
        self, actor: Actor, statement: Statement, expect: Callable[[Model], int]
    ) -> tuple[object, object]:
        """Do something in the vault and in the model; return what came of it in each.

        What came of it is a number of rows, or the SQLSTATE of a refusal.
        """
        before = self.model
        came, expected = self._in_vault(actor, statement), self._in_model(actor, expect)
        if self.model.deleted() != before.deleted():
            self.conn.execute(_AGE)
        return came, expected

    def _in_model(self, actor: Actor, expect: Callable[[Model], int]) -> object:
        if actor.enters and not self.model.is_live(actor):
            return NOBODY_THERE
        trial = self.model.copy()
        try:
            answer = expect(trial)
        except RefusedError as refused:
            return refused.sqlstate
        self.model = trial
        return answer

    def _in_vault(self, actor: Actor, statement: Statement) -> object:
        with self.conn.cursor() as cursor:
            before = _enter(actor, "dsvault_app")
            try:
                _nth_result(cursor, [*before, statement, sql.SQL(_LEAVE)], len(before))
            except Error as error:
                cursor.execute(_UNDO)
                return error.sqlstate
            return cursor.rowcount

    # -- what is compared -----------------------------------------------------------------------

    def state(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return everything that is stored, and what the model says is."""
        query = sql.SQL(_STATE).format(system=sql.Literal(_SYSTEM_TENANT))
        row = self.conn.execute(query).fetchone()
        assert row is not None
        stored = {name: rows or {} for name, rows in row[0].items()}
        for values in stored["roles"].values():
            values[1] = sorted(values[1])
        return stored, self._modelled()

    def _modelled(self) -> dict[str, Any]:
        model = self.model
        return {
            "tenants": model.tenants,
            "users": {key: [u.tenant, u.status, u.deleted] for key, u in model.users.items()},
            "roles": {key: [r.tenant, sorted(r.permissions)] for key, r in model.roles.items()},
            "grants": {f"{u} {r}": until.name for (u, r), until in model.grants.items()},
            "datasets": {
                key: [d.tenant, d.name, d.owner, d.description, d.deleted]
                for key, d in model.datasets.items()
            },
        }

    def sight(self, actor: Actor, role: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return all that a session of a database role sees, and what the model says it does."""
        with self.conn.cursor() as cursor:
            before = _enter(actor, role)
            _nth_result(cursor, [*before, sql.SQL(_SIGHT), sql.SQL(_UNDO)], len(before))
            row = cursor.fetchone()
        assert row is not None
        seen = {name: set(rows or ()) for name, rows in row[0].items()} | {"holds": set(row[1])}
        expected = dict(self.model.sees(actor, role))
        return seen, expected | {"holds": set(self.model.permissions(actor))}


def _nth_result(cursor: Cursor, statements: Sequence[Statement], number: int) -> None:
    """Send statements in one message and move to the result of one of them, counted from 0."""
    cursor.execute(sql.SQL("; ").join(statements))
    for _ in range(number):
        cursor.nextset()


def _enter(actor: Actor, role: str) -> list[Statement]:
    """Return what makes a session somebody's, with a savepoint before it."""
    begin = [
        sql.SQL("SAVEPOINT step"),
        sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)),
    ]
    if actor.enters:
        who = [sql.Literal(actor.tenant), sql.Literal(actor.user)]
        return [*begin, sql.SQL("SELECT dsvault.enter({}, {})").format(*who)]
    who = [sql.Literal(actor.tenant or ""), sql.Literal(actor.user or "")]
    names = ("app.current_tenant_id", "app.current_user_id")
    return begin + [
        sql.SQL("SELECT pg_catalog.set_config({}, {}, true)").format(sql.Literal(name), value)
        for name, value in zip(names, who, strict=True)
    ]
