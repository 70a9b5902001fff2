"""Write records into a new version of a dataset, in pieces that are kept if it is interrupted."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from dsvault.ahead import ahead
from dsvault.client import TokenVault, insert_records
from dsvault.crypto import (
    ContentError,
    Plain,
    RecordWriter,
    ValueFormatError,
    canonical,
    encode_json,
)
from dsvault.files.errors import FileFormatError
from dsvault.merkle import MerkleTree
from dsvault.ops.transfer.actor import TransferError
from dsvault.ops.transfer.numbering import record_ids
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dsvault.crypto import Batch, DataKey, HashKey
    from dsvault.files.model import Content
    from dsvault.ops.transfer.actor import Actor
    from dsvault.ops.transfer.columns import TokenColumns

    Progress = Callable[[int], None]

_PIECE_ROWS = 10_000  # records a transaction
_BATCH_ROWS = 5_000  # records a statement


@dataclass(frozen=True, slots=True)
class VersionRequest:
    """A version to write. label tells the same records again: by it a draft is taken up again."""

    dataset: str
    label: str
    message: str
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class Loaded:
    """The version that was written. resumed_rows were there from an interrupted run before.

    tokens are the values that this run replaced.
    """

    dataset_id: UUID
    version: int
    version_id: UUID
    rows: int
    bytes: int
    tree_hash: str
    is_new_dataset: bool
    resumed_rows: int
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class _Draft:
    id: UUID
    number: int
    parent_id: UUID | None


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID


@dataclass(frozen=True, slots=True)
class _Hash:
    id: UUID
    content_hash: str


@dataclass(frozen=True, slots=True)
class _Size:
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Keys:
    """What records are encrypted and hashed with."""

    data: DataKey
    hashes: HashKey


def keys_of(user: Actor) -> Keys:
    """Return the tenant's active keys.

    :raises dsvault.crypto.CryptoError: the tenant has no key, or none that can be used.
    :raises dsvault.wrapping.WrapError: a key cannot be unwrapped.
    """
    with user.transaction():
        return Keys(user.keys.encrypting("dataset"), user.keys.hashing())


class Loading:
    """The writing of one version, from the draft to its publication.

    columns: what of the records is replaced by tokens, None for nothing.
    """

    def __init__(
        self,
        user: Actor,
        keys: Keys,
        request: VersionRequest,
        progress: Progress,
        columns: TokenColumns | None = None,
    ) -> None:
        self._user = user
        self._keys = keys
        self._request = request
        self._progress = progress
        self._columns = columns
        self._tokens = 0
        self._tree = MerkleTree()

    def run(
        self, records: Iterator[Content], about: Callable[[], Mapping[str, Any]] = dict
    ) -> Loaded:
        """Write the records; about is asked afterwards what else the version's metadata holds.

        :raises TransferError: the database refused something.
        """
        dataset_id, is_new = self._dataset()
        draft = self._draft(dataset_id)
        before = self._size(dataset_id, draft)
        writer = RecordWriter(
            self._user.tenant_id, dataset_id, self._keys.data, self._keys.hashes,
            batch_rows=_BATCH_ROWS,
        )  # fmt: skip
        try:
            self._write(records, writer, draft, before.rows)
        except (FileFormatError, ContentError, ValueFormatError):
            self._discard(dataset_id, draft, is_new=is_new)
            raise
        size = self._finish(dataset_id, draft, {**self._mark(), **about()})
        return Loaded(
            dataset_id=dataset_id,
            version=draft.number,
            version_id=draft.id,
            rows=size.rows,
            bytes=size.bytes,
            tree_hash=self._tree.root(),
            is_new_dataset=is_new,
            resumed_rows=before.rows,
            tokens=self._tokens,
        )

    def _mark(self) -> dict[str, Any]:
        return {"import": {"file": self._request.label}}

    def _dataset(self) -> tuple[UUID, bool]:
        """Return the dataset of the name; make it where there is none."""
        name = self._request.dataset
        with self._user.transaction() as session:
            found = session.fetch(_Row, load("transfer/dataset"), name)
            if found:
                return found[0].id, False
            [made] = session.fetch(_Row, load("transfer/new_dataset"), name, self._keys.data.id)
            return made.id, True

    def _draft(self, dataset_id: UUID) -> _Draft:
        """Return the draft that an earlier run left, or a new one."""
        request = self._request
        with self._user.transaction() as session:
            found = session.fetch(_Draft, load("transfer/draft"), dataset_id, request.label)
            if not found:
                found = session.fetch(
                    _Draft, load("transfer/new_draft"),
                    dataset_id, request.message, f"{self._user.tenant.slug}/{request.dataset}",
                    json.dumps(self._mark()), hashlib.sha256().hexdigest(),
                )  # fmt: skip
            return found[0]

    def _discard(self, dataset_id: UUID, draft: _Draft, *, is_new: bool) -> None:
        """Remove the draft of a file that is at fault: once mended it is another file.

        What the user may not remove stays.
        """
        with suppress(TransferError), self._user.transaction() as session:
            session.fetch(_Row, load("transfer/discard_draft"), dataset_id, draft.id)
        if is_new:
            with suppress(TransferError), self._user.transaction() as session:
                session.fetch(_Row, load("transfer/discard_dataset"), dataset_id)

    def _size(self, dataset_id: UUID, draft: _Draft) -> _Size:
        with self._user.transaction() as session:
            [size] = session.fetch(_Size, load("transfer/written"), dataset_id, draft.id)
        return size

    def _write(
        self, records: Iterator[Content], writer: RecordWriter, draft: _Draft, done: int
    ) -> None:
        """Store the records from number done on, a piece in each transaction."""
        if self._columns is None:
            for content in islice(records, done):
                self._tree.add(bytes.fromhex(writer.hash_key.content_hash(canonical(content))))
        else:
            self._take_over(records, writer, draft, done)
        if self._tree.leaves < done:
            raise TransferError(
                f"The draft {draft.number} has more records than there are",
                detail=f"{done} in the draft, expected {self._tree.leaves}",
                hint="Somebody else wrote to it. Delete the draft, and begin again.",
            )
        self._progress(done)
        for batches in self._pieces(records, writer, draft):
            for batch in batches:
                for digest in batch.hashes:
                    self._tree.add(bytes.fromhex(digest))
            self._progress(self._tree.leaves)

    def _take_over(
        self, records: Iterator[Content], writer: RecordWriter, draft: _Draft, done: int
    ) -> None:
        """Pass over records that are stored with tokens: their hashes are known to the draft."""
        last, ids = UUID(int=0), record_ids(draft.id, 0)
        while self._tree.leaves < done:
            with self._user.transaction() as session:
                page = session.fetch(
                    _Hash, load("transfer/hashes"), writer.dataset_id, draft.id, last, _PIECE_ROWS
                )
            for row, _, expected in zip(page, records, ids, strict=False):
                if row.id.bytes != expected:
                    return
                self._tree.add(bytes.fromhex(row.content_hash))
            if not page:
                return
            last = page[-1].id

    def _pieces(
        self, records: Iterator[Content], writer: RecordWriter, draft: _Draft
    ) -> Iterator[list[Batch]]:
        """Store piece after piece, each with its tokens whole or not at all."""
        numbered = zip(record_ids(draft.id, self._tree.leaves), records, strict=False)
        if self._columns is None:
            # What comes next is encrypted while the server is at work.
            for batches in ahead(_encrypted(numbered, writer)):
                with self._user.transaction() as session:
                    insert_records(session, writer.dataset_id, draft.id, batches)
                yield batches
            return
        while piece := list(islice(numbered, _PIECE_ROWS)):
            with self._user.transaction() as session:
                vault = TokenVault(session, self._user.tenant_id, self._user.keys)
                replaced, count = self._columns.replace(piece, vault, self._tree.leaves)
                batches = list(writer.encrypt(replaced))
                insert_records(session, writer.dataset_id, draft.id, batches)
            self._tokens += count
            yield batches

    def _finish(self, dataset_id: UUID, draft: _Draft, metadata: Mapping[str, Any]) -> _Size:
        """Write hashes, counts and the file's description; publish it unless it stays a draft."""
        size = self._size(dataset_id, draft)
        if size.rows != self._tree.leaves:
            raise TransferError(
                f"The draft {draft.number} has {size.rows} records",
                detail=f"expected {self._tree.leaves}",
                hint="Somebody else wrote to it. Delete the draft, and begin again.",
            )
        tree, manifest = self._tree.root(), hashlib.sha256(encode_json(metadata)).hexdigest()
        parts = ["dsvault commit 1", str(draft.parent_id), str(draft.id), tree, manifest]
        commit = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        with self._user.transaction() as session:
            session.fetch(
                _Row, load("transfer/finish"),
                draft.id, commit, tree, manifest, size.rows, size.bytes, json.dumps(metadata),
            )  # fmt: skip
            if not self._request.is_draft and not session.fetch(
                _Row, load("transfer/publish"), draft.id
            ):
                raise TransferError(
                    "The version cannot be published", hint="It takes version:publish; see --user."
                )
        return size


def _encrypted(
    numbered: Iterator[tuple[bytes, Content]], writer: RecordWriter
) -> Iterator[list[Batch]]:
    while piece := list(islice(numbered, _PIECE_ROWS)):
        yield list(writer.encrypt(Plain(content, key) for key, content in piece))
