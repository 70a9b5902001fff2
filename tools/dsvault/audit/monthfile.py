"""Files of archived months: gzip, one line for each entry, just as it was hashed for its seal.

The first line says what the file is. Entries stand in order of tenant, transaction, time and id, so
that whoever has the seals proves the file line by line, in little memory. The same entries make the
same bytes, whenever and wherever they are written.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from dsvault.audit.errors import ArchiveError
from dsvault.audit.proof import COLUMNS
from dsvault.merkle import MerkleTree, leaf_hash, root_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT = "dsvault audit archive 1"
_ID, _TENANT, _TRANSACTION = (COLUMNS.index(n) for n in ("id", "tenant_id", "transaction_id"))


@dataclass(slots=True)
class Contents:
    """What a file holds, as a hash: a Merkle tree for each tenant, and one over their roots."""

    trees: dict[str, MerkleTree] = field(default_factory=dict)

    def add(self, tenant: str, entry: bytes) -> None:
        """Add an entry behind the others of its tenant."""
        self.trees.setdefault(tenant, MerkleTree()).add(entry)

    @property
    def entries(self) -> int:
        """How many entries there are."""
        return sum(tree.leaves for tree in self.trees.values())

    def digest(self) -> bytes:
        """Return the hash that the database computes too."""
        roots = (bytes.fromhex(tree.root()) for _, tree in sorted(self.trees.items()))
        return root_of(b"".join(roots))


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of a file."""

    tenant_id: str
    id: str
    transaction: int
    entry: bytes

    @property
    def leaf(self) -> bytes:
        """Its hash as a leaf of its seal's tree."""
        return leaf_hash(self.entry)


class MonthWriter:
    """Writes entries into an open file; finish() writes what is left."""

    def __init__(self, file: BinaryIO, partition: str) -> None:
        self._zip = gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0)
        head = {"format": FORMAT, "partition": partition, "columns": COLUMNS}
        self._zip.write(json.dumps(head).encode() + b"\n")
        self.contents = Contents()

    def add(self, tenant: str, entry: bytes) -> None:
        """Write an entry."""
        self._zip.write(entry + b"\n")
        self.contents.add(tenant, entry)

    def finish(self) -> None:
        """Write what is left; the file stays open."""
        self._zip.close()


def read_month(path: Path) -> Iterator[Line]:
    """Yield the entries of a file.

    :raises ArchiveError: it is no such file, or cannot be read to its end.
    """
    try:
        with path.open("rb") as file:
            yield from read_lines(file)
    except OSError as error:
        raise ArchiveError(
            f"The archive {path} cannot be read", detail=error.strerror or str(error)
        ) from None
    except (EOFError, zlib.error, ValueError, LookupError) as error:
        raise ArchiveError(
            f"{path} is no whole archive of the audit trail",
            detail=f"expected gzip of the format {FORMAT}: {error}",
            hint="Use another copy of it.",
        ) from None


def read_lines(file: BinaryIO) -> Iterator[Line]:
    """Yield the entries of an open file; ValueError, LookupError or EOFError if it is none."""
    with gzip.GzipFile(fileobj=file) as lines:
        head = json.loads(next(iter(lines), b"null"))
        if not isinstance(head, dict) or head.get("format") != FORMAT:
            raise ValueError("its first line says something else")
        for line in lines:
            entry = line.removesuffix(b"\n")
            said = json.loads(entry)
            yield Line(str(said[_TENANT]), str(said[_ID]), int(said[_TRANSACTION]), entry)


def contents_of(path: Path) -> Contents:
    """Read a file to its end, and return what it holds.

    :raises ArchiveError: as read_month.
    """
    contents = Contents()
    for line in read_month(path):
        contents.add(line.tenant_id, line.entry)
    return contents


def hash_of(path: Path) -> bytes:
    """Return SHA-256 of a file.

    :raises ArchiveError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise ArchiveError(f"The archive {path} cannot be read", detail=error.strerror) from None
