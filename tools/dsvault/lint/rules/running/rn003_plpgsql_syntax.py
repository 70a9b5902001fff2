from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.plsql_syntax import syntax_error
from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.plsql import Body
    from dsvault.lint.scope import Scope


class PlpgsqlSyntax(Rule):
    """A PL/pgSQL body does not parse.

    Why: CREATE FUNCTION fails; with check_function_bodies off, the first call does.
    Instead: correct the statement that is named.
    """

    code = "RN003"
    classes = ("plpgsql-syntax-error",)
    tasks = frozenset({"deploy", "revert", "verify", "plain"})
    bad = (
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n"
        "    IF true THEN\n        RETURN 1;\n    END;\nEND;\n$$;\n"
    )
    good = (
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n"
        "    IF true THEN\n        RETURN 1;\n    END IF;\n    RETURN 2;\nEND;\n$$;\n"
    )
    claim = Claim(fails="42601")

    def body(self, scope: Scope, body: Body) -> None:
        """Report why PostgreSQL's own reader refuses the body."""
        definition = scope.ready()
        message = syntax_error(definition)
        if message is not None and not _names_parameter(scope, message):
            scope.report(self, message, at=_place(scope, body, definition, message))


def _names_parameter(scope: Scope, message: str) -> bool:
    """Say whether what is unknown is function.parameter, which the reader cannot know."""
    match = re.match(r'"(\w+)\.(\w+)" is not a known variable', message)
    function = scope.function
    if match is None or function is None or match[1] != function.name[1]:
        return False
    return match[2] in {name for name, _, _ in function.parameters}


def _place(scope: Scope, body: Body, definition: str, message: str) -> int:
    """Return where the error is: in the step without which there is none, or at the word named."""
    data = definition.encode()
    for step in body.all_steps():
        size = len(step.text.encode())
        at = step.start - scope.start
        if not size or not 0 <= at <= len(data) - size:
            continue
        lines = step.text.count("\n")
        without = data[:at] + b"NULL" + b"\n" * lines + data[at + size :]
        if syntax_error(without.decode("utf-8", "replace")) is None:
            return step.start
    return _by_beginning(scope, body, data, message)


def _by_beginning(scope: Scope, body: Body, data: bytes, message: str) -> int:
    """Return the start of the first statement at whose end PostgreSQL says the same already.

    It reads from the top, so what stands behind the fault changes nothing of what it says.
    """
    text = body.text.encode()
    begin = data.find(text)
    if begin >= 0 and "at end of input" not in message:
        last = 0
        for match in re.finditer(rb";", text):
            head = data[: begin + match.end()] + data[begin + len(text) :]
            if syntax_error(head.decode("utf-8", "replace")) == message:
                return scope.start + begin + _first_word(text, last, match.start())
            last = match.end()
    near = re.search(r'at or near "(.+)"\Z', message, re.DOTALL)
    return _last_readable(scope, body, data, near[1] if near else "")


def _first_word(text: bytes, start: int, stop: int) -> int:
    """Return where the text between two semicolons begins, without comments and blanks."""
    match = re.compile(rb"(?:\s+|--[^\n]*)*").match(text, start, stop)
    return match.end() if match else start


def _last_readable(scope: Scope, body: Body, data: bytes, word: str) -> int:
    """Return the place of the word that the error names, else the body's last line."""
    begin = data.find(body.text[:40].encode())
    places = [m.start() for m in re.finditer(re.escape(word).encode(), data) if m.start() >= begin]
    for at in places if word else ():
        # What stands before the right one is not wrong yet: it only ends too early.
        head = data[:at].decode("utf-8", "replace")
        closed = syntax_error(head + "$$;") or ""
        if word not in closed and at == places[-1]:
            return scope.start + at
    if places and word:
        return scope.start + places[-1]
    return scope.start + max(0, begin + len(body.text.rstrip().encode()) - 1)
