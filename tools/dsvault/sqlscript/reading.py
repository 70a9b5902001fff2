"""Read and parse a script: plain SQL at once, what is written for psql by way of its expansion."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from pglast.parser import ParseError

from dsvault.patterns import later
from dsvault.sqlscript.files import File, NotOurs, Segment, SourceMap
from dsvault.sqlscript.kinds import Kind, Statement
from dsvault.sqlscript.place import Place, place_at
from dsvault.sqlscript.script import Client, Script, ScriptError, refuse_unusable
from dsvault.sqlscript.statements import split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dsvault.sqlscript.expand import Echo, Expansion

_NOTHING: Mapping[str, str] = {}
# What psql may read otherwise than the server; and lines of comment that change nothing about that,
# since nothing in them begins or ends a text, whatever they are part of.
_PSQL = re.compile(r"\\|(?<!:):[\w'\"{]|\bSTDIN\b", re.IGNORECASE)
_COMMENT_LINE = later(r"^[ \t]*--[^'\"$*\\\n]*$", re.MULTILINE)


def read_script(
    path: Path,
    name: str,
    *,
    variables: Mapping[str, str] = _NOTHING,
    find_client: Callable[[], str | None] = lambda: None,
) -> Script:
    """Read and parse a script file; name is used in messages.

    variables are psql's; find_client returns the psql for scripts that only it can run, None if
    there is none.

    :raises ScriptError: it is not UTF-8, needs psql and there is none, does not parse, or never
        ends a transaction.
    :raises OSError: it cannot be read.
    """
    return _parse(_file(path, name), path, variables, find_client)


def parse_script(name: str, text: str) -> Script:
    """Parse a script's text; name is used in messages.

    :raises ScriptError: the text needs psql, does not parse, or never ends a transaction.
    """
    file = File(name, text, text.encode())
    return _parse(file, Path(name), _NOTHING, lambda: None)


def is_for_psql(text: str) -> bool:
    """Say whether a text may have anything that psql reads otherwise than the server."""
    # Every script of a Sqitch project begins with its name, `-- Deploy project:change to pg`.
    return bool(_PSQL.search(text)) and bool(_PSQL.search(_COMMENT_LINE.sub("", text)))


def _file(path: Path, name: str) -> File:
    """Read a file.

    :raises ScriptError: it is not UTF-8.
    """
    raw = path.read_bytes()
    try:
        return File(name, raw.decode("utf-8-sig"), raw)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ScriptError(Place(name, line, None, ""), "the file is not UTF-8") from None


def _parse(
    file: File,
    path: Path,
    variables: Mapping[str, str],
    find_client: Callable[[], str | None],
) -> Script:
    try:
        if is_for_psql(file.text):
            return _put_together(file, path, variables)
        return _as_it_is(file)
    except NotOurs as reason:
        program = find_client()
        if program is not None:
            alone = Statement(file.text, 0, Kind.PSQL)
            how = Client(program, path, variables)
            return Script(file.name, file.content, file.text, (alone,), client=how)
        where = reason.file or file
        raise ScriptError(
            place_at(where.name, where.text, reason.offset),
            f"{reason.what} works in psql only, and there is no psql",
            hint="Install psql or name it by core.client in sqitch.conf, or write plain SQL.",
        ) from None


def _as_it_is(file: File) -> Script:
    """Return the script of a text that the server gets as it is.

    :raises ScriptError: it does not parse, has a NUL, or never ends a transaction.
    :raises NotOurs: it sends data to the client.
    """
    places = SourceMap((Segment(0, file, 0, is_verbatim=True),))
    statements = _split(file.text, places)
    for statement in statements:
        if statement.kind is Kind.CLIENT:
            raise _of_client(statement, places)
    return _script(file, file.text, statements, places)


def _put_together(file: File, path: Path, variables: Mapping[str, str]) -> Script:
    """Return the script of what psql would make of a text.

    :raises ScriptError: psql cannot either, an included file cannot be read, or as above.
    :raises NotOurs: only psql can.
    """
    # It knows all of psql's commands; most scripts have none of them.
    from dsvault.sqlscript.expand import ExpansionError, expand  # noqa: PLC0415

    def read(path: Path) -> File:
        return _file(path, str(path))

    try:
        whole = expand(file, path, variables, read)
    except ExpansionError as error:
        place = place_at(error.file.name, error.file.text, error.offset)
        raise ScriptError(place, str(error), hint=error.hint) from None
    statements = _split(whole.text, whole.places)
    return _script(file, whole.text, list(_merged(statements, whole)), whole.places)


def _split(text: str, places: SourceMap) -> list[Statement]:
    """Return the statements of a text.

    :raises ScriptError: it does not parse, or has a NUL.
    """
    if "\0" in text:
        # The parser takes it for the end and would leave out the rest.
        raise ScriptError(places.place(text.index("\0")), "the script has a NUL character")
    try:
        return list(split(text))
    except ParseError as error:
        raise _explained(text, places, error) from None


def _script(file: File, text: str, statements: Sequence[Statement], places: SourceMap) -> Script:
    script = Script(file.name, file.content, text, tuple(statements), places)
    refuse_unusable(script)
    return script


def _explained(text: str, places: SourceMap, error: ParseError) -> ScriptError:
    """Return what is wrong with a text that does not parse."""
    from dsvault.sqlscript.arguments import reference_at, variable_name  # noqa: PLC0415 - seldom

    message, offset = error.args
    where = len(text.rstrip()) if offset is None else offset
    reference = reference_at(text, where)
    if reference is not None:
        name = variable_name(reference)
        return ScriptError(
            places.place(where),
            f"the psql variable {reference[0]} is not set",
            hint=f"Add --set {name}=VALUE, or set it in a section of variables of sqitch.conf.",
        )
    return ScriptError(places.place(where), message)


def _of_client(statement: Statement, places: SourceMap) -> NotOurs:
    file, offset = places.origin(statement.start)
    return NotOurs(offset, "COPY to or from the client", file)


def _merged(statements: Sequence[Statement], whole: Expansion) -> Iterator[Statement]:
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
            raise _of_client(statement, whole.places)
        yield statement._replace(kind=Kind.PLAIN, data=data[at])
    yield from map(_echo, echoes)


def _echo(item: Echo) -> Statement:
    kind = Kind.WARN if item.is_warning else Kind.ECHO
    return Statement(item.source, item.at, kind, data=item.text)
