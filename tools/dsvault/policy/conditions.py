"""Conditions of the matrix: read from text, judged for a user and a row. Pure.

    condition: "version:publish or (version:create and draft)"

A condition is about one row. `Condition.scope` says whose rows it is about at all; `test` is the
rest of it, a tree of permissions and words joined by and, or, not.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from dsvault.policy.errors import MatrixError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MEMBER = "tenant:member"
SYSTEM_TENANT = "00000000-0000-0000-0000-000000000000"
_TOKEN = re.compile(r"\s*([()]|[a-z]+:[a-z]+|[a-z][a-z-]*)")


class Scope(Enum):
    """Whose rows a condition is about."""

    USER = "the current user's tenant"
    OWN = "own-tenant"
    SYSTEM = "system-tenant"
    ANY = "any-tenant"


_SCOPES = {scope.value: scope for scope in (Scope.OWN, Scope.SYSTEM, Scope.ANY)}


@dataclass(frozen=True, slots=True)
class Word:
    """A name for a fact about a row: its column holds `value`, the user ("me"), a set of
    permissions that are all among his (`is_within`), or no time before this transaction
    (`is_unset`).
    """

    name: str
    column: str
    about: str
    value: str | bool | None = None
    is_me: bool = False
    is_within: bool = False
    is_unset: bool = False


@dataclass(frozen=True, slots=True)
class Permission:
    """The current user is live and holds a permission."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a word."""

    word: Word


@dataclass(frozen=True, slots=True)
class All:
    """All parts hold."""

    parts: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the parts holds."""

    parts: tuple[Test, ...]


Test: TypeAlias = Permission | Word | Not | All | Either


@dataclass(frozen=True, slots=True)
class Actor:
    """Who a transaction says it is, and what follows from it.

    holds are the user's permissions, tenant:member among them if he is a live user of the tenant;
    empty for anybody else.
    """

    tenant: str | None = None
    user: str | None = None
    holds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """A row as far as conditions look at it; values are the server's texts, None for NULL."""

    tenant: str | None
    values: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Condition:
    """Whose rows, and which of them."""

    text: str
    scope: Scope
    test: Test | None

    def holds(self, actor: Actor, row: Row) -> bool:
        """Return whether the condition is true for a row and whoever asks."""
        if self.scope is Scope.SYSTEM:
            in_scope = row.tenant == SYSTEM_TENANT
        elif self.scope is Scope.ANY:
            in_scope = True
        else:
            in_scope = actor.tenant is not None and row.tenant == actor.tenant
            if self.scope is Scope.USER:
                in_scope = in_scope and MEMBER in actor.holds
        return in_scope and (self.test is None or _holds(self.test, actor, row))

    @property
    def permissions(self) -> frozenset[str]:
        """The permissions that the condition asks for, without tenant:member."""
        named = (node.name for node in self.nodes() if isinstance(node, Permission))
        return frozenset(named) - {MEMBER}

    @property
    def words(self) -> tuple[Word, ...]:
        """The words that the condition uses, each once, in their order."""
        return tuple(dict.fromkeys(node for node in self.nodes() if isinstance(node, Word)))

    def nodes(self) -> Iterator[Test]:
        """Yield every part of the test, the whole before its parts."""
        if self.test is not None:
            yield from _nodes(self.test)


# The condition of what no policy allows.
NEVER = Condition("never", Scope.ANY, Either(()))


def parse_condition(text: str, words: Mapping[str, Word], where: str) -> Condition:
    """Read a condition; where says in messages where it stands.

    :raises MatrixError: it cannot be read, or it names a word that the table does not have.
    """
    scope, test = _Parser(text, words, where).parse()
    return Condition(text, scope, test)


class _Parser:
    """A condition on its way; or binds weaker than and."""

    def __init__(self, text: str, words: Mapping[str, Word], where: str) -> None:
        self._text = text
        self._words = words
        self._where = where
        self._tokens = self._split()
        self._next = 0

    def parse(self) -> tuple[Scope, Test | None]:
        """Return the whole condition: its scope, which stands first if named, and its test."""
        scope = _SCOPES.get(self._peek() or "", Scope.USER)
        test: Test | None
        if scope is Scope.USER:
            test = self._either()
        else:
            self._next += 1
            test = self._all() if self._take("and") else None
        if self._peek() is not None:
            _refuse(self._where, self._text, f"does not expect {self._peek()!r}")
        return scope, test

    def _either(self) -> Test:
        parts = [self._all()]
        while self._take("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _all(self) -> Test:
        parts = [self._atom()]
        while self._take("and"):
            parts.append(self._atom())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _atom(self) -> Test:
        if self._take("("):
            inner = self._either()
            if not self._take(")"):
                _refuse(self._where, self._text, "misses a )")
            return inner
        if self._take("not"):
            return Not(self._word())
        token = self._peek()
        if token is not None and ":" in token:
            self._next += 1
            return Permission(token)
        return self._word()

    def _word(self) -> Word:
        token = self._peek()
        if token is None:
            _refuse(self._where, self._text, "ends too soon")
        if token in _SCOPES:
            _refuse(self._where, self._text, f"has {token} elsewhere than in front, joined by and")
        if token not in self._words:
            known = ", ".join(self._words) or "none"
            _refuse(self._where, self._text, f"does not know {token!r}; the table's words: {known}")
        self._next += 1
        return self._words[token]

    def _split(self) -> list[str]:
        tokens = []
        position = 0
        while self._text[position:].strip():
            found = _TOKEN.match(self._text, position)
            if found is None:
                _refuse(self._where, self._text, f"cannot read {self._text[position:].strip()!r}")
            tokens.append(found[1])
            position = found.end()
        return tokens

    def _peek(self) -> str | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self, token: str) -> bool:
        if self._peek() != token:
            return False
        self._next += 1
        return True


def _refuse(where: str, text: str, fault: str) -> NoReturn:
    raise MatrixError(f"{where}: the condition {text!r} {fault}")


def _nodes(test: Test) -> Iterator[Test]:
    yield test
    if isinstance(test, Not):
        yield test.word
    elif isinstance(test, All | Either):
        for part in test.parts:
            yield from _nodes(part)


def _holds(test: Test, actor: Actor, row: Row) -> bool:
    if isinstance(test, Permission):
        return test.name in actor.holds
    if isinstance(test, Word):
        return _word_holds(test, actor, row) is True
    if isinstance(test, Not):
        return _word_holds(test.word, actor, row) is False
    judged = (_holds(part, actor, row) for part in test.parts)
    return all(judged) if isinstance(test, All) else any(judged)


def _word_holds(word: Word, actor: Actor, row: Row) -> bool | None:
    """Judge a word as SQL does: None, which is neither, where something compared is NULL."""
    found = row.values[word.column]
    if word.is_unset:  # rows of the sample hold no time of this transaction
        return found is None
    if found is None:
        return None
    if word.is_within:
        return set(json.loads(found)) <= actor.holds - {MEMBER}
    if word.is_me:
        return None if actor.user is None else found == actor.user
    if isinstance(word.value, bool):
        return found == ("t" if word.value else "f")
    return found == word.value
