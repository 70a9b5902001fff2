"""A script as the steps that commit one by one, where no single transaction can hold all of it."""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from dsvault.patterns import later
from dsvault.sqlscript.kinds import Kind, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dsvault.sqlscript.script import Script

_SETTING = later(r"(?:SET|RESET)\b(?!\s+(?:LOCAL|TRANSACTION|CONSTRAINTS)\b)", re.IGNORECASE)
_ALONE = (Kind.OUTSIDE, Kind.CONTROL, Kind.ROLLBACK, Kind.PSQL)


class Unit(NamedTuple):
    """Statements that commit together: one statement, or a block between BEGIN and its end."""

    statements: tuple[Statement, ...]

    @property
    def is_block(self) -> bool:
        """Whether it is a transaction of the script's own, with BEGIN first and its end last."""
        return self.statements[0].kind is Kind.BEGIN

    @property
    def has_control(self) -> bool:
        """Whether it prepares or chains transactions, so that nothing can be put between."""
        return any(item.kind is Kind.CONTROL for item in self.statements)

    @property
    def can_be_atomic(self) -> bool:
        """Whether a row can be written in the same transaction, as far as its text tells."""
        return not any(item.kind in _ALONE or item.read_only for item in self.statements)

    @property
    def is_setting(self) -> bool:
        """Whether it only sets something for the session, which a new session has lost."""
        return not self.is_block and bool(_SETTING.match(self.statements[0].text))


def units(script: Script) -> tuple[Unit, ...]:
    """Return a script's steps in order.

    A script that prepares or chains transactions is one step: nobody can tell where it may be cut.
    """
    if any(item.kind is Kind.CONTROL for item in script.statements):
        return (Unit(script.statements),)
    return tuple(_grouped(script.statements))


def digest(steps: Sequence[Unit]) -> str:
    """Return a digest of the steps' text, by which an edit of what was already done is noticed."""
    import hashlib  # noqa: PLC0415 - few scripts are run step by step

    return reduce(extended, steps, hashlib.sha256().hexdigest())


def extended(before: str, unit: Unit) -> str:
    """Return the digest of some steps and one more, from the digest of those before."""
    import hashlib  # noqa: PLC0415 - as above

    sha = hashlib.sha256(before.encode())
    for statement in unit.statements:
        sha.update(statement.text.encode() + b"\0" + (statement.data or "").encode())
    return sha.hexdigest()


def _grouped(statements: Sequence[Statement]) -> Iterator[Unit]:
    block: list[Statement] = []
    for item in statements:
        if item.kind is Kind.BEGIN or block:
            block.append(item)
            if item.kind in (Kind.COMMIT, Kind.ROLLBACK):
                yield Unit(tuple(block))
                block = []
        elif item.kind not in (Kind.COMMIT, Kind.ROLLBACK):
            yield Unit((item,))
    if block:
        yield Unit(tuple(block))
