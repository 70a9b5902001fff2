"""The structure of a PL/pgSQL body, read by recursive descent.

PostgreSQL's own reader tells neither places nor what RETURN returns, and gives up at types of other
schemas.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.plsql import Body, Expression, Step, Token, Variable, tokens, without_into

if TYPE_CHECKING:
    from collections.abc import Iterator

_DECLARATION = re.compile(
    r"\s*(?P<name>\"[^\"]+\"|\w+)\s+(?P<rest>(?:CONSTANT\s+)?(?P<type>.*?)"
    r"(?:\s+NOT\s+NULL)?\s*(?:(?::=|=|\bDEFAULT\b)\s*(?P<value>.*))?)\Z",
    re.IGNORECASE | re.DOTALL,
)
_KEYWORDS = frozenset(
    [
        "RAISE",
        "RETURN",
        "EXECUTE",
        "PERFORM",
        "CALL",
        "GET",
        "OPEN",
        "FETCH",
        "MOVE",
        "CLOSE",
        "NULL",
        "EXIT",
        "CONTINUE",
        "COMMIT",
        "ROLLBACK",
        "ASSERT",
    ]
)
_ASSIGNED = re.compile(r"(?P<target>[^:=]+?)\s*:?=\s*", re.DOTALL)
_RETURN = re.compile(
    r"RETURN\s+(?P<query>QUERY\s+)?(?P<dynamic>EXECUTE\s+)?(?:NEXT\s+)?", re.IGNORECASE
)


def read_body(text: str) -> Body:
    """Return the structure of a body; what cannot be understood is left out."""
    reader = _Reader(text)
    try:
        steps = reader.block_or_steps()
    except (IndexError, RecursionError):
        steps = []
    return Body(text, reader.variables, steps)


class _Reader:
    """Recursive descent over the tokens of a body."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.at = 0
        self.variables: list[Variable] = []
        # Bytes before a character: locations count bytes.
        self._is_ascii = text.isascii()

    def offset(self, position: int) -> int:
        return position if self._is_ascii else len(self.text[:position].encode())

    def peek(self, ahead: int = 0) -> str:
        index = self.at + ahead
        return self.tokens[index].text if index < len(self.tokens) else ""

    def block_or_steps(self) -> list[Step]:
        while self.at < len(self.tokens) and self.tokens[self.at].kind == "label":
            self.at += 1
        while self.peek() == "#":
            self.at += 3
        if self.peek() in {"DECLARE", "BEGIN"}:
            return [self.block()]
        return []

    def block(self) -> Step:
        step = Step("BLOCK", self.offset(self.tokens[self.at].start))
        if self.peek() == "DECLARE":
            self.at += 1
            self.declarations()
        self.at += 1  # BEGIN
        step.branches.append(self.steps({"END", "EXCEPTION"}))
        if self.peek() == "EXCEPTION":
            self.at += 1
            while self.peek() == "WHEN":
                step.handlers.append(self.handler())
        self.until_semicolon()
        return step

    def declarations(self) -> None:
        while self.at < len(self.tokens) and self.peek() != "BEGIN":
            if self.peek() == "DECLARE" or self.tokens[self.at].kind == "label":
                self.at += 1
                continue
            start = self.tokens[self.at].start
            end = self.until_semicolon()
            match = _DECLARATION.match(self.text[start:end])
            if match:
                value = None
                if match["value"]:
                    at = start + match.start("value")
                    value = Expression(match["value"], self.offset(at))
                kind = " ".join(match["type"].lower().split())
                name = match["name"].strip('"')
                self.variables.append(Variable(name.lower(), kind, self.offset(start), value))

    def handler(self) -> tuple[list[str], list[Step], int]:
        start = self.offset(self.tokens[self.at].start)
        self.at += 1
        conditions = []
        while self.at < len(self.tokens) and self.peek() != "THEN":
            if self.peek() != "OR":
                conditions.append(self.peek().strip("'").lower())
            self.at += 1
        self.at += 1
        return conditions, self.steps({"WHEN", "END"}), start

    def steps(self, stop: set[str]) -> list[Step]:
        found: list[Step] = []
        while self.at < len(self.tokens) and self.peek() not in stop:
            if self.tokens[self.at].kind == "label" or self.peek() == ";":
                self.at += 1
                continue
            found.append(self.step())
        return found

    def step(self) -> Step:
        word = self.peek()
        if word in {"DECLARE", "BEGIN"}:
            return self.block()
        if word == "IF":
            return self.conditional()
        if word == "CASE":
            return self.case()
        if word in {"LOOP", "WHILE", "FOR", "FOREACH"}:
            return self.loop()
        return self.simple()

    def conditional(self) -> Step:
        step = Step("IF", self.offset(self.tokens[self.at].start))
        while self.peek() in {"IF", "ELSIF", "ELSEIF"}:
            self.at += 1
            step.expressions.append(self.value({"THEN"}))
            self.at += 1
            step.branches.append(self.steps({"ELSIF", "ELSEIF", "ELSE", "END"}))
        if self.peek() == "ELSE":
            self.at += 1
            step.has_else = True
            step.branches.append(self.steps({"END"}))
        self.until_semicolon()
        return step

    def case(self) -> Step:
        step = Step("CASE", self.offset(self.tokens[self.at].start))
        self.at += 1
        if self.peek() != "WHEN":
            step.expressions.append(self.value({"WHEN"}))
        while self.peek() == "WHEN":
            self.at += 1
            step.expressions.append(self.value({"THEN"}))
            self.at += 1
            step.branches.append(self.steps({"WHEN", "ELSE", "END"}))
        # A CASE without ELSE raises where nothing fits.
        step.has_else = True
        if self.peek() == "ELSE":
            self.at += 1
            step.branches.append(self.steps({"END"}))
        self.until_semicolon()
        return step

    def loop(self) -> Step:
        word = self.peek()
        step = Step(word, self.offset(self.tokens[self.at].start))
        if word != "LOOP":
            self.at += 1
            self.loop_head(step)
        self.at += 1  # LOOP
        step.branches.append(self.steps({"END"}))
        self.until_semicolon()
        return step

    def loop_head(self, step: Step) -> None:
        if step.kind in {"FOR", "FOREACH"}:
            begin = self.at
            while self.at < len(self.tokens) and self.peek() != "IN":
                self.at += 1
            if self.at < len(self.tokens):
                step.target = self.text[self.tokens[begin].start : self.tokens[self.at].start]
            self.at += 1
            while self.peek() in {"ARRAY", "REVERSE"}:
                self.at += 1
        is_dynamic = self.peek() == "EXECUTE"
        if is_dynamic:
            self.at += 1
        first = self.peek()
        expression = self.value({"LOOP"})
        if is_dynamic:
            step.expressions.append(_before_using(expression))
            step.text = "EXECUTE"
        elif first in {"SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "VALUES"}:
            expression.is_query = True
            step.expressions.append(expression)
        elif ".." not in expression.text:
            step.expressions.append(expression)

    def simple(self) -> Step:
        word, start = self.peek(), self.tokens[self.at].start
        kind = word if word in _KEYWORDS else "SQL"
        if self.peek(1) in {":=", "=", "[", "."} and word not in _KEYWORDS:
            kind = "ASSIGN"
        end = self.until_semicolon()
        step = Step(kind, self.offset(start), self.text[start:end])
        _fill(step, self, start)
        return step

    def value(self, stop: set[str]) -> Expression:
        """Return what stands before one of the words, outside of brackets and CASE … END."""
        begin = self.at
        depth = 0
        while self.at < len(self.tokens):
            word = self.peek()
            if depth <= 0 and word in stop:
                break
            if word in {"(", "[", "CASE"}:
                depth += 1
            elif word in {")", "]"} or (word == "END" and depth > 0):
                depth -= 1
            elif word == ";":
                break
            self.at += 1
        if begin >= len(self.tokens):
            return Expression("NULL", 0)
        start = self.tokens[begin].start
        end = self.tokens[self.at].start if self.at < len(self.tokens) else len(self.text)
        return Expression(self.text[start:end], self.offset(start))

    def until_semicolon(self) -> int:
        """Go behind the next semicolon; return where it stands."""
        while self.at < len(self.tokens) and self.peek() != ";":
            self.at += 1
        end = self.tokens[self.at].start if self.at < len(self.tokens) else len(self.text)
        self.at += 1
        return end


def _fill(step: Step, reader: _Reader, start: int) -> None:  # noqa: C901 - a case each
    """Read the expressions of a simple step."""
    text = step.text
    if step.kind == "ASSIGN":
        match = _ASSIGNED.match(text)
        if match:
            step.target = match["target"].strip()
            at = match.end()
            step.expressions = [Expression(text[at:], reader.offset(start + at))]
    elif step.kind == "RETURN":
        match = _RETURN.match(text + " ")
        at = match.end() if match else len(text)
        if text[at:].strip():
            expression = Expression(text[at:], reader.offset(start + at))
            if match and match["dynamic"]:
                step.kind = "EXECUTE"
                expression = _before_using(expression)
            expression.is_query = bool(match and match["query"] and not match["dynamic"])
            step.expressions = [expression]
    elif step.kind == "EXECUTE":
        step.expressions = [_before_using(Expression(text[7:], reader.offset(start + 7)))]
    elif step.kind == "PERFORM":
        # Of the same length, so that locations stay true.
        step.expressions = [Expression("SELECT " + text[7:], reader.offset(start), is_query=True)]
    elif step.kind == "ASSERT":
        step.expressions = [Expression(text[6:], reader.offset(start + 6))]
    elif step.kind in {"SQL", "CALL"}:
        step.expressions = [Expression(without_into(text), reader.offset(start), is_query=True)]
    elif step.kind == "RAISE":
        step.expressions = list(_raise_values(text, reader, start))


def _raise_values(text: str, reader: _Reader, start: int) -> Iterator[Expression]:
    """Yield the values of a RAISE: behind the first comma outside of brackets, and after USING."""
    depth = 0
    begin = None
    for token in [*tokens(text), Token("other", ",", len(text), len(text))]:
        if token.text in {"(", "["}:
            depth += 1
        elif token.text in {")", "]"}:
            depth -= 1
        elif depth == 0 and token.text in {",", "USING", "="}:
            if begin is not None and token.text != "=" and text[begin : token.start].strip():
                yield Expression(text[begin : token.start], reader.offset(start + begin))
            begin = token.end


def _before_using(expression: Expression) -> Expression:
    """Cut INTO and USING off a dynamic statement's text."""
    depth = 0
    for token in tokens(expression.text):
        if token.text in {"(", "["}:
            depth += 1
        elif token.text in {")", "]"}:
            depth -= 1
        elif depth == 0 and token.text in {"INTO", "USING"}:
            expression.text = expression.text[: token.start]
            break
    return expression
