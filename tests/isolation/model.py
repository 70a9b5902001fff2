"""What a vault should do, in plain Python: who sees what, who may change what, and the refusals.

It restates sql/policies/matrix.toml and the triggers for six tables, in the order in which the
server asks: row triggers before a change, row security, unique keys, foreign keys, row triggers
after it. It knows nothing of SQL.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from enum import Enum

MEMBER = "tenant:member"
NOT_ALLOWED, UNIQUE, FOREIGN = "42501", "23505", "23503"
NOBODY_THERE, BEYOND, MAY_NOT_DELETE, LAST_ADMIN = "DV101", "DV201", "DV202", "DV203"
MAY_NOT_RESTORE, NOTHING_DELETED, NAME_TAKEN = "DV721", "DV722", "DV723"


TABLES = (
    "tenants", "users", "roles", "grants", "datasets", "edges", "trails", "tokens", "keys",
)  # fmt: skip


class Until(Enum):
    """How long a grant lasts; the value is SQL."""

    EVER = "NULL"
    LATER = "now() + interval '1 hour'"
    PAST = "now() - interval '1 hour'"


@dataclass(frozen=True)
class Actor:
    """Who a transaction says it is, true or not, and whether by enter() or by the settings."""

    tenant: str | None
    user: str | None
    enters: bool = False


@dataclass
class User:
    tenant: str
    status: str = "active"
    deleted: bool = False


@dataclass
class Role:
    tenant: str
    permissions: frozenset[str]
    is_admin: bool = False  # the system role of that name
    is_system: bool = False


@dataclass
class Dataset:
    tenant: str
    name: str
    owner: str
    description: str | None = None
    deleted: bool = False


class RefusedError(Exception):
    """The statement is refused with this SQLSTATE and changes nothing."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@dataclass
class Model:
    """All of a vault's tenants. A method that changes something returns how many rows."""

    tenants: dict[str, bool] = field(default_factory=dict)  # whether it is deleted
    users: dict[str, User] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    grants: dict[tuple[str, str], Until] = field(default_factory=dict)
    datasets: dict[str, Dataset] = field(default_factory=dict)
    # What is only looked at: the tenant of each.
    tokens: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    edges: dict[str, str] = field(default_factory=dict)

    def copy(self) -> Model:
        """Return a model of the same that changes for itself."""
        return Model(
            dict(self.tenants),
            {key: copy(user) for key, user in self.users.items()},
            {key: copy(role) for key, role in self.roles.items()},
            dict(self.grants),
            {key: copy(dataset) for key, dataset in self.datasets.items()},
            dict(self.tokens),
            dict(self.keys),
            dict(self.edges),
        )

    def deleted(self) -> int:
        """Count the users and datasets that are marked deleted."""
        return sum(row.deleted for row in (*self.users.values(), *self.datasets.values()))

    # -- who may what ---------------------------------------------------------------------------

    def is_live(self, actor: Actor) -> bool:
        user = self.users.get(actor.user or "")
        return (
            user is not None
            and user.tenant == actor.tenant
            and user.status == "active"
            and not user.deleted
            and not self.tenants[user.tenant]
        )

    def permissions(self, actor: Actor) -> frozenset[str]:
        """Return what roles give, without what every member has."""
        if not self.is_live(actor):
            return frozenset()
        held = [
            self.roles[role].permissions
            for (user, role), until in self.grants.items()
            if user == actor.user and until is not Until.PAST
        ]
        return frozenset().union(*held)

    def holds(self, actor: Actor, permission: str) -> bool:
        return self.is_live(actor) and permission in self.permissions(actor)

    # -- what is seen ---------------------------------------------------------------------------

    def sees(self, actor: Actor, role: str) -> dict[str, set[str]]:
        """Return the rows of each table that an actor's session of a database role sees.

        What was deleted by a transaction before is for auditors only.
        """
        auditor = role == "dsvault_auditor"
        closed = ("tokens", "keys") if auditor else ()
        if not self.is_live(actor):
            return {name: set() for name in TABLES if name not in closed}
        mine = self.permissions(actor)
        users = "audit:read" if auditor else "user:read"
        roles = "audit:read" if auditor else "role:read"
        datasets = "audit:read" if auditor else "dataset:read"
        me = None if auditor else actor.user
        here = actor.tenant
        of_tenant = {"edges": (self.edges, datasets)}
        if not auditor:
            of_tenant |= {"tokens": (self.tokens, "token:read"), "keys": (self.keys, "key:read")}
        return {
            **{
                name: {key for key, tenant in rows.items() if tenant == here and needed in mine}
                for name, (rows, needed) in of_tenant.items()
            },
            "trails": {here} if here and "audit:read" in mine else set(),
            "tenants": {here} if here else set(),
            "users": {
                key
                for key, user in self.users.items()
                if user.tenant == here and (users in mine or key == me)
                if auditor or not user.deleted
            },
            "roles": {
                key for key, role in self.roles.items() if role.tenant == here and roles in mine
            },
            "grants": {
                f"{user} {role}"
                for user, role in self.grants
                if self.users[user].tenant == here and (roles in mine or user == me)
            },
            "datasets": {
                key
                for key, dataset in self.datasets.items()
                if dataset.tenant == here and (datasets in mine or dataset.owner == me)
                if auditor or not dataset.deleted
            },
        }

    def _sees(self, actor: Actor, table: str, key: str) -> bool:
        return key in self.sees(actor, "dsvault_app")[table]

    # -- users ----------------------------------------------------------------------------------

    def add_user(self, actor: Actor, key: str) -> int:
        if not self.holds(actor, "user:create"):
            raise RefusedError(NOT_ALLOWED)
        assert actor.tenant
        self.users[key] = User(actor.tenant)
        return 1

    def set_status(self, actor: Actor, key: str, status: str) -> int:
        if not (self._sees(actor, "users", key) and self.holds(actor, "user:update")):
            return 0
        user = self.users[key]
        before, user.status = user.status, status
        if before == "active" and not user.deleted and status != "active":
            self._keep_admin(user.tenant, key)
        return 1

    def remove_user(self, actor: Actor, key: str) -> int:
        if not (self._sees(actor, "users", key) and self.holds(actor, "user:update")):
            return 0
        user = self.users[key]
        user.deleted = True
        if user.status == "active":
            self._keep_admin(user.tenant, key)
        if not self.holds(actor, "user:delete"):  # asked of him who may be gone now
            raise RefusedError(MAY_NOT_DELETE)
        return 1

    def _keep_admin(self, tenant: str, user: str, role: str | None = None) -> None:
        """Refuse if the tenant of an administrator is left without a lasting one."""
        [admin] = [key for key, r in self.roles.items() if r.tenant == tenant and r.is_admin]
        if role != admin and (user, admin) not in self.grants:
            return
        left = [
            self.users[holder]
            for (holder, held), until in self.grants.items()
            if held == admin and until is Until.EVER
        ]
        if not any(holder.status == "active" and not holder.deleted for holder in left):
            raise RefusedError(LAST_ADMIN)

    # -- roles and grants -----------------------------------------------------------------------

    def add_role(self, actor: Actor, key: str, permissions: frozenset[str]) -> int:
        if not (self.holds(actor, "role:create") and permissions <= self.permissions(actor)):
            raise RefusedError(NOT_ALLOWED)
        assert actor.tenant
        self.roles[key] = Role(actor.tenant, permissions)
        return 1

    def set_permissions(self, actor: Actor, key: str, permissions: frozenset[str]) -> int:
        if not self._may_change_role(actor, key, "role:update"):
            return 0
        if not permissions <= self.permissions(actor):
            raise RefusedError(NOT_ALLOWED)
        self.roles[key].permissions = permissions
        return 1

    def remove_role(self, actor: Actor, key: str) -> int:
        if not self._may_change_role(actor, key, "role:delete"):
            return 0
        del self.roles[key]
        self.grants = {pair: until for pair, until in self.grants.items() if pair[1] != key}
        return 1

    def _may_change_role(self, actor: Actor, key: str, permission: str) -> bool:
        return (
            self._sees(actor, "roles", key)
            and self.holds(actor, permission)
            and not self.roles[key].is_system
            and self.roles[key].permissions <= self.permissions(actor)
        )

    def grant(self, actor: Actor, user: str, role: str, by: str, until: Until) -> int:
        if not self.holds(actor, "role:update") or by != actor.user:
            raise RefusedError(NOT_ALLOWED)
        self._bound(actor, role)
        if user == actor.user:
            raise RefusedError(NOT_ALLOWED)
        if (user, role) in self.grants and self.users[user].tenant == actor.tenant:
            raise RefusedError(UNIQUE)
        if not self.users[user].tenant == self.roles[role].tenant == actor.tenant:
            raise RefusedError(FOREIGN)
        self.grants[user, role] = until
        return 1

    def prolong(self, actor: Actor, user: str, role: str, until: Until) -> int:
        if not self._may_change_grant(actor, user, role):
            return 0
        self._bound(actor, role)
        before, self.grants[user, role] = self.grants[user, role], until
        if before is Until.EVER:
            self._keep_admin(self.users[user].tenant, user, role)
        return 1

    def revoke(self, actor: Actor, user: str, role: str) -> int:
        if not self._may_change_grant(actor, user, role):
            return 0
        self._bound(actor, role)
        if self.grants.pop((user, role)) is Until.EVER:
            self._keep_admin(self.users[user].tenant, user, role)
        return 1

    def _may_change_grant(self, actor: Actor, user: str, role: str) -> bool:
        return (
            self._sees(actor, "grants", f"{user} {role}")
            and self.holds(actor, "role:update")
            and user != actor.user
        )

    def _bound(self, actor: Actor, role: str) -> None:
        """Refuse a role of the tenant that holds more than the actor."""
        found = self.roles[role]
        if found.tenant == actor.tenant and not found.permissions <= self.permissions(actor):
            raise RefusedError(BEYOND)

    # -- datasets -------------------------------------------------------------------------------

    def add_dataset(self, actor: Actor, key: str, name: str, owner: str) -> int:
        if not self.holds(actor, "dataset:create"):
            raise RefusedError(NOT_ALLOWED)
        assert actor.tenant
        if self._is_taken(actor.tenant, name):
            raise RefusedError(UNIQUE)
        if self.users[owner].tenant != actor.tenant:
            raise RefusedError(FOREIGN)
        self.datasets[key] = Dataset(actor.tenant, name, owner)
        return 1

    def describe(self, actor: Actor, key: str, text: str) -> int:
        if not self._may_change_dataset(actor, key):
            return 0
        self.datasets[key].description = text
        return 1

    def describe_all(self, actor: Actor, text: str) -> int:
        """Without a condition too, what is not seen is not changed: the floor says so."""
        changed = [
            dataset
            for key, dataset in self.datasets.items()
            if self._may_change_dataset(actor, key)
        ]
        for dataset in changed:
            dataset.description = text
        return len(changed)

    def give(self, actor: Actor, key: str, owner: str) -> int:
        if not self._may_change_dataset(actor, key):
            return 0
        for permission in ("dataset:update", "dataset:read"):
            if not self.holds(actor, permission) and owner != actor.user:
                raise RefusedError(NOT_ALLOWED)
        if self.users[owner].tenant != actor.tenant:
            raise RefusedError(FOREIGN)
        self.datasets[key].owner = owner
        return 1

    def soft_delete(self, actor: Actor, key: str) -> int:
        if not self._may_change_dataset(actor, key):
            return 0
        dataset = self.datasets[key]
        if not self.holds(actor, "dataset:delete") and dataset.owner != actor.user:
            raise RefusedError(MAY_NOT_DELETE)
        dataset.deleted = True
        return 1

    def undelete(self, actor: Actor, key: str) -> int:
        """Change nothing: what is deleted is not seen, what is seen is not deleted."""
        return int(self._may_change_dataset(actor, key))

    def restore(self, actor: Actor, key: str) -> int:
        dataset = self.datasets[key]
        may = self.holds(actor, "dataset:restore")
        own = self.is_live(actor) and dataset.owner == actor.user and dataset.tenant == actor.tenant
        if not (may or own):
            raise RefusedError(MAY_NOT_RESTORE)
        if dataset.tenant != actor.tenant or not dataset.deleted:
            raise RefusedError(NOTHING_DELETED)
        if self._is_taken(dataset.tenant, dataset.name):
            raise RefusedError(NAME_TAKEN)
        dataset.deleted = False
        return 1

    def _is_taken(self, tenant: str, name: str) -> bool:
        return any(
            (d.tenant, d.name, d.deleted) == (tenant, name, False) for d in self.datasets.values()
        )

    def delete_dataset(self, actor: Actor, key: str) -> int:
        if not self._may_change_dataset(actor, key, "dataset:delete"):
            return 0
        del self.datasets[key]
        return 1

    def _may_change_dataset(
        self, actor: Actor, key: str, permission: str = "dataset:update"
    ) -> bool:
        return self._sees(actor, "datasets", key) and (
            self.holds(actor, permission) or self.datasets[key].owner == actor.user
        )
