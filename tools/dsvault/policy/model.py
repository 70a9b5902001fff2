"""The declared matrix as values: which role of the database may do what to which rows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.policy.conditions import Condition, Word

PUBLIC = "PUBLIC"


class Command(Enum):
    """What can be done to rows."""

    SELECT = "SELECT"
    INSERT = "INSERT"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


# What can be done to a table as a whole; no rule gives any of it.
TABLE_PRIVILEGES = ("TRUNCATE", "REFERENCES", "TRIGGER")
# MAINTAIN is younger than the oldest server we know.
MAINTAIN = "MAINTAIN"
MAINTAIN_SINCE = 170000


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the database: its short name in the matrix, its own name, what it is for.

    The owner of a table holds every privilege without a grant.
    """

    key: str
    name: str
    about: str

    @property
    def is_owner(self) -> bool:
        """Whether it owns the tables, so that policies alone bound it."""
        return self.key == "owner"

    @property
    def is_public(self) -> bool:
        """Whether it stands for everybody who is in no other role."""
        return self.name == PUBLIC


@dataclass(frozen=True, slots=True)
class Floor:
    """The restrictive policy below all others of a table; `restated` is what a ReadFloor says."""

    roles: tuple[str, ...]
    condition: Condition
    says: str
    restated: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A permissive policy and the grant that goes with it. columns is None for all of them."""

    policy: str
    commands: tuple[Command, ...]
    roles: tuple[str, ...]
    columns: tuple[str, ...] | None
    condition: Condition
    check: Condition
    says: str

    def as_json(self) -> dict[str, object]:
        """Return the rule as one JSON object; columns is null for all of them."""
        return {
            "policy": self.policy,
            "command": self.command_name,
            "roles": list(self.roles),
            "columns": None if self.columns is None else list(self.columns),
            "if": self.condition.text,
            "check": self.check.text,
            "says": self.says,
        }

    @property
    def command_name(self) -> str:
        """The command as CREATE POLICY writes it."""
        return "ALL" if len(self.commands) > 1 else self.commands[0].value


@dataclass(frozen=True, slots=True)
class ReadFloor:
    """A floor of its own for the roles of a rule: what it shows, and only that, can be reached."""

    policy: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the vault with its rules."""

    name: str
    about: str
    tenant_column: str
    floor: str
    read_floor: ReadFloor | None
    words: tuple[Word, ...]
    rules: tuple[Rule, ...]

    @property
    def floors(self) -> tuple[str, ...]:
        """The names of its restrictive policies."""
        return (self.floor, self.read_floor.policy) if self.read_floor else (self.floor,)

    def floor_roles(self, floor: Floor) -> tuple[str, ...]:
        """Return the roles that stand on the floor that all tables have."""
        above = self.read_floor.rule.roles if self.read_floor else ()
        return tuple(role for role in floor.roles if role not in above)

    def as_json(self) -> dict[str, object]:
        """Return the table as one JSON object."""
        return {
            "about": self.about,
            "floor": self.floor,
            "read_floor": self.read_floor.policy if self.read_floor else None,
            "words": {word.name: word.about for word in self.words},
            "rules": [rule.as_json() for rule in self.rules],
        }

    def reach(self, role: str) -> Condition | None:
        """Return the condition that bounds every command of a role; None where it is its own."""
        above = self.read_floor
        return above.rule.condition if above and role in above.rule.roles else None

    def rule(self, role: str, command: Command) -> Rule | None:
        """Return the rule for a role (its short name) and a command, None where it may not."""
        for rule in self.rules:
            if role in rule.roles and command in rule.commands:
                return rule
        return None


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole declaration, in the order of its file."""

    roles: tuple[Role, ...]
    floor: Floor
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table | None:
        """Return the table of a name, None where there is none."""
        return next((table for table in self.tables if table.name == name), None)

    def role(self, key: str) -> Role | None:
        """Return the role of a short name, None where there is none."""
        return next((role for role in self.roles if role.key == key), None)

    @property
    def permissions(self) -> frozenset[str]:
        """Every permission that some rule asks for."""
        return frozenset().union(
            *(c.permissions for _, rule in self.rules() for c in (rule.condition, rule.check))
        )

    def as_json(self) -> dict[str, object]:
        """Return the matrix as one JSON object."""
        return {
            "roles": {role.key: {"name": role.name, "about": role.about} for role in self.roles},
            "floor": {
                "roles": list(self.floor.roles),
                "if": self.floor.condition.text,
                "says": self.floor.says,
                "restated": self.floor.restated,
            },
            "tables": {table.name: table.as_json() for table in self.tables},
        }

    def rules(self) -> Iterator[tuple[Table, Rule]]:
        """Yield every rule with its table."""
        for table in self.tables:
            for rule in table.rules:
                yield table, rule
