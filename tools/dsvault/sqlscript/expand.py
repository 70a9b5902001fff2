r"""Make plain SQL of a script for psql: variables, \set, \if, \i, \ir, \echo, and COPY's own data.

What is known before anything runs is done here. Whatever depends on the server's answers, on other
programs or on the client raises NotOurs: then psql itself must run the script.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypeAlias

from dsvault.sqlscript.arguments import (
    SPECIAL,
    VARIABLE,
    parse_boolean,
    read_arguments,
    variable_value,
)
from dsvault.sqlscript.files import File, NotOurs, Segment, SourceMap
from dsvault.sqlscript.lexing import end_of_comment, first_character

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = re.compile(
    rf"""
      (?P<comment>   --[^\n]* )
    | (?P<block>     /\* )
    | (?P<quoted>    \b[eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*"
                   | \$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$ )
    | (?P<word>      [^\W\d][\w$]* )
    | (?P<cast>      ::|:= )
    | (?P<variable>  {VARIABLE} )
    | (?P<command>   \\(?P<name>\\|[^\s\\]*) )
    | (?P<end>       ; )
    """,
    re.VERBOSE | re.DOTALL,
)
_COPY_FROM_STDIN = re.compile(r"COPY\b.*\bFROM\s+STDIN\b", re.IGNORECASE | re.DOTALL)
_END_OF_DATA = re.compile(r"^\\\.[ \t\r]*(?:\n|\Z)", re.MULTILINE)
_REST_OF_LINE = re.compile(r"[^\S\n]*(?:--[^\n]*)?(?:\n|\Z)")
_NO_LINE_END = re.compile(r"[^\S\n]+-n(?=[\s\\]|\Z)")  # as written: a variable's -n is a text
_DEEPEST = 30
_CONDITIONS = ("if", "elif", "else", "endif")
# The commands of psql up to 18, which it tells from others also where it runs none.
_KNOWN = r"""
      a | bind(?:_named)? | c | C | cd | close(?:_prepared)? | connect | conninfo | copy(?:right)?
    | crosstabview | d.* | e | ef | ev | echo | edit | encoding | endpipeline | errverbose
    | f | flush(?:request)? | g | gx | gdesc | getenv | getresults | gexec | gset | h | H | help
    | html | i | ir | include(?:_relative)? | l[x+]* | list[x+]* | lo_\w+ | o | out | p | parse
    | password | print | prompt | pset | q | qecho | quit | r | reset | restrict | unrestrict
    | s | sendpipeline | set | setenv | s[fv]\+? | startpipeline | syncpipeline | t | T | timing
    | unset | w | warn | watch | write | x | z[Sx+]* | ! .* | \? | ; | : | \\
    """

Reader: TypeAlias = Callable[[Path], File]


class Echo(NamedTuple):
    """A text to be printed at a place of the whole, with its line end; source is the command."""

    at: int
    text: str
    source: str
    is_warning: bool = False


class CopyData(NamedTuple):
    """The data lines of the COPY whose semicolon stands at a place of the whole."""

    at: int
    data: str


class Expansion(NamedTuple):
    """A script as plain SQL, and what else happens where."""

    text: str
    places: SourceMap
    echoes: tuple[Echo, ...]
    data: tuple[CopyData, ...]


class ExpansionError(Exception):
    """The script cannot be run, by psql neither: places say where, for a message with a caret."""

    def __init__(self, file: File, offset: int, message: str, hint: str) -> None:
        self.file = file
        self.offset = offset
        self.hint = hint
        super().__init__(message)


def expand(file: File, path: Path, variables: Mapping[str, str], read: Reader) -> Expansion:
    r"""Return a script as plain SQL. path is where it is, for \ir; read reads other files.

    :raises NotOurs: only psql can run it. `offset` is one of `file`, or of the file included there.
    :raises ExpansionError: psql cannot run it either.
    """
    expander = _Expander(dict(variables), read)
    expander.file(file, path)
    return expander.result()


@dataclass(slots=True)
class _Branch:
    r"""An \if that is open. is_active says whether what stands here is done."""

    is_active: bool
    was_taken: bool
    has_else: bool = False


@dataclass
class _Expander:
    """How far a script is put together."""

    variables: dict[str, str]
    read: Reader
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    statement: int = 0  # the number of the piece with which the statement at hand begins
    segments: list[Segment] = field(default_factory=list)
    echoes: list[Echo] = field(default_factory=list)
    data: list[CopyData] = field(default_factory=list)
    depth: int = 0

    def result(self) -> Expansion:
        places = SourceMap(tuple(self.segments))
        return Expansion("".join(self.pieces), places, tuple(self.echoes), tuple(self.data))

    def file(self, file: File, path: Path) -> None:
        """Add a whole file."""
        self.depth += 1
        _FileExpander(self, file, path).run()
        self.depth -= 1

    def add(self, text: str, file: File, offset: int, *, is_verbatim: bool) -> None:
        if text or not self.segments:
            self.segments.append(Segment(self.length, file, offset, is_verbatim))
            self.pieces.append(text)
            self.length += len(text)

    def statement_text(self) -> str:
        """Return the statement at hand, from its first character on."""
        text = "".join(self.pieces[self.statement :])
        return text[first_character(text, 0) :]

    def end_statement(self) -> None:
        self.statement = len(self.pieces)


class _FileExpander:
    """One file on its way into the whole."""

    def __init__(self, whole: _Expander, file: File, path: Path) -> None:
        self._whole = whole
        self._file = file
        self._text = file.text
        self._path = path
        self._done = 0  # what stands before it is in the whole, or left out
        self._position = 0
        self._branches: list[_Branch] = []
        self._may_have_data = "stdin" in file.text.lower()

    @property
    def _is_active(self) -> bool:
        return all(branch.is_active for branch in self._branches)

    def run(self) -> None:
        """Add the whole file."""
        try:
            self._run()
        except NotOurs as reason:
            reason.file = reason.file or self._file
            raise

    def _run(self) -> None:
        while match := _TOKEN.search(self._text, self._position):
            self._position = match.end()
            if match["block"]:
                self._position = end_of_comment(self._text, match.start())
            elif match["command"]:
                self._run_command(match)
            elif match["variable"] and self._is_active:
                self._replace(match)
            elif match["end"] and self._is_active:
                self._flush(match.end())
                self._end_statement(match.end())
        self._flush(len(self._text))
        if self._branches:
            raise self._error(len(self._text), r"an \if has no \endif", r"Close it by \endif.")
        if self._whole.depth > 1 and self._whole.statement_text():
            # psql sends what is left at the end of a file.
            self._whole.add("\n;\n", self._file, len(self._text), is_verbatim=False)
            self._whole.end_statement()

    def _flush(self, end: int, then: int | None = None) -> None:
        """Add the text up to `end`, unless its branch is not taken; go on at `then`."""
        if self._is_active:
            piece = self._text[self._done : end]
            self._whole.add(piece, self._file, self._done, is_verbatim=True)
        self._done = end if then is None else then

    def _error(self, offset: int, message: str, hint: str) -> ExpansionError:
        return ExpansionError(self._file, offset, message, hint)

    def _replace(self, match: re.Match[str]) -> None:
        value = variable_value(match, self._whole.variables)
        if value is None:
            return
        if match["plain"]:
            value = self._expanded_value(match, value, (match["plain"],))
        self._flush(match.start(), match.end())
        self._whole.add(value, self._file, match.start(), is_verbatim=False)

    def _expanded_value(self, outer: re.Match[str], value: str, names: tuple[str, ...]) -> str:
        """Return a variable's value with the variables that it names, as psql reads it again."""
        pieces = []
        done = position = 0
        while match := _TOKEN.search(value, position):
            position = match.end()
            if match["block"] or match["command"]:
                raise NotOurs(outer.start(), f"the value of {outer[0]}")
            inner = self._inner_value(outer, match, names) if match["variable"] else None
            if inner is not None:
                pieces += [value[done : match.start()], inner]
                done = position
        rest = _TOKEN.sub("", value)
        if any(mark in rest for mark in "'\"$"):
            raise NotOurs(outer.start(), f"the value of {outer[0]}")
        return "".join([*pieces, value[done:]])

    def _inner_value(
        self, outer: re.Match[str], match: re.Match[str], names: tuple[str, ...]
    ) -> str | None:
        if match["plain"] in names:
            return None  # psql leaves a variable within itself as it is
        value = variable_value(match, self._whole.variables)
        if value is None or not match["plain"]:
            return value
        return self._expanded_value(outer, value, (*names, match["plain"]))

    def _end_statement(self, position: int) -> None:
        """Take note of a semicolon at the end of the whole; the file goes on at a position."""
        at = self._whole.length - 1
        if self._may_have_data and _COPY_FROM_STDIN.match(self._whole.statement_text()):
            self._take_data(position, at)
        self._whole.end_statement()

    def _take_data(self, position: int, at: int) -> None:
        """Take the lines that follow a COPY up to the one with a backslash and a dot."""
        rest = _REST_OF_LINE.match(self._text, position)
        if rest is None:
            raise NotOurs(position, "something behind COPY FROM STDIN on its line")
        self._flush(rest.end())
        end = _END_OF_DATA.search(self._text, rest.end())
        stop, then = (end.start(), end.end()) if end else (len(self._text), len(self._text))
        self._whole.data.append(CopyData(at, self._text[rest.end() : stop]))
        self._done = self._position = then

    def _run_command(self, match: re.Match[str]) -> None:
        name = match["name"]
        if name not in _CONDITIONS and not self._is_active:
            if not re.fullmatch(_KNOWN, name, re.VERBOSE):
                what = f"the command \\{name}, which psql up to 18 does not know,"
                raise NotOurs(match.start(), what)
            # Where nothing is done psql does not read arguments either.
            end = self._text.find("\n", match.end())
            self._position = len(self._text) if end < 0 else end
            return
        self._flush(match.start())
        if name == "\\":  # two of them only separate
            self._done = match.end()
        elif name in _CONDITIONS:
            self._change_branch(name, match)
        elif name in self._commands:
            self._commands[name](self, match)
        else:
            raise NotOurs(match.start(), f"the psql command \\{name}")

    def _arguments(self, match: re.Match[str]) -> list[str]:
        values, end = read_arguments(self._text, match.end(), self._whole.variables)
        self._done = self._position = end
        return values

    def _change_branch(self, name: str, match: re.Match[str]) -> None:
        is_reached = all(branch.is_active for branch in self._branches[:-1])
        if name == "if":
            is_true = self._condition(match, is_read=self._is_active)
            self._branches.append(_Branch(is_true, is_true))
            return
        if not self._branches or (name in ("elif", "else") and self._branches[-1].has_else):
            raise self._error(
                match.start(), f"\\{name} does not belong to any \\if", r"Open it by \if."
            )
        branch = self._branches[-1]
        if name == "elif":
            is_read = is_reached and not branch.was_taken
            branch.is_active = self._condition(match, is_read=is_read)
            branch.was_taken = branch.was_taken or branch.is_active
            return
        self._arguments(match)
        if name == "endif":
            self._branches.pop()
        else:
            branch.is_active, branch.has_else = not branch.was_taken, True

    def _condition(self, match: re.Match[str], *, is_read: bool) -> bool:
        r"""Return what an \if says; where it is not reached it is not read, and false."""
        if not is_read:
            end = self._text.find("\n", match.end())
            self._done = self._position = len(self._text) if end < 0 else end
            return False
        text = " ".join(self._arguments(match))
        value = parse_boolean(text)
        if value is None:
            raise self._error(
                match.start(),
                f'"{text}" is neither true nor false',
                r"Write \if with true, on, 1, false, off or 0, or a variable that is one of these.",
            )
        return value

    def _echo(self, match: re.Match[str]) -> None:
        start, end = match.start(), "\n"
        values = self._arguments(match)
        if _NO_LINE_END.match(self._text, match.end()):
            values, end = values[1:], ""
        text, source = " ".join(values) + end, self._text[start : self._position]
        is_warning = match["name"] == "warn"
        self._whole.echoes.append(Echo(self._whole.length, text, source, is_warning))

    def _send(self, match: re.Match[str]) -> None:
        r"""End a statement by \g, as a semicolon does."""
        if self._arguments(match) or not self._whole.statement_text():
            raise NotOurs(match.start(), r"the psql command \g here")
        self._whole.add(";", self._file, match.start(), is_verbatim=False)
        self._end_statement(self._position)

    def _quit(self, match: re.Match[str]) -> None:
        """Leave the rest of the file, and what is open in it."""
        if self._arguments(match):
            raise NotOurs(match.start(), f"the psql command \\{match['name']} with arguments")
        self._done = self._position = len(self._text)
        self._branches.clear()

    def _set(self, match: re.Match[str]) -> None:
        values = self._arguments(match)
        if not values:
            raise NotOurs(match.start(), r"the psql command \set without a name")
        name, value = values[0], "".join(values[1:])
        is_default = name == "ON_ERROR_STOP" and parse_boolean(value) is True
        if not is_default and name != "QUIET":
            self._refuse_special(name, match)
        if not re.fullmatch(r"\w+", name):
            raise self._error(match.start(), f'"{name}" is no name of a variable', "Rename it.")
        self._whole.variables[name] = value

    def _refuse_special(self, name: str, match: re.Match[str]) -> None:
        if name in SPECIAL:
            raise NotOurs(match.start(), f"the psql command \\{match['name']} {name}")

    def _unset(self, match: re.Match[str]) -> None:
        for variable in self._arguments(match)[:1]:
            self._refuse_special(variable, match)
            self._whole.variables.pop(variable, None)

    def _include(self, match: re.Match[str]) -> None:
        is_relative = match["name"] in ("ir", "include_relative")
        values = self._arguments(match)
        if len(values) != 1 or self._whole.statement_text():
            raise NotOurs(match.start(), f"the psql command \\{match['name']} here")
        wanted = Path(values[0]).expanduser()
        path = self._path.parent / wanted if is_relative else wanted
        if self._whole.depth >= _DEEPEST:
            raise self._error(match.start(), f"{path} is included too deep", "Break the circle.")
        try:
            file = self._whole.read(path)
        except OSError as error:
            raise self._error(
                match.start(), f"{path}: {error.strerror}", "Name a file that can be read."
            ) from None
        self._whole.file(file, path)

    _commands: ClassVar[Mapping[str, Callable[[_FileExpander, re.Match[str]], object]]] = {
        "echo": _echo,
        "qecho": _echo,
        "warn": _echo,
        "g": _send,
        "q": _quit,
        "quit": _quit,
        "set": _set,
        "unset": _unset,
        "i": _include,
        "ir": _include,
        "include": _include,
        "include_relative": _include,
        # They speak to psql's display only.
        **dict.fromkeys(
            ("timing", "pset", "x", "a", "t", "H", "f", "C", "T", "encoding"), _arguments
        ),
    }
