"""Records encrypted and read in streams: batch by batch, with a flat use of memory."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dsvault.crypto.binding import length_prefixed, record_place
from dsvault.crypto.content import canonical, decode_json, encode_json
from dsvault.crypto.errors import SecretError
from dsvault.crypto.fields import decrypt_fields, encrypt_fields
from dsvault.crypto.tokentext import parse_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dsvault.crypto.fields import FieldRule
    from dsvault.crypto.hashing import HashKey
    from dsvault.crypto.keys import DataKey, Keyring

BATCH_ROWS = 1000
BATCH_BYTES = 8 * 1024 * 1024
_ID_BYTES = 16
_ID_LENGTH = _ID_BYTES.to_bytes(4, "big")


@dataclass(frozen=True, slots=True)
class Plain:
    """A record with an id or with tokens of its own, where the content alone does not say all.

    An id may be given as its 16 bytes.
    annotations are what pii_annotations say of pointers beside what follows from tokens and fields.
    """

    content: Mapping[str, Any] | bytes = field(repr=False)
    id: UUID | bytes | None = None
    tokens: Mapping[str, str] | None = field(default=None, repr=False)
    annotations: Mapping[str, Mapping[str, Any]] | None = field(default=None, repr=False)


@dataclass(slots=True)
class Batch:
    """Encrypted records as the columns of one INSERT; ids are 16 bytes, annotations JSON texts."""

    ids: list[bytes] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    sealed: list[bytes] = field(default_factory=list, repr=False)
    annotations: list[str | None] = field(default_factory=list, repr=False)
    bytes: int = 0

    @property
    def rows(self) -> int:
        """How many records there are."""
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class RecordWriter:
    """Encrypts the records of one dataset.

    fields are encrypted apart under field_key. A batch ends at batch_rows records or after the
    record with which it reaches batch_bytes.
    """

    tenant_id: UUID
    dataset_id: UUID
    key: DataKey
    hash_key: HashKey
    fields: Sequence[FieldRule] = ()
    field_key: DataKey | None = None
    batch_rows: int = BATCH_ROWS
    batch_bytes: int = BATCH_BYTES

    def __post_init__(self) -> None:
        """Refuse fields without a key."""
        if self.fields and self.field_key is None:
            raise SecretError("Fields are encrypted under a field key", detail="no field key")

    def encrypt(self, records: Iterable[Mapping[str, Any] | bytes | Plain]) -> Iterator[Batch]:
        """Encrypt records one batch after the other; never more than one batch is held.

        content_hash is that of the plain content, so equal records have equal hashes.

        :raises dsvault.crypto.errors.ContentError: a record is no JSON.
        """
        source = iter(records)
        while items := list(islice(source, self.batch_rows)):
            yield from self._batches(items)

    def _batches(self, items: Sequence[Mapping[str, Any] | bytes | Plain]) -> Iterator[Batch]:
        cipher, header = self.key.cipher(), self.key.header
        # The parts that all records of a dataset share are written once.
        shared = length_prefixed((b"record", self.tenant_id.bytes, self.dataset_id.bytes))
        before, after = header + shared + _ID_LENGTH, length_prefixed((b"",))
        nonces = _chunks(os.urandom(cipher.nonce_bytes * len(items)), cipher.nonce_bytes)
        ids = _chunks(os.urandom(_ID_BYTES * len(items)), _ID_BYTES)
        batch = Batch()
        for item, nonce, random in zip(items, nonces, ids, strict=True):
            ready = self._prepared(item, random)
            record_id, content = ready[:2]
            batch.ids.append(record_id)
            batch.sealed.append(
                header + nonce + cipher.encrypt(nonce, content, before + record_id + after)
            )
            batch.hashes.append(ready[2])
            batch.annotations.append(ready[3])
            batch.bytes += len(batch.sealed[-1])
            if batch.bytes >= self.batch_bytes:
                yield batch
                batch = Batch()
        if batch.ids:
            yield batch

    def _prepared(
        self, item: Mapping[str, Any] | bytes | Plain, random: bytes
    ) -> tuple[bytes, bytes, str, str | None]:
        """Return id, content as it is encrypted, hash of the plain content, and annotations."""
        tokens, about, record_id = None, None, _version_4(random)
        if isinstance(item, Plain):
            tokens, about = item.tokens, item.annotations
            if item.id is not None:
                record_id = item.id if isinstance(item.id, bytes) else item.id.bytes
            item = item.content
        content = canonical(item)
        digest = self.hash_key.content_hash(content)
        annotations = _tokens_only(tokens) | dict(about or {}) if tokens or about else {}
        if self.field_key is not None and self.fields:
            record = decode_json(content) if isinstance(item, bytes) else item
            place = (self.tenant_id, self.dataset_id, UUID(bytes=record_id))
            sealed = encrypt_fields(record, self.fields, self.field_key, place, tokens)
            content, annotations = encode_json(sealed.content), annotations | sealed.annotations
        return (
            record_id,
            content,
            digest,
            encode_json(annotations).decode() if annotations else None,
        )


@dataclass(frozen=True, slots=True)
class RecordReader:
    """Reads the records of one dataset with the keys that are at hand."""

    tenant_id: UUID
    dataset_id: UUID
    keys: Keyring

    def read_bytes(self, record_id: UUID, encrypted_data: bytes) -> bytes:
        """Return the content of a record as the bytes that were encrypted.

        :raises dsvault.crypto.errors.TamperedError: it was altered, or is of another place.
        :raises dsvault.crypto.errors.EnvelopeError: it is no ciphertext of the vault.
        :raises dsvault.crypto.errors.UnknownKeyError: its key is not at hand.
        """
        place = record_place(self.tenant_id, self.dataset_id, record_id)
        return self.keys.decrypt(encrypted_data, place)

    def read(
        self,
        record_id: UUID,
        encrypted_data: bytes,
        annotations: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> dict[str, Any]:
        """Return the content of a record; with its annotations, encrypted fields in plain text.

        Raises what read_bytes does, and ContentError where the content is no JSON.
        """
        content: dict[str, Any] = decode_json(self.read_bytes(record_id, encrypted_data))
        place = (self.tenant_id, self.dataset_id, record_id)
        return decrypt_fields(content, annotations, self.keys, place) if annotations else content


def _chunks(random: bytes, size: int) -> list[bytes]:
    return [random[start : start + size] for start in range(0, len(random), size)]


def _version_4(random: bytes) -> bytes:
    """Return 16 random bytes as a UUID of version 4 (RFC 9562)."""
    marked = bytearray(random)
    marked[6] = marked[6] & 0x0F | 0x40
    marked[8] = marked[8] & 0x3F | 0x80
    return bytes(marked)


def _tokens_only(tokens: Mapping[str, str] | None) -> dict[str, Mapping[str, Any]]:
    """Return annotations of tokens that stand in a record or beside it."""
    return {
        pointer: {"type": parse_token(token).pii_type, "token": token}
        for pointer, token in (tokens or {}).items()
    }
