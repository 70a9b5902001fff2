"""Write a version of a dataset back as the file that it came from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsvault.client import TokenVault, read_page
from dsvault.crypto import RecordReader
from dsvault.files import open_sink
from dsvault.merkle import MerkleTree
from dsvault.ops.transfer.actor import TransferError, actor
from dsvault.ops.transfer.columns import put_back
from dsvault.ops.transfer.labels import file_label
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from uuid import UUID

    from dsvault.client import Stored
    from dsvault.ops.transfer.actor import Actor
    from dsvault.target import Target

    Progress = Callable[[int], None]

_APPLICATION = "dsvault export"
_PAGE_ROWS = 1000


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to write where. version None: the newest that is published.

    user is the address of whose name it is done in, None the tenant's first administrator.
    reason says why values are put back in place of tokens; None leaves the tokens.
    """

    tenant: str
    dataset: str
    path: Path
    version: int | None = None
    user: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written. tokens_left are values that stay tokens, since nothing else is left."""

    tenant: str
    dataset: str
    version: int
    path: Path
    rows: int
    tree_hash: str
    is_identical: bool
    tokens_left: int

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "tenant": self.tenant,
            "dataset": self.dataset,
            "version": self.version,
            "path": str(self.path),
            "rows": self.rows,
            "tree_hash": self.tree_hash,
            "identical": self.is_identical,
            "tokens_left": self.tokens_left,
        }


@dataclass(frozen=True, slots=True)
class _Dataset:
    id: UUID


@dataclass(frozen=True, slots=True)
class _Version:
    id: UUID
    number: int
    status: str
    tree_hash: str
    record_count: int
    metadata: str

    @property
    def file(self) -> dict[str, Any]:
        """What the import said of its file; nothing where the version came otherwise."""
        return self._about("file")

    @property
    def tokens(self) -> dict[str, Any]:
        """The columns that the import replaced by tokens."""
        return self._about("tokens")

    @property
    def label(self) -> object:
        """What the import called its file."""
        return self._about("import").get("file")

    def _about(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.metadata).get(name) or {}
        return found


def export_file(
    target: Target, request: ExportRequest, progress: Progress = lambda _: None
) -> Exported:
    """Decrypt a version into a file that must not be there; progress is told how many are written.

    The file is kept only if its records make the tree hash that the version was published with,
    and, byte for byte, the file that was imported, unless tokens stay in place of values.

    :raises TransferError: there is no such version, or it is not what was published.
    :raises dsvault.files.FileFormatError: the file cannot be written, or has another format.
    :raises dsvault.crypto.CryptoError: a record cannot be decrypted.
    :raises dsvault.wrapping.WrapError: a key cannot be unwrapped.
    """
    with actor(target, request.tenant, request.user, application=_APPLICATION) as user:
        with user.transaction() as session:
            found = session.fetch(_Dataset, load("transfer/dataset"), request.dataset)
            if not found:
                raise TransferError(
                    f"There is no dataset {request.dataset} that this user sees",
                    hint="Its name is meant; --user names who looks.",
                )
            versions = session.fetch(
                _Version, load("transfer/version"), found[0].id, request.version
            )
        if not versions:
            raise TransferError(_no_version(request))
        return _Writing(user, request, found[0].id, versions[0]).run(progress)


class _Writing:
    """The writing of one file, page by page; what is looked at is audited before it is written."""

    def __init__(
        self, user: Actor, request: ExportRequest, dataset_id: UUID, version: _Version
    ) -> None:
        self._user = user
        self._request = request
        self._version = version
        self._dataset_id = dataset_id
        self._tree = MerkleTree()
        self._left = 0
        with user.transaction():
            self._hashes = user.keys.hashing()
        self._reader = RecordReader(user.tenant_id, dataset_id, user.keys.ring())
        self._vault = TokenVault(user.session, user.tenant_id, user.keys)

    @property
    def _is_opened(self) -> bool:
        """Whether values are written in place of tokens."""
        return self._request.reason is not None or not self._version.tokens

    def run(self, progress: Progress) -> Exported:
        version = self._version
        with open_sink(self._request.path, version.file, self._check_file) as sink:
            for page in self._pages():
                for content in page:
                    sink.write(content)
                progress(self._tree.leaves)
            self._check_records()
        return Exported(
            self._user.tenant.slug,
            self._request.dataset,
            version.number,
            self._request.path,
            self._tree.leaves,
            version.tree_hash,
            self._is_opened and self._left == 0,
            self._left,
        )

    def _pages(self) -> Iterator[Sequence[bytes]]:
        last = None
        while True:
            with self._user.transaction() as session:
                rows = read_page(session, self._dataset_id, self._version.id, last, _PAGE_ROWS)
                if not rows:
                    return
                contents = [self._reader.read_bytes(row.id, row.encrypted_data) for row in rows]
                for content in contents:
                    self._tree.add(bytes.fromhex(self._hashes.content_hash(content)))
                if self._version.tokens and self._request.reason is not None:
                    contents = self._put_back(rows, contents, self._request.reason)
            yield contents
            last = rows[-1].id

    def _put_back(
        self, rows: Sequence[Stored], contents: Sequence[bytes], reason: str
    ) -> list[bytes]:
        opened = put_back(
            list(zip(rows, contents, strict=True)), self._version.tokens, self._vault, reason,
            is_bytes=self._version.file.get("format") == "jsonl",
        )  # fmt: skip
        self._left += opened.left
        return opened.contents

    def _check_records(self) -> None:
        version, tree = self._version, self._tree
        if tree.root() != version.tree_hash:
            raise TransferError(
                f"Version {version.number} is not what was imported",
                detail=f"{tree.leaves} of {version.record_count} records, "
                f"tree {tree.root()}, expected {version.tree_hash}",
                hint="Records were removed, added or exchanged; restore them from a backup.",
            )

    def _check_file(self, digest: bytes) -> None:
        version = self._version
        if not self._is_opened or self._left:
            return
        if file_label(digest, self._hashes, version.tokens) != version.label:
            raise TransferError(
                f"Version {version.number} does not give the file that was imported",
                detail="its records are whole; a token or an annotation was exchanged",
                hint="Restore tokens and records from a backup.",
            )


def _no_version(request: ExportRequest) -> str:
    if request.version is None:
        return f"The dataset {request.dataset} has no published version"
    return f"The dataset {request.dataset} has no version {request.version}"
