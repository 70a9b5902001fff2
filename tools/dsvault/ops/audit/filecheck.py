"""Files of archived months, compared with the seals that vouch for their entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from dsvault.audit.archives import Places
from dsvault.audit.errors import ArchiveError
from dsvault.audit.monthfile import hash_of, read_month
from dsvault.audit.seals import Finding, examine_entries
from dsvault.ops.audit.reading import SealWithLists
from dsvault.queries import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from dsvault.audit.archives import Archive
    from dsvault.audit.monthfile import Line
    from dsvault.db import Session

MISSING = "the file {} of an archive is not there"
CHANGED = "the file {} was changed: it does not have the hash that was recorded"
STRANGE = "slipped into the file {}: no seal of the tenant has it there"


@dataclass(frozen=True, slots=True)
class _Place:
    seal_number: int
    entry_count: int
    before: int


@dataclass(slots=True)
class FileCheck:
    """Compares files; proven tells how many entries of each are as they were sealed."""

    session: Session
    tenant_id: str | None
    archives: Sequence[Archive]
    proven: dict[str, int] = field(default_factory=dict)

    def findings(self, paths: Iterable[Path]) -> Iterator[Finding]:
        """Yield what is wrong with files; of a folder, with all that it should hold.

        :raises ArchiveError: there is no record of a file, or it cannot be read to its end.
        """
        for path in paths:
            if not path.is_dir():
                yield from self._file(path)
                continue
            for archive in {one.file_name: one for one in self.archives}.values():
                file = path / archive.file_name
                if file.exists():
                    yield from self._file(file)
                else:
                    yield Finding(archive.tenant_id, None, None, MISSING.format(archive.file_name))

    def _file(self, path: Path) -> Iterator[Finding]:
        records = [one for one in self.archives if one.file_name == path.name]
        if not records:
            raise ArchiveError(
                f"There is no record of an archive {path.name}",
                detail="a file is known by the name that it had when the month left the trail",
                hint="SELECT * FROM dsvault.audit_archives lists them.",
            )
        file_hash = hash_of(path)
        genuine = [one for one in records if one.file_hash == file_hash]
        amount = faults = 0
        if not genuine:
            faults += 1
            yield Finding(records[0].tenant_id, None, None, CHANGED.format(path.name))
        for one in self._compare(path, genuine or records):
            if isinstance(one, Finding):
                faults += 1
                yield one
            else:
                amount += one
        self.proven[path.name] = 0 if faults else amount

    def _compare(self, path: Path, records: Sequence[Archive]) -> Iterator[Finding | int]:
        """Yield findings, and how many entries of each tenant there are."""
        wanted = {one.tenant_id for one in records if one.entry_count}
        try:
            for tenant, group in groupby(read_month(path), lambda line: line.tenant_id):
                if self.tenant_id in {None, tenant}:
                    wanted.discard(tenant)
                    lines = _Lines(group)
                    yield from self._tenant(tenant, lines, records, path.name)
                    yield lines.count
        except ArchiveError as error:
            yield Finding(records[0].tenant_id, None, None, f"{error.message}: {error.detail}")
            return
        for tenant in sorted(wanted):
            yield from self._tenant(tenant, _Lines(()), records, path.name)

    def _tenant(
        self, tenant: str, lines: _Lines, records: Sequence[Archive], name: str
    ) -> Iterator[Finding]:
        places = Places(one for one in records if one.tenant_id == tenant)
        for seal in self.session.fetch(_Place, load("audit/places"), tenant):
            here = set(places.within(tenant, seal.before, seal.entry_count))
            if not here:
                continue
            [row] = self.session.fetch(SealWithLists, load("audit/seal"), tenant, seal.seal_number)
            found = [(line.id, line.leaf) for line in lines.below(int(row.to_transaction))]
            others = [place for place in range(seal.entry_count) if place not in here]
            for finding in examine_entries(row.seal, row.ids, row.leaf_hashes, found, others):
                yield Finding(
                    finding.tenant_id, finding.seal_number, finding.entry_id,
                    f"{finding.what}, in {name}",
                )  # fmt: skip
        for line in lines.below(None):
            yield Finding(tenant, None, line.id, STRANGE.format(name))


class _Lines:
    """Lines in order of transaction, given out as far as they are asked for, and counted."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = iter(lines)
        self._next = next(self._lines, None)
        self.count = 0

    def below(self, transaction: int | None) -> Iterator[Line]:
        """Yield the lines before one that is not below a transaction; None: all."""
        while (line := self._next) is not None:
            if transaction is not None and line.transaction >= transaction:
                return
            self._next = next(self._lines, None)
            self.count += 1
            yield line
