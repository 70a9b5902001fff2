"""A whole script, parsed once: ready to run inside of the runner's transaction or on its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pglast.parser import ParseError

from dsvault.errors import DsvaultError
from dsvault.sqlscript.arguments import VARIABLE, NotOurs, variable_name
from dsvault.sqlscript.expand import Echo, Expansion, ExpansionError, expand, needs_expansion
from dsvault.sqlscript.files import File, Segment, SourceMap
from dsvault.sqlscript.place import Place, place_at
from dsvault.sqlscript.statements import Kind, Statement, split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_CLOSING = (Kind.COMMIT, Kind.ROLLBACK, Kind.CONTROL)
_SAVEPOINT = "dsvault_block"
_INLINE_LINE = re.compile(r"inline_code_block line (\d+)")
_VARIABLE = re.compile(VARIABLE)
NOTHING: Mapping[str, str] = {}
_DO_BODY = re.compile(r"DO\b.*?(?:\$\w*\$|')", re.IGNORECASE | re.DOTALL)


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


class Client(NamedTuple):
    """How psql runs a script: which program, which file, with which variables."""

    program: str
    path: Path
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Script:
    """The statements of one file. `name` is the path as the user knows it, for messages.

    `content` are the file's bytes, from which its hash is taken. `text` is what the server gets:
    the file's text, or what psql would make of it; then `places` tells where it came from. `client`
    is there if only psql can run the script, which then counts as one statement.
    """

    name: str
    content: bytes = field(repr=False)
    text: str = field(repr=False)
    statements: tuple[Statement, ...]
    places: SourceMap | None = field(default=None, repr=False, compare=False)
    client: Client | None = None

    @property
    def is_foldable(self) -> bool:
        """Whether all statements can run in one transaction that is rolled back in the end.

        Not so if PostgreSQL refuses one of them there, or if one prepares or chains transactions.
        """
        kinds = (Kind.OUTSIDE, Kind.CONTROL, Kind.PSQL)
        return not any(item.kind in kinds for item in self.statements)

    @property
    def is_transactional(self) -> bool:
        """Whether all statements, and registry rows after them, can run in one transaction.

        Not so if the script is not foldable, commits more than once, or may not write.
        """
        commits = sum(block.is_kept for block in _blocks(self.statements))
        return self.is_foldable and commits <= 1 and not self.is_read_only

    @property
    def has_outside_statement(self) -> bool:
        """Whether PostgreSQL refuses one of the statements inside of a transaction."""
        kinds = (Kind.OUTSIDE, Kind.PSQL)  # nobody knows what psql will run
        return any(statement.kind in kinds for statement in self.statements)

    @property
    def is_read_only(self) -> bool:
        """Whether the script opens a transaction READ ONLY."""
        return any(statement.read_only for statement in self.statements)

    @property
    def begin(self) -> str:
        """The statement that opens the script's transaction, with its isolation level if any."""
        opening = [item.text for item in self.statements if item.kind is Kind.BEGIN]
        return opening[0] if len(opening) == 1 else "BEGIN"

    def folded(self, *, undone: bool = False) -> tuple[Statement, ...]:
        """Return the statements for a transaction that is already open.

        BEGIN and COMMIT disappear; a block that the script itself rolls back becomes a savepoint.
        With undone the caller rolls back everything anyway, so that the last block needs none.
        """
        blocks = _blocks(self.statements)
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


def read_script(
    path: Path, name: str, *, variables: Mapping[str, str] = NOTHING, client: str | None = None
) -> Script:
    """Read and parse a script file; name is used in messages.

    variables are psql's; client is the psql for scripts that only it can run, None if there is
    none.

    :raises ScriptError: it is not UTF-8, needs psql and there is none, does not parse, or never
        ends a transaction.
    :raises OSError: it cannot be read.
    """
    raw = path.read_bytes()
    how = Client(client or "", path, variables)
    # Not the text's bytes: a byte order mark, or what psql would make of it, are another matter.
    return replace(_parse(File(name, _decoded(raw, name)), how), content=raw)


def parse_script(name: str, text: str) -> Script:
    """Parse a script's text; name is used in messages.

    :raises ScriptError: the text needs psql, does not parse, or never ends a transaction.
    """
    return _parse(File(name, text), Client("", Path(name), NOTHING))


def _decoded(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ScriptError(Place(name, line, None, ""), "the file is not UTF-8") from None


def _parse(file: File, how: Client) -> Script:
    try:
        if needs_expansion(file.text):
            return _split(file, _expanded(file, how))
        whole = SourceMap((Segment(0, file, 0, is_verbatim=True),))
        return _split(file, Expansion(file.text, whole, (), ()))
    except NotOurs as reason:
        if how.program:
            alone = Statement(file.text, 0, Kind.PSQL)
            return Script(file.name, file.text.encode(), file.text, (alone,), client=how)
        where = reason.file or file
        raise ScriptError(
            place_at(where.name, where.text, reason.offset),
            f"{reason.what} works in psql only, and there is no psql",
            hint="Install psql or name it by core.client in sqitch.conf, or write plain SQL.",
        ) from None


def _expanded(file: File, how: Client) -> Expansion:
    """Return what psql would make of a file.

    :raises NotOurs: only psql can.
    :raises ScriptError: psql cannot either, or an included file cannot be read.
    """

    def read(path: Path) -> File:
        name = str(path)
        return File(name, _decoded(path.read_bytes(), name))

    try:
        return expand(file, how.path, how.variables, read)
    except ExpansionError as error:
        place = place_at(error.file.name, error.file.text, error.offset)
        raise ScriptError(place, str(error), hint=error.hint) from None


def _split(file: File, whole: Expansion) -> Script:
    """Return the statements of a script.

    :raises ScriptError: it does not parse, has a NUL, or never ends a transaction.
    :raises NotOurs: it sends data to the client.
    """
    if "\0" in whole.text:
        # The parser takes it for the end and would leave out the rest.
        place = whole.places.place(whole.text.index("\0"))
        raise ScriptError(place, "the script has a NUL character")
    try:
        statements = tuple(_merged(list(split(whole.text)), whole))
    except ParseError as error:
        raise _explained(whole, error) from None
    script = Script(file.name, file.text.encode(), whole.text, statements, whole.places)
    _refuse_unusable(script)
    return script


def _explained(whole: Expansion, error: ParseError) -> ScriptError:
    """Return what is wrong with a text that does not parse."""
    message, offset = error.args
    where = len(whole.text.rstrip()) if offset is None else offset
    reference = _VARIABLE.match(whole.text, where)
    if reference is not None:
        name = variable_name(reference)
        return ScriptError(
            whole.places.place(where),
            f"the psql variable {reference[0]} is not set",
            hint=f"Add --set {name}=VALUE, or set it in a section of variables of sqitch.conf.",
        )
    return ScriptError(whole.places.place(where), message)


def _merged(statements: list[Statement], whole: Expansion) -> Iterator[Statement]:
    """Yield statements with the data lines that belong to them, and texts to be printed between."""
    echoes = list(whole.echoes)
    data = {item.at: item.data for item in whole.data}
    for statement in statements:
        end = statement.start + len(statement.text)
        while echoes and echoes[0].at <= end:
            yield _echo(echoes.pop(0))
        if statement.kind is not Kind.CLIENT:
            yield statement
            continue
        at = whole.text.find(";", end)
        if at not in data:
            file, offset = whole.places.origin(statement.start)
            raise NotOurs(offset, "COPY to or from the client", file)
        yield replace(statement, kind=Kind.PLAIN, data=data[at])
    yield from map(_echo, echoes)


def _echo(item: Echo) -> Statement:
    kind = Kind.WARN if item.is_warning else Kind.ECHO
    return Statement(item.source, item.at, kind, data=item.text)


def _refuse_unusable(script: Script) -> None:
    """Raise for the first statement that parses and yet cannot be run, or that would be in vain."""
    for statement in script.statements:
        if statement.kind is Kind.OUTSIDE and statement.in_block:
            raise ScriptError(
                script.place_of(statement, 1, None),
                "PostgreSQL refuses this statement inside of a transaction",
                hint="Give it a change of its own, without BEGIN and COMMIT.",
            )
    last = _blocks(script.statements)[-1:]
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
