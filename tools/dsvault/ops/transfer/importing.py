"""Bring a file in as a new version of a dataset."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsvault.files import FileFormatError, open_source
from dsvault.ops.transfer.actor import actor
from dsvault.ops.transfer.loading import Loading, VersionRequest, keys_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dsvault.crypto import HashKey
    from dsvault.target import Target

    Progress = Callable[[int], None]

_APPLICATION = "dsvault import"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to bring in: a file, as a version of a tenant's dataset.

    user is the address of whose name it is done in, None the tenant's first administrator.
    message None: the file's name.
    """

    tenant: str
    dataset: str
    path: Path
    user: str | None = None
    message: str | None = None
    is_draft: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """The version that was made. resumed_rows were there from an interrupted run before."""

    tenant: str
    dataset: str
    version: int
    version_id: str
    rows: int
    bytes: int
    tree_hash: str
    is_new_dataset: bool
    is_published: bool
    resumed_rows: int

    def as_json(self) -> dict[str, object]:
        """Return it as one JSON object."""
        return {
            "tenant": self.tenant,
            "dataset": self.dataset,
            "version": self.version,
            "version_id": self.version_id,
            "rows": self.rows,
            "bytes": self.bytes,
            "tree_hash": self.tree_hash,
            "new_dataset": self.is_new_dataset,
            "published": self.is_published,
            "resumed_rows": self.resumed_rows,
        }


def import_file(
    target: Target, request: ImportRequest, progress: Progress = lambda _: None
) -> Imported:
    """Encrypt a file's records into a new version; progress is told how many are stored.

    An interrupted import goes on where it was when the same file is imported again: what was
    stored is kept as a draft, and nothing of it is written twice.

    :raises TransferError: the database refused something.
    :raises dsvault.files.FileFormatError: the file is not as its format has it.
    :raises dsvault.crypto.CryptoError: the tenant has no key, or none that can be used.
    :raises dsvault.wrapping.WrapError: a key cannot be unwrapped.
    """
    with actor(target, request.tenant, request.user, application=_APPLICATION) as user:
        keys = keys_of(user)
        wanted = VersionRequest(
            request.dataset,
            _file_hash(request.path, keys.hashes),
            request.message or request.path.name,
            request.is_draft,
        )
        with open_source(request.path) as source:
            done = Loading(user, keys, wanted, progress).run(
                source.records(), lambda: {"file": source.description()}
            )
    return Imported(
        tenant=user.tenant.slug,
        dataset=request.dataset,
        version=done.version,
        version_id=str(done.version_id),
        rows=done.rows,
        bytes=done.bytes,
        tree_hash=done.tree_hash,
        is_new_dataset=done.is_new_dataset,
        is_published=not request.is_draft,
        resumed_rows=done.resumed_rows,
    )


def _file_hash(path: Path, hashes: HashKey) -> str:
    """Return a keyed hash of a file: who reads it in the database cannot guess the file."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise FileFormatError(f"{path} cannot be read", detail=error.strerror) from None
    return hashes.content_hash(b"file\0" + digest.digest())
