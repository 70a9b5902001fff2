"""A script's statements: where each begins, and what it means for the transaction around it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """What a statement means for the transaction that the script, or the runner, has open."""

    PLAIN = "runs inside of a transaction"
    BEGIN = "opens a transaction"
    COMMIT = "ends the transaction and keeps its work"
    ROLLBACK = "ends the transaction and undoes its work"
    CONTROL = "steers transactions in a way that cannot be folded into one"
    OUTSIDE = "is refused by PostgreSQL inside of a transaction"
    CLIENT = "needs data from, or sends data to, the client"
    ECHO = "is a text of the script's own to be printed"
    WARN = "is such a text for standard error"
    PSQL = "is a whole script that psql must run"


class Statement(NamedTuple):
    """One statement as written, without the semicolon.

    `start` is the offset of its first character in the script, from 0. `in_block` says that it
    stands between the script's own BEGIN and COMMIT. `read_only` belongs to BEGIN alone, `data` to
    COPY FROM STDIN: its lines. ECHO and WARN print their `data`.
    """

    text: str
    start: int
    kind: Kind = Kind.PLAIN
    in_block: bool = False
    read_only: bool = False
    data: str | None = None
