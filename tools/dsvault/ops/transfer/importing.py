"""Bring a file in as a new version of a dataset."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dsvault.files import open_source
from dsvault.ops.transfer.actor import actor
from dsvault.ops.transfer.columns import TokenColumns, TokenRule, check_columns
from dsvault.ops.transfer.labels import file_digest, file_label
from dsvault.ops.transfer.loading import Loading, VersionRequest, keys_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from dsvault.target import Target

    Progress = Callable[[int], None]

_APPLICATION = "dsvault import"


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What to bring in: a file, as a version of a tenant's dataset.

    user is the address of whose name it is done in, None the tenant's first administrator.
    message None: the file's name. tokens names the columns whose values are replaced by tokens.
    """

    tenant: str
    dataset: str
    path: Path
    user: str | None = None
    message: str | None = None
    is_draft: bool = False
    tokens: Mapping[str, TokenRule] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Imported:
    """The version that was made. resumed_rows were there from an interrupted run before.

    tokens are the values that this run replaced.
    """

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
    tokens: int

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
            "tokens": self.tokens,
        }


def import_file(
    target: Target, request: ImportRequest, progress: Progress = lambda _: None
) -> Imported:
    """Encrypt a file's records into a new version; progress is told how many are stored.

    An interrupted import goes on where it was when the same file is imported again: what was
    stored is kept as a draft, and nothing of it is written twice. Of a faulty file nothing is kept.

    :raises TransferError: the database refused something.
    :raises dsvault.files.FileFormatError: the file is not as its format has it.
    :raises dsvault.crypto.CryptoError: the tenant has no key, or none that can be used.
    :raises dsvault.wrapping.WrapError: a key cannot be unwrapped.
    """
    with actor(target, request.tenant, request.user, application=_APPLICATION) as user:
        keys = keys_of(user)
        rules = {name: rule.as_json() for name, rule in request.tokens.items()}
        wanted = VersionRequest(
            request.dataset,
            file_label(file_digest(request.path), keys.hashes, rules),
            request.message or request.path.name,
            request.is_draft,
        )
        columns = TokenColumns(request.tokens) if request.tokens else None
        with open_source(request.path) as source:
            check_columns(request.path, source, request.tokens)

            def about() -> dict[str, Any]:
                told: dict[str, Any] = {"tokens": rules} if rules else {}
                return {"file": source.description(), **told}

            done = Loading(user, keys, wanted, progress, columns).run(source.records(), about)
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
        tokens=done.tokens,
    )
