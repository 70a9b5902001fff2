"""Write a version of a dataset back as the file that it came from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dsvault.client import read_stored
from dsvault.crypto import RecordReader
from dsvault.files import open_sink
from dsvault.merkle import MerkleTree
from dsvault.ops.transfer.actor import TransferError, actor
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from uuid import UUID

    from dsvault.ops.transfer.actor import Actor
    from dsvault.target import Target

    Progress = Callable[[int], None]

_APPLICATION = "dsvault export"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to write where. version None: the newest that is published.

    user is the address of whose name it is done in, None the tenant's first administrator.
    """

    tenant: str
    dataset: str
    path: Path
    version: int | None = None
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    tenant: str
    dataset: str
    version: int
    path: Path
    rows: int
    tree_hash: str

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "tenant": self.tenant,
            "dataset": self.dataset,
            "version": self.version,
            "path": str(self.path),
            "rows": self.rows,
            "tree_hash": self.tree_hash,
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
        found: dict[str, Any] = json.loads(self.metadata).get("file") or {}
        return found


def export_file(
    target: Target, request: ExportRequest, progress: Progress = lambda _: None
) -> Exported:
    """Decrypt a version into a file that must not be there; progress is told how many are written.

    The file is kept only if its records make the tree hash that the version was published with.

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
        return _write(user, request, found[0].id, versions[0], progress)


def _write(
    user: Actor, request: ExportRequest, dataset_id: UUID, version: _Version, progress: Progress
) -> Exported:
    tree = MerkleTree()
    # One transaction, so that nothing changes while a draft is read.
    with open_sink(request.path, version.file) as sink, user.transaction() as session:
        hashes = user.keys.hashing()
        reader = RecordReader(user.tenant_id, dataset_id, user.keys.ring())
        for record_id, sealed in read_stored(session, dataset_id, version.id):
            content = reader.read_bytes(record_id, sealed)
            tree.add(bytes.fromhex(hashes.content_hash(content)))
            sink.write(content)
            progress(tree.leaves)
        if tree.root() != version.tree_hash:
            raise TransferError(
                f"Version {version.number} is not what was imported",
                detail=f"{tree.leaves} of {version.record_count} records, "
                f"tree {tree.root()}, expected {version.tree_hash}",
                hint="Records were removed, added or exchanged; restore them from a backup.",
            )
    return Exported(
        user.tenant.slug,
        request.dataset,
        version.number,
        request.path,
        tree.leaves,
        version.tree_hash,
    )


def _no_version(request: ExportRequest) -> str:
    if request.version is None:
        return f"The dataset {request.dataset} has no published version"
    return f"The dataset {request.dataset} has no version {request.version}"
