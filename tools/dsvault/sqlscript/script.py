"""A whole script, parsed once: ready to run inside of the runner's transaction or on its own."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from dsvault.errors import DsvaultError
from dsvault.patterns import later
from dsvault.sqlscript.kinds import Kind, Statement
from dsvault.sqlscript.place import Place, place_at
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from dsvault.sqlscript.files import SourceMap

_CLOSING = (Kind.COMMIT, Kind.ROLLBACK, Kind.CONTROL)
_SAVEPOINT = "dsvault_block"
_INLINE_LINE = later(r"inline_code_block line (\d+)")
_DO_BODY = later(r"DO\b.*?(?:\$\w*\$|')", re.IGNORECASE | re.DOTALL)


class ScriptError(DsvaultError):
    """A script cannot be run."""

    def __init__(self, place: Place, message: str, *, hint: str | None = None) -> None:
        self.place = place
        super().__init__(f"{place}: {message}", detail="\n".join(place.excerpt()), hint=hint)


class _Block(NamedTuple):
    """A transaction of the script's own, or (without opening) what stands outside of one."""

    opening: Statement | None
    body: list[Statement]
    closing: Statement | None = None

    @property
    def is_kept(self) -> bool:
        return self.closing is not None and self.closing.kind is Kind.COMMIT

    @property
    def is_undone(self) -> bool:
        return self.closing is not None and self.closing.kind is Kind.ROLLBACK


class Client(Value):
    """How psql runs a script: which program, which file, with which variables."""

    program: str
    path: Path
    variables: Mapping[str, str]


class Script(Value):
    """The statements of one file. `name` is the path as the user knows it, for messages.

    `content` are the file's bytes, from which its hash is taken. `text` is what the server gets:
    the file's text, or what psql would make of it; then `places` tells where it came from. `client`
    is there if only psql can run the script, which then counts as one statement.
    """

    name: str
    content: bytes
    text: str
    statements: tuple[Statement, ...]
    places: SourceMap | None = None
    client: Client | None = None

    @cached_property
    def blocks(self) -> list[_Block]:
        """The script's own transactions and what stands between them, in order."""
        return _blocks(self.statements)

    @cached_property
    def is_foldable(self) -> bool:
        """Whether all statements can run in one transaction that is rolled back in the end.

        Not so if PostgreSQL refuses one of them there, or if one prepares or chains transactions.
        """
        kinds = (Kind.OUTSIDE, Kind.CONTROL, Kind.PSQL)
        return not any(item.kind in kinds for item in self.statements)

    @cached_property
    def is_transactional(self) -> bool:
        """Whether all statements, and registry rows after them, can run in one transaction.

        Not so if the script is not foldable, commits more than once, or may not write.
        """
        commits = sum(block.is_kept for block in self.blocks)
        return self.is_foldable and commits <= 1 and not self.is_read_only

    @cached_property
    def has_data(self) -> bool:
        """Whether one of the statements is followed by data, which no pipeline can hold."""
        return any(
            statement.data is not None and statement.kind is Kind.PLAIN
            for statement in self.statements
        )

    @cached_property
    def has_outside_statement(self) -> bool:
        """Whether PostgreSQL refuses one of the statements inside of a transaction."""
        kinds = (Kind.OUTSIDE, Kind.PSQL)  # nobody knows what psql will run
        return any(statement.kind in kinds for statement in self.statements)

    @cached_property
    def is_read_only(self) -> bool:
        """Whether the script opens a transaction READ ONLY."""
        return any(statement.read_only for statement in self.statements)

    @cached_property
    def begin(self) -> str:
        """The statement that opens the script's transaction, with its isolation level if any."""
        opening = [item.text for item in self.statements if item.kind is Kind.BEGIN]
        return opening[0] if len(opening) == 1 else "BEGIN"

    def folded(self, *, undone: bool = False) -> tuple[Statement, ...]:
        """Return the statements for a transaction that is already open.

        BEGIN and COMMIT disappear; a block that the script itself rolls back becomes a savepoint.
        With undone the caller rolls back everything anyway, so that the last block needs none.
        """
        blocks = self.blocks
        last = len(blocks) - 1
        folded = (_fold(block, spared=undone and i == last) for i, block in enumerate(blocks))
        return tuple(chain.from_iterable(folded))

    def place_of(self, statement: Statement, position: int | None, context: str | None) -> Place:
        """Return where an error stands that the server reports for a statement.

        position counts the statement's characters from 1, as the server does. Without it, the line
        that the context names inside of a DO block is taken, else the statement's first line.
        """
        if position:
            return self._place(statement.start + position - 1)
        offset = statement.start + _offset_in_do_block(statement.text, context)
        return self._place(offset, with_column=False)

    def _place(self, offset: int, *, with_column: bool = True) -> Place:
        if self.places is not None:
            return self.places.place(offset, with_column=with_column)
        return place_at(self.name, self.text, offset, with_column=with_column)


def refuse_unusable(script: Script) -> None:
    """Raise for the first statement that parses and yet cannot be run, or that would be in vain."""
    for statement in script.statements:
        if statement.kind is Kind.OUTSIDE and statement.in_block:
            raise ScriptError(
                script.place_of(statement, 1, None),
                "PostgreSQL refuses this statement inside of a transaction",
                hint="Give it a change of its own, without BEGIN and COMMIT.",
            )
    last = script.blocks[-1:]
    if last and last[0].opening and not last[0].closing:
        raise ScriptError(
            script.place_of(last[0].opening, 1, None),
            "this transaction is never ended, so that nothing of it would stay",
            hint="End the script with COMMIT; a verify script with ROLLBACK.",
        )


def _blocks(statements: Sequence[Statement]) -> list[_Block]:
    """Cut a script into its own transactions and what stands between them, in order."""
    blocks = [_Block(None, [])]
    for statement in statements:
        current = blocks[-1]
        if statement.kind is Kind.BEGIN and current.opening is None:
            blocks.append(_Block(statement, []))
        elif statement.kind in _CLOSING and current.opening is not None:
            blocks[-1:] = [current._replace(closing=statement), _Block(None, [])]
        elif statement.kind not in (Kind.BEGIN, Kind.COMMIT, Kind.ROLLBACK):
            current.body.append(statement)
    return [block for block in blocks if block.opening or block.body]


def _fold(block: _Block, *, spared: bool) -> Iterator[Statement]:
    """Yield a block's statements; between savepoints if the script undoes them, unless spared."""
    if spared or not (block.opening and block.closing and block.is_undone):
        yield from block.body
        return
    yield Statement(f"SAVEPOINT {_SAVEPOINT}", block.opening.start)
    yield from block.body
    yield Statement(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}", block.closing.start)


def _offset_in_do_block(statement: str, context: str | None) -> int:
    """Return the offset of the line of a DO statement at which the context says it failed, or 0."""
    body = _DO_BODY.match(statement)
    frames = _INLINE_LINE.findall(context or "")
    if body is None or not frames:
        return 0
    offset = statement.rfind("\n", 0, body.end()) + 1
    for _ in range(int(frames[-1]) - 1):
        offset = statement.find("\n", offset) + 1
    return offset
