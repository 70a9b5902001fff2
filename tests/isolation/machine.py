"""Random people do random things in a vault; after each the vault must be what the model says.

An example is a savepoint that is rolled back. It begins with two tenants and 16 users, and the
fault of `mutation`, if there is one. `steps` counts what was done, over all examples; `trace` is
what this one did, as replay.py repeats it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from hypothesis import currently_in_test_context, note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from psycopg import sql
from tests.isolation.model import Actor, Until

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis.strategies import SearchStrategy
    from tests.isolation.model import Model
    from tests.isolation.world import World

# What roles are made of: whatever decides something about the six tables.
PERMISSIONS = (
    "dataset:create", "dataset:read", "dataset:update", "dataset:delete", "dataset:restore",
    "user:create", "user:read", "user:update", "user:delete",
    "role:create", "role:read", "role:update", "role:delete", "audit:read",
    "token:read", "key:read",
)  # fmt: skip
CLERKS = (  # the roles that are there at the beginning, beside those of the system
    {"user:read", "user:update", "role:read", "role:update"},
    {"dataset:update", "dataset:create"},
    {"role:create", "role:read", "role:update", "role:delete", "dataset:read", "user:read"},
)
STATUSES = ("active", "suspended", "locked", "pending_verification")
ROLES = ("dsvault_app", "dsvault_reader", "dsvault_auditor")
NAMES = ("events", "measurements", "people", "prices")

which = st.integers(0, 2**20)
permission_sets = st.frozensets(st.sampled_from(PERMISSIONS), max_size=6)


def settle(world: World) -> None:
    """Fill a new vault with two tenants, whose people hold roles of each kind."""
    world.prepare()
    for _ in range(2):
        _settle(world, world.add_tenant())
    for _, found, expected in world.compare():
        assert found == expected


def _settle(world: World, tenant: str) -> None:
    admin = next(key for key, user in world.model.users.items() if user.tenant == tenant)
    boss = Actor(tenant, admin, enters=True)
    for permissions in map(frozenset, CLERKS):
        key = world.new_id()
        world.act(
            boss,
            add_role(key, permissions),
            lambda m, k=key, p=permissions: m.add_role(boss, k, p),
        )
    roles = [key for key, role in world.model.roles.items() if role.tenant == tenant]
    roles.sort(key=lambda key: not world.model.roles[key].is_admin)
    for number, role in enumerate(roles):
        user, key, name = world.new_id(), world.new_id(), f"of {number}"
        # One lasting administrator in each tenant, and one whose role has expired already.
        until = {0: Until.LATER, len(roles) - 1: Until.PAST}.get(number, Until.EVER)
        world.act(boss, add_user(user), lambda m, u=user: m.add_user(boss, u))
        world.act(
            boss,
            grant(user, role, admin, until),
            lambda m, u=user, r=role, t=until: m.grant(boss, u, r, admin, t),
        )
        world.act(
            boss,
            add_dataset(key, name, user),
            lambda m, k=key, n=name, u=user: m.add_dataset(boss, k, n, u),
        )


class Step(NamedTuple):
    """What was done, by the name of its method, and with which values."""

    name: str
    values: Mapping[str, Any]


def step(
    **values: SearchStrategy[Any],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a rule of a method, which writes down what it does before it does it."""

    def accept(function: Callable[..., None]) -> Callable[..., None]:
        @wraps(function)
        def done(machine: Machine, **given: Any) -> None:
            machine.trace.append(Step(function.__name__, given))
            function(machine, **given)

        return rule(**values)(done)

    return accept


class Machine(RuleBasedStateMachine):
    """One example. `base` is a settled world on an open transaction."""

    base: World
    mutation: ClassVar[str] = ""
    steps: ClassVar[int] = 0
    last: ClassVar[Machine]  # the one that was made last: after a failure, the one that failed

    def __init__(self) -> None:
        super().__init__()
        self.world = self.base.copy()
        self.done = 0
        self.trace: list[Step] = []
        type(self).last = self
        self.world.conn.execute("SAVEPOINT example")
        if self.mutation:
            self.world.conn.execute(self.mutation.encode())

    def teardown(self) -> None:
        """Undo all of it."""
        self.world.conn.execute("ROLLBACK TO SAVEPOINT example; RELEASE SAVEPOINT example")

    # -- choosing ---------------------------------------------------------------------------------

    @property
    def model(self) -> Model:
        return self.world.model

    def actor(self, number: int) -> Actor:
        """Return somebody: mostly a user, now and then one who is not what he says, or nobody."""
        kind, place = number % 16, number // 16
        roles = self.model.roles
        granters = [u for u, role in self.model.grants if "role:update" in roles[role].permissions]
        users = granters if kind % 2 else list(self.model.users)
        user, enters = users[place % len(users)], bool(place // len(users) % 2)
        tenant = self.model.users[user].tenant
        if kind == 0:
            return Actor(None, None)
        if kind == 1:
            return Actor(tenant, None)
        if kind == 2:
            others = [other for other in self.model.tenants if other != tenant]
            return Actor(others[place % len(others)], user, enters)
        return Actor(tenant, user, enters)

    def one(self, actor: Actor, table: str, number: int) -> str:
        """Return the id of a row, mostly one of the actor's own tenant, often its first."""
        rows = getattr(self.model, table)
        near = [key for key, row in rows.items() if row.tenant == actor.tenant]
        ids = near if near and number % 4 else list(rows)
        return ids[0 if number % 4 == 1 else number // 4 % len(ids)]

    def count(self) -> None:
        """Count a step, of this example and of all."""
        self.done += 1
        Machine.steps += 1

    def act(self, actor: Actor, statement: sql.Composable, expect: Callable[[Model], int]) -> None:
        """Do something in both worlds and compare all of them."""
        self.count()
        if currently_in_test_context():
            note(f"{actor}: {statement.as_string()}")
        came, expected = self.world.act(actor, statement, expect)
        assert came == expected, f"{actor} got {came}, not {expected}: {statement.as_string()}"
        self.compare(actor)

    def compare(self, actor: Actor) -> None:
        """Compare what is stored, and what the actor and another see."""
        # The actor looks, and somebody else; by each role of the database in turn.
        key, user = list(self.model.users.items())[self.done * 5 % len(self.model.users)]
        seers = []
        for number, seer in enumerate((Actor(actor.tenant, actor.user), Actor(user.tenant, key))):
            enters = self.model.is_live(seer) and self.done % 4 > 0  # else each look asks anew
            seers.append((replace(seer, enters=enters), ROLES[(self.done + number) % len(ROLES)]))
        for what, found, expected in self.world.compare(*seers):
            assert found == expected, f"{what}: {_difference(found, expected)}"

    # -- what people do --------------------------------------------------------------------------

    @step(who=which)
    def a_user_is_made(self, who: int) -> None:
        actor, key = self.actor(who), self.world.new_id()
        self.act(actor, add_user(key), lambda m: m.add_user(actor, key))

    @step(who=which, whom=which, status=st.sampled_from(STATUSES))
    def a_status_changes(self, who: int, whom: int, status: str) -> None:
        actor = self.actor(who)
        key = self.one(actor, "users", whom)
        statement = _sql("UPDATE dsvault.users SET status = {} WHERE id = {}", status, key)
        self.act(actor, statement, lambda m: m.set_status(actor, key, status))

    @step(who=which, whom=which)
    def a_user_is_removed(self, who: int, whom: int) -> None:
        actor = self.actor(who)
        key = self.one(actor, "users", whom)
        statement = _sql("UPDATE dsvault.users SET is_deleted = true WHERE id = {}", key)
        self.act(actor, statement, lambda m: m.remove_user(actor, key))

    @step(who=which, permissions=permission_sets)
    def a_role_is_made(self, who: int, permissions: frozenset[str]) -> None:
        actor, key = self.actor(who), self.world.new_id()
        self.act(actor, add_role(key, permissions), lambda m: m.add_role(actor, key, permissions))

    @step(who=which, what=which, permissions=permission_sets)
    def a_role_changes(self, who: int, what: int, permissions: frozenset[str]) -> None:
        actor = self.actor(who)
        key = self.one(actor, "roles", what)
        statement = _sql(
            "UPDATE dsvault.roles SET permissions = {}::jsonb WHERE id = {}",
            _json(permissions),
            key,
        )
        self.act(actor, statement, lambda m: m.set_permissions(actor, key, permissions))

    @step(who=which, what=which)
    def a_role_is_removed(self, who: int, what: int) -> None:
        actor = self.actor(who)
        key = self.one(actor, "roles", what)
        statement = _sql("DELETE FROM dsvault.roles WHERE id = {}", key)
        self.act(actor, statement, lambda m: m.remove_role(actor, key))

    @step(who=which, whom=which, what=which, until=st.sampled_from(Until))
    def a_role_is_granted(self, who: int, whom: int, what: int, until: Until) -> None:
        actor = self.actor(who)
        user, role = self.one(actor, "users", whom), self.one(actor, "roles", what)
        by = actor.user if what % 8 and actor.user else user  # now and then in another's name
        self.act(
            actor, grant(user, role, by, until), lambda m: m.grant(actor, user, role, by, until)
        )

    @step(who=which, what=which, until=st.sampled_from(Until))
    def a_grant_is_prolonged(self, who: int, what: int, until: Until) -> None:
        actor = self.actor(who)
        user, role = self.a_grant(actor, what)
        statement = _sql(
            f"UPDATE dsvault.user_roles SET expires_at = {until.value}"
            " WHERE user_id = {} AND role_id = {}", user, role,
        )  # fmt: skip
        self.act(actor, statement, lambda m: m.prolong(actor, user, role, until))

    @step(who=which, what=which)
    def a_grant_is_revoked(self, who: int, what: int) -> None:
        actor = self.actor(who)
        user, role = self.a_grant(actor, what)
        statement = _sql(
            "DELETE FROM dsvault.user_roles WHERE user_id = {} AND role_id = {}", user, role
        )
        self.act(actor, statement, lambda m: m.revoke(actor, user, role))

    def a_grant(self, actor: Actor, number: int) -> tuple[str, str]:
        """Return a grant, mostly one of the actor's own tenant."""
        near = [key for key in self.model.grants if self.model.users[key[0]].tenant == actor.tenant]
        keys = near if near and number % 4 else list(self.model.grants)
        return keys[number // 4 % len(keys)]

    @step(who=which, whom=which, name=st.sampled_from(NAMES))
    def a_dataset_is_made(self, who: int, whom: int, name: str) -> None:
        actor, key = self.actor(who), self.world.new_id()
        owner = self.one(actor, "users", whom)
        self.act(
            actor, add_dataset(key, name, owner), lambda m: m.add_dataset(actor, key, name, owner)
        )

    @step(who=which, what=which)
    def a_dataset_is_described(self, who: int, what: int) -> None:
        actor, text = self.actor(who), f"{what}"
        key = self.one(actor, "datasets", what)
        statement = _sql("UPDATE dsvault.datasets SET description = {} WHERE id = {}", text, key)
        self.act(actor, statement, lambda m: m.describe(actor, key, text))

    @step(who=which)
    def all_datasets_are_described(self, who: int) -> None:
        actor, text = self.actor(who), f"{who}"
        statement = _sql("UPDATE dsvault.datasets SET description = {}", text)
        self.act(actor, statement, lambda m: m.describe_all(actor, text))

    @step(who=which, what=which, whom=which)
    def a_dataset_is_given_away(self, who: int, what: int, whom: int) -> None:
        actor = self.actor(who)
        key, owner = self.one(actor, "datasets", what), self.one(actor, "users", whom)
        statement = _sql("UPDATE dsvault.datasets SET owner_id = {} WHERE id = {}", owner, key)
        self.act(actor, statement, lambda m: m.give(actor, key, owner))

    @step(who=which, what=which)
    def a_dataset_is_soft_deleted(self, who: int, what: int) -> None:
        actor = self.actor(who)
        key = self.one(actor, "datasets", what)
        statement = _sql("UPDATE dsvault.datasets SET deleted_at = now() WHERE id = {}", key)
        self.act(actor, statement, lambda m: m.soft_delete(actor, key))

    @step(who=which, what=which)
    def a_deletion_is_taken_back(self, who: int, what: int) -> None:
        actor = self.actor(who)
        key = self.one_deleted(actor, what)
        statement = _sql("UPDATE dsvault.datasets SET deleted_at = NULL WHERE id = {}", key)
        self.act(actor, statement, lambda m: m.undelete(actor, key))

    @step(who=which, what=which)
    def a_dataset_is_restored(self, who: int, what: int) -> None:
        actor, key = self.actor(who), self.one_deleted(self.actor(who), what)
        statement = _sql("SELECT dsvault.restore_dataset({})", key)
        self.act(actor, statement, lambda m: m.restore(actor, key))

    def one_deleted(self, actor: Actor, number: int) -> str:
        """Return a deleted dataset, or any if there is none, or now and then."""
        gone = [key for key, dataset in self.model.datasets.items() if dataset.deleted]
        some = gone and number % 8
        return gone[number // 8 % len(gone)] if some else self.one(actor, "datasets", number)

    @precondition(lambda self: len(self.model.datasets) > 5)
    @step(who=which, what=which)
    def a_dataset_is_deleted(self, who: int, what: int) -> None:
        actor = self.actor(who)
        key = self.one(actor, "datasets", what)
        statement = _sql("DELETE FROM dsvault.datasets WHERE id = {}", key)
        self.act(actor, statement, lambda m: m.delete_dataset(actor, key))

    # -- what operators do -----------------------------------------------------------------------

    @precondition(lambda self: len(self.model.tenants) < 4)
    @step()
    def a_tenant_is_made(self) -> None:
        self.count()
        tenant = self.world.add_tenant()
        self.compare(Actor(tenant, list(self.model.users)[-1]))

    @precondition(lambda self: sum(not gone for gone in self.model.tenants.values()) > 2)
    @step(which=which)
    def a_tenant_is_deleted(self, which: int) -> None:
        self.count()
        tenant = list(self.model.tenants)[which % len(self.model.tenants)]
        self.world.delete_tenant(tenant)
        user = next(key for key, user in self.model.users.items() if user.tenant == tenant)
        self.compare(Actor(tenant, user))


def _difference(found: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
    """Say what of which table is there and should not be, or the other way round."""
    told = []
    for table, rows in expected.items():
        for sign, these, those in (("+", found[table], rows), ("-", rows, found[table])):
            values, others = (r if isinstance(r, dict) else {} for r in (these, those))
            told += [
                f"{sign} {table} {key} {values.get(key, '')}"
                for key in these
                if key not in those or values.get(key) != others.get(key)
            ]
    return "\n".join(told)


# -- statements -----------------------------------------------------------------------------------


def _sql(text: str, *values: Any) -> sql.Composed:
    return sql.SQL(text).format(*map(sql.Literal, values))


def _json(permissions: frozenset[str]) -> str:
    return json.dumps(sorted(permissions))


def add_user(key: str) -> sql.Composed:
    text = "INSERT INTO dsvault.users (id, email, name) VALUES ({}, {}, 'U')"
    return _sql(text, key, f"{key}@users.example")


def add_role(key: str, permissions: frozenset[str]) -> sql.Composed:
    text = "INSERT INTO dsvault.roles (id, name, permissions) VALUES ({}, {}, {}::jsonb)"
    return _sql(text, key, key, _json(permissions))


def grant(user: str, role: str, by: str, until: Until) -> sql.Composed:
    text = (
        "INSERT INTO dsvault.user_roles (user_id, role_id, granted_by, expires_at)"
        f" VALUES ({{}}, {{}}, {{}}, {until.value})"
    )
    return _sql(text, user, role, by)


def add_dataset(key: str, name: str, owner: str) -> sql.Composed:
    text = "INSERT INTO dsvault.datasets (id, name, owner_id) VALUES ({}, {}, {})"
    return _sql(text, key, name, owner)
