"""A vault and its model side by side: what an actor does to the one is done to the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from psycopg import Error, sql
from tests.isolation.model import NOBODY_THERE, Actor, Model, RefusedError, Role, Until, User

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from psycopg import Connection, Cursor

Statement = sql.Composable
_SYSTEM_TENANT = "00000000-0000-0000-0000-000000000000"
Rows = dict[str, Any]
_UNDO = (sql.SQL("ROLLBACK TO SAVEPOINT step"), sql.SQL("RELEASE SAVEPOINT step"))
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
# What a session sees of each table. Of the trail, whose it is: nearly every step adds to that.
_SEEN = {
    "tenants": "id) FROM dsvault.tenants",
    "users": "id) FROM dsvault.users",
    "roles": "id) FROM dsvault.roles",
    "grants": "concat(user_id, ' ', role_id)) FROM dsvault.user_roles",
    "datasets": "id) FROM dsvault.datasets",
    "edges": "id) FROM dsvault.lineage_edges",
    "trails": "DISTINCT tenant_id) FROM dsvault.audit_logs",
    "tokens": "id) FROM dsvault.tokens",
    "keys": "id) FROM dsvault.encryption_keys",
}
# What is asked again and again is prepared, by itself for each role: planning takes longest.
_PREPARED = {
    role: "SELECT jsonb_build_object({}), dsvault.my_permissions()".format(
        ", ".join(
            f"'{name}', (SELECT jsonb_agg({_SEEN[name]})" for name in _SEEN if name not in closed
        )
    )
    for role, closed in {
        "dsvault_app": (),
        "dsvault_reader": (),
        "dsvault_auditor": ("tokens", "keys"),
    }.items()
}
_FURNISH = """
INSERT INTO dsvault.encryption_keys (tenant_id, id, key_type, kms_provider, kms_key_id, wrapped_key)
VALUES ({tenant}, {key}, 'field', 'local', 'k', decode('445357010101' || repeat('00', 72), 'hex'));
INSERT INTO dsvault.tokens (tenant_id, id, token_hash, pii_type, encrypted_value)
VALUES ({tenant}, {token}, repeat('0', 64), 'email',
    decode('4453560101' || replace({key}, '-', '') || repeat('00', 28), 'hex'));
INSERT INTO dsvault.lineage_edges
    (tenant_id, id, source_type, source_id, target_type, target_id, relationship)
VALUES ({tenant}, {edge}, 'transformation', {key}, 'transformation', {token}, 'derived_from')"""
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
        self._furnish(tenant)
        return tenant

    def _furnish(self, tenant: str) -> None:
        """Give a tenant a row of each table that is read only."""
        key, token, edge = self.new_id(), self.new_id(), self.new_id()
        names = {"tenant": tenant, "key": key, "token": token, "edge": edge}
        values = {name: sql.Literal(value) for name, value in names.items()}
        self.conn.execute(sql.SQL(_FURNISH).format(**values))
        self.model.keys[key] = self.model.tokens[token] = self.model.edges[edge] = tenant

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
                cursor.execute(sql.SQL("; ").join(_UNDO))
                return error.sqlstate
            return cursor.rowcount

    # -- what is compared -----------------------------------------------------------------------

    def prepare(self) -> None:
        """Prepare what is compared, once for the connection."""
        self.conn.prepare_threshold = (
            None  # psycopg's own end with any rollback, and ours with them
        )
        state = sql.SQL(_STATE).format(system=sql.Literal(_SYSTEM_TENANT))
        self.conn.execute(sql.SQL("PREPARE state AS ") + state)
        for role, text in _PREPARED.items():
            self.conn.execute(f"PREPARE {role} AS {text}".encode())

    def compare(self, *seers: tuple[Actor, str]) -> Iterator[tuple[str, Rows, Rows]]:
        """Yield what is there and what it should be: all that is stored, and what each of some
        sessions, an actor's as a role of the database, sees of it. All is asked in one message.
        """
        statements = [sql.SQL("EXECUTE state")]
        places = [0]
        for actor, role in seers:
            statements += _enter(actor, role)
            places.append(len(statements))
            statements += [sql.SQL("EXECUTE {}").format(sql.Identifier(role)), *_UNDO]
        rows = self._rows(statements, places)
        yield "stored", _stored(rows[0][0]), self._modelled()
        for (actor, role), (seen, holds) in zip(seers, rows[1:], strict=True):
            expected = {**self.model.sees(actor, role), "holds": self.model.permissions(actor)}
            found = {name: set(keys or ()) for name, keys in seen.items()}
            yield f"{actor} as {role}", found | {"holds": set(holds)}, expected

    def _rows(self, statements: Sequence[Statement], places: Sequence[int]) -> list[Any]:
        """Send statements in one message; return the first row of the results at some places."""
        found = []
        with self.conn.cursor() as cursor:
            cursor.execute(sql.SQL("; ").join(statements))
            for place in range(len(statements)):
                if place in places:
                    found.append(cursor.fetchone())
                cursor.nextset()
        return found

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


def _stored(state: dict[str, Any]) -> Rows:
    """Return the rows of the vault as the model has them."""
    stored = {name: rows or {} for name, rows in state.items()}
    for values in stored["roles"].values():
        values[1] = sorted(values[1])
    return stored


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
