"""What both sides are made of: one table, column, constraint, index, … with its definition."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """The kinds of items. The values begin the keys by which corrections.toml names items."""

    TABLE = "table"
    COLUMN = "column"
    CONSTRAINT = "constraint"
    INDEX = "index"
    PARTITION = "partition"
    ROW_SECURITY = "row security"
    FORCED = "forced row security"
    POLICY = "policy"
    FUNCTION = "function"
    TRIGGER = "trigger"
    SEED = "row"
    COMMENT = "comment"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Item:
    """One object of the document or of the plan.

    `name` is unique within its kind: columns, constraints, triggers, policies and rows carry their
    table's name before a dot. `text` is the definition in the parser's own spelling without the
    schema, so that equal definitions are equal texts. `offset` is where it stands in its statement.
    """

    kind: Kind
    name: str
    table: str
    text: str
    offset: int = 0
    named: bool = True
    """False for a constraint that the server would name."""
    faulty: bool = False
    """True if PostgreSQL cannot parse it; then `text` is the document's own spelling."""
    lines: tuple[int, ...] = ()
    """Where the document states it, counted from 1."""
    change: str = ""
    """The change of the plan that made it as it is, as deploy/ names it."""

    @property
    def key(self) -> str:
        """Return the name with its kind, as corrections.toml has it."""
        return f"{self.kind.value} {self.name}"

    @property
    def short_name(self) -> str:
        """Return the name without its table."""
        return self.name.removeprefix(f"{self.table}.")
