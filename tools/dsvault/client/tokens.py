"""Tokens in place of personal data, and the way back for who may take it.

    tokens = TokenVault(database, tenant_id, KeyStore(database, tenant_id))
    [token] = tokens.tokenize("email", ["ada@example.org"])  # needs token:create, token:read
    tokens.find("email", "ada@example.org")                   # the same token
    tokens.detokenize([token], reason="ticket 4711")          # needs token:detokenize; is audited

A deterministic token is the same for the same value of a type in a tenant; a random one is new each
time. A one-way token keeps no value: it can be found, not looked behind.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from dsvault.client.arrays import blobs, texts, uuids
from dsvault.crypto import (
    CryptoError,
    HashKey,
    Keyring,
    Token,
    empty_envelope,
    parse_header,
    parse_token,
    token_place,
)
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from dsvault.client.database import Database
    from dsvault.client.keys import KeyStore

_PAGE_ROWS = 10_000
_BEFORE_ALL = UUID(int=0)


class TokenError(CryptoError):
    """The token does not lead to a value."""


class UnknownTokenError(TokenError):
    """There is no such token in this tenant."""


class ExpiredTokenError(TokenError):
    """The token has expired."""


class OneWayTokenError(TokenError):
    """The token keeps no value: it was made so, or its value was forgotten."""


@dataclass(frozen=True, slots=True)
class TokenOptions:
    """How tokens are made."""

    is_random: bool = False
    is_one_way: bool = False
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StandIn:
    """What stands in place of a value that has to come back as it is spelt.

    spelling is a second token, a random one, that leads to this very spelling; None where the first
    one does.
    """

    token: str
    spelling: str | None = None


@dataclass(frozen=True, slots=True)
class Carrier:
    """A record that carries a token, and where in it."""

    dataset: str
    version: int
    status: str
    dataset_id: UUID
    version_id: UUID
    record_id: UUID
    pointer: str


@dataclass(frozen=True, slots=True)
class _New:
    id: UUID
    hash: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Found:
    id: UUID
    token_hash: str


@dataclass(frozen=True, slots=True)
class _Hashed:
    id: UUID
    token_hash: str
    is_expired: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    id: UUID
    encrypted_value: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Behind:
    id: UUID
    pii_type: str
    is_expired: bool
    encrypted_value: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Count:
    rows: int


class TokenVault:
    """The tokens of one tenant, within the open transaction of one of its users."""

    def __init__(self, database: Database, tenant_id: UUID, keys: KeyStore) -> None:
        self._database = database
        self._tenant_id = tenant_id
        self._keys = keys
        self._hash_key: HashKey | None = None
        self._ring: Keyring | None = None

    def tokenize(
        self, pii_type: str, values: Sequence[str], options: TokenOptions | None = None
    ) -> list[str]:
        """Return a token for each value, in their order; two statements for all of them.

        A deterministic token that is there already keeps its own expiry; one that has expired is
        removed, as maintenance would, and a new one made.

        :raises dsvault.crypto.ValueFormatError: a value has not the form of its type.
        :raises dsvault.client.keys.NoActiveKeyError: there is no active field or hash key.
        :raises ExpiredTokenError: a deterministic token has expired, and a legal hold keeps it.
        """
        options = options or TokenOptions()
        if not values:
            return []
        if options.is_random:
            made = [self._random(pii_type, value) for value in values]
            self._insert(pii_type, made, options)
            return [str(Token(pii_type, new.id)) for new in made]
        hashes, there, _ = self._deterministic(pii_type, values, options)
        return [str(Token(pii_type, there[digest])) for digest in hashes]

    def stand_ins(
        self, pii_type: str, values: Sequence[str], *, is_random: bool = False
    ) -> list[StandIn]:
        """Return what stands in place of each value, in their order, so that it comes back exactly.

        Equal values of a type have one token, which keeps the first spelling; another spelling is
        kept behind a random token of its own. So all of them are found and forgotten together.
        Looks behind tokens that are there already, to compare them with the values given.

        :raises dsvault.crypto.ValueFormatError: a value has not the form of its type.
        :raises dsvault.client.keys.NoActiveKeyError: there is no active field or hash key.
        """
        if is_random or not values:
            options = TokenOptions(is_random=is_random)
            return [StandIn(token) for token in self.tokenize(pii_type, values, options)]
        hashes, there, made = self._deterministic(pii_type, values, TokenOptions())
        kept = made | self._kept(pii_type, [one for one in there.values() if one not in made])
        ids = [there[digest] for digest in hashes]
        others = dict.fromkeys(
            value for value, one in zip(values, ids, strict=True) if kept.get(one) != value
        )
        random = self.tokenize(pii_type, list(others), TokenOptions(is_random=True))
        spelt = dict(zip(others, random, strict=True))
        return [
            StandIn(str(Token(pii_type, one)), None if kept.get(one) == value else spelt[value])
            for value, one in zip(values, ids, strict=True)
        ]

    def _deterministic(
        self, pii_type: str, values: Sequence[str], options: TokenOptions
    ) -> tuple[list[str], dict[str, UUID], dict[UUID, str]]:
        """Return the hash of each value, the tokens of hashes, and what those just made keep."""
        hashing = self._hashing()
        hashes = [
            hashing.token_hash(pii_type, value, is_one_way=options.is_one_way) for value in values
        ]
        distinct: dict[str, _New] = {}
        for digest, value in zip(hashes, values, strict=True):
            if digest not in distinct:  # the first spelling is kept
                distinct[digest] = _New(uuid4(), digest, value)
        there = self._alive(list(distinct))
        # In order, so that two who make tokens for the same values do not wait for each other.
        new = [distinct[one] for one in sorted(distinct) if one not in there]
        if self._insert(pii_type, new, options) == len(new):
            there |= {one.hash: one.id for one in new}
        else:
            there = self._alive(list(distinct))  # somebody was faster
            if len(there) < len(distinct):
                raise ExpiredTokenError(
                    "The token of a value has expired and is kept",
                    detail=f"{len(distinct) - len(there)} of {len(distinct)} values",
                    hint="A legal hold keeps it, so that the value cannot have a new one.",
                )
        made = {new.id: new.value for new in distinct.values() if there[new.hash] == new.id}
        return hashes, there, made

    def _alive(self, hashes: list[str]) -> dict[str, UUID]:
        """Return the tokens of hashes that have not expired; those that have are removed."""
        rows = self._rows(hashes)
        if expired := [row.id.bytes for row in rows if row.is_expired]:
            self._database.fetch(_Count, load("token/drop_expired"), uuids(expired))
        return {row.token_hash: row.id for row in rows if not row.is_expired}

    def _kept(self, pii_type: str, ids: list[UUID]) -> dict[UUID, str]:
        """Return the values of tokens that lead to one for good."""
        if not ids:
            return {}
        rows = self._database.fetch(_Kept, load("token/kept"), uuids([one.bytes for one in ids]))
        return {
            row.id: self._opened(Token(pii_type, row.id), row.encrypted_value)
            for row in rows
            if not parse_header(row.encrypted_value).is_empty
        }

    def detokenize(self, tokens: Sequence[str], reason: str) -> list[str]:
        """Return the values of tokens, in their order; every one or none.

        The call is audited with its reason, and each value counted, before it is given.

        :raises UnknownTokenError: the tenant has no such token.
        :raises ExpiredTokenError: it has expired.
        :raises OneWayTokenError: it keeps no value.
        :raises dsvault.crypto.TokenTextError: it is no token.
        """
        asked = self._asked(tokens, reason)
        return [self._opened(token, _sealed(token, row)) for _, token, row in asked]

    def detokenize_those_left(self, tokens: Sequence[str], reason: str) -> dict[str, str]:
        """Return the values of those tokens that lead to one, by their texts as they are given.

        Left out is what has expired, was forgotten or keeps no value. Else it is as detokenize.

        :raises UnknownTokenError: the tenant has no such token.
        """
        values = {}
        for text, token, row in self._asked(tokens, reason):
            with suppress(ExpiredTokenError, OneWayTokenError):
                values[text] = self._opened(token, _sealed(token, row))
        return values

    def find(self, pii_type: str, value: str, *, is_everywhere: bool = False) -> list[str]:
        """Return the tokens of a value: the deterministic ones, or all.

        Random tokens have a hash each. To find them, all tokens of the type are compared.

        :raises dsvault.crypto.ValueFormatError: the value has not the form of its type.
        """
        hashing = self._hashing()
        hashes = [
            hashing.token_hash(pii_type, value, is_one_way=one_way) for one_way in (False, True)
        ]
        found = list(self._by_hash(hashes).values())
        if is_everywhere:
            found += self._random_ones(pii_type, value)
        return [str(Token(pii_type, token_id)) for token_id in found]

    def carriers(self, token: str, most: int) -> list[Carrier]:
        """Return the records whose annotations name a token, by dataset and version.

        Needs version:read. They are found by an index, however many records the tenant has.

        :raises dsvault.crypto.TokenTextError: it is no token.
        """
        return self._database.fetch(Carrier, load("token/records"), str(parse_token(token)), most)

    def forget(self, pii_type: str, value: str, reason: str) -> int:
        """Empty every token of a value for ever; return how many there were.

        The tokens stay and lead to nothing. What is in backups stays there until they are gone.

        :raises dsvault.crypto.ValueFormatError: the value has not the form of its type.
        """
        tokens = self.find(pii_type, value, is_everywhere=True)
        if not tokens:
            return 0
        ids = uuids([parse_token(text).id.bytes for text in tokens])
        [count] = self._database.fetch(_Count, load("token/forget"), ids, reason)
        return count.rows

    def _asked(
        self, tokens: Sequence[str], reason: str
    ) -> Iterator[tuple[str, Token, _Behind | None]]:
        """Ask what is behind tokens; return text, token and what is behind it in their order."""
        asked = [parse_token(text) for text in tokens]
        ids = uuids([token.id.bytes for token in asked])
        rows = self._database.fetch(_Behind, load("token/detokenize"), ids, reason)
        behind = {row.id: row for row in rows}
        return (
            (text, token, behind.get(token.id)) for text, token in zip(tokens, asked, strict=True)
        )

    def _opened(self, token: Token, sealed: bytes) -> str:
        if self._ring is None:
            self._ring = self._keys.ring()
        place = token_place(self._tenant_id, token.id, token.pii_type)
        return self._ring.decrypt(sealed, place).decode()

    def _hashing(self) -> HashKey:
        if self._hash_key is None:
            self._hash_key = self._keys.hashing()
        return self._hash_key

    def _random(self, pii_type: str, value: str) -> _New:
        token_id = uuid4()
        return _New(token_id, self._hashing().random_token_hash(pii_type, value, token_id), value)

    def _insert(self, pii_type: str, made: Sequence[_New], options: TokenOptions) -> int:
        """Store tokens whose hashes are not there yet; return how many."""
        if not made:
            return 0
        if options.is_one_way:
            sealed = [empty_envelope(self._hashing().id)] * len(made)
        else:
            key = self._keys.encrypting("field")
            sealed = [
                key.encrypt(new.value.encode(), token_place(self._tenant_id, new.id, pii_type))
                for new in made
            ]
        [count] = self._database.fetch(
            _Count, load("token/insert"), pii_type, options.expires_at,
            uuids([new.id.bytes for new in made]), texts([new.hash for new in made]),
            blobs(sealed),
        )  # fmt: skip
        return count.rows

    def _by_hash(self, hashes: list[str]) -> dict[str, UUID]:
        return {row.token_hash: row.id for row in self._rows(hashes)}

    def _rows(self, hashes: list[str]) -> list[_Hashed]:
        return self._database.fetch(_Hashed, load("token/by_hash"), texts(hashes))

    def _random_ones(self, pii_type: str, value: str) -> Iterator[UUID]:
        hashing, last = self._hashing(), _BEFORE_ALL
        while page := self._database.fetch(_Found, load("token/page"), pii_type, last, _PAGE_ROWS):
            hashes = hashing.random_token_hashes(pii_type, value, [row.id for row in page])
            yield from (
                row.id for row, own in zip(page, hashes, strict=True) if row.token_hash == own
            )
            last = page[-1].id


def _sealed(token: Token, row: _Behind | None) -> bytes:
    """Return the encrypted value behind a token.

    :raises TokenError: there is none.
    """
    if row is None or row.pii_type != token.pii_type:
        raise UnknownTokenError(detail=str(token))
    if row.encrypted_value is None:
        raise ExpiredTokenError(
            detail=str(token), hint="Its value is kept and not given; make a new token."
        )
    if parse_header(row.encrypted_value).is_empty:
        raise OneWayTokenError(detail=str(token))
    return row.encrypted_value
