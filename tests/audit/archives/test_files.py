"""What was altered in a file of an archived month, or in what vouches for it, is found."""

from __future__ import annotations

import gzip
import json
import random
from typing import TYPE_CHECKING

from tests.audit.archives.months import JUNE, MAY, archive, findings
from tests.schema.builders import SYSTEM_TENANT

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    from tests.support.database import Database


def lines_of(path: Path) -> list[bytes]:
    return gzip.decompress(path.read_bytes()).splitlines(keepends=True)


def id_of(line: bytes) -> str:
    return str(json.loads(line)[0])


def tampered(lines: list[bytes], kind: str, at: int) -> tuple[list[bytes], str, str]:
    """Return other lines, and what is found first of which entry."""
    entry = id_of(lines[at])
    if kind == "alter":
        changed = lines[at].replace(b"record.read", b"record.skip")
        return [*lines[:at], changed, *lines[at + 1 :]], entry, "altered"
    if kind == "remove":
        return [*lines[:at], *lines[at + 1 :]], entry, "removed"
    other = "0" * 8 + entry[8:]
    slipped = lines[at].replace(entry.encode(), other.encode())
    return [*lines[:at], slipped, *lines[at:]], other, "slipped in"


def test_a_file_that_was_tampered_with_is_found_and_the_first_entry_named(
    vault: Database, folder: Path
) -> None:
    archive(vault, folder, "--drop")
    path = folder / f"{MAY}.jsonl.gz"
    genuine = lines_of(path)
    chance = random.Random(7)  # noqa: S311 - to be repeated, no secret
    for kind in ("alter", "remove", "slip in") * 4:
        lines, entry, what = tampered(genuine, kind, chance.randrange(1, len(genuine)))
        path.write_bytes(gzip.compress(b"".join(lines)))
        [changed, first, *_] = findings(vault, path)
        assert "was changed" in changed[1]
        assert (first[0], first[1].startswith(what)) == (entry, True), (kind, first)
    path.write_bytes(gzip.compress(b"".join([genuine[0], *reversed(genuine[1:])])))
    assert len(findings(vault, path)) > 1
    path.write_bytes(gzip.compress(genuine[0]))
    assert len(findings(vault, path)) == 1 + 9
    path.write_bytes(gzip.compress(b"".join(genuine))[:-40])
    assert "no whole archive" in findings(vault, path)[1][1]
    path.unlink()
    assert findings(vault, folder) == [
        (None, f"the file {MAY}.jsonl.gz of an archive is not there")
    ]


def test_a_record_of_an_archive_that_nobody_made_is_found(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    """Otherwise whoever removes an entry would write down that it had left."""
    conn.execute("SET session_replication_role = replica")
    [(tenant,)] = conn.execute(f"SELECT DISTINCT tenant_id FROM dsvault.{JUNE}".encode()).fetchall()
    conn.execute(
        """INSERT INTO dsvault.audit_archives
           VALUES (%s, gen_random_uuid(), 'p', '2019-06-01', '2019-07-01', 3, '{[1,100)}',
               sha256('x'), 'f', sha256('x'), now())""",
        [tenant],
    )
    conn.execute(f"DELETE FROM dsvault.{JUNE}".encode())
    untold = "what is written down of archives is not what the trail tells of them"
    assert [what for _, what in findings(vault)] == [untold]
    conn.execute("DELETE FROM dsvault.audit_archives")
    archive(vault, folder)
    conn.execute("UPDATE dsvault.audit_archives SET entry_count = 4 WHERE entry_count = 9")
    assert findings(vault)[-1] == (None, untold)


def test_the_newest_archive_vouches_for_those_before_it(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    """The entries of older ones leave the trail with their months."""
    archive(vault, folder)
    conn.execute("SET session_replication_role = replica")
    older = conn.execute(
        """DELETE FROM dsvault.audit_logs WHERE tenant_id = %s AND action = 'audit.archive'
               AND details ->> 'partition' = %s""",
        [SYSTEM_TENANT, MAY],
    )
    assert older.rowcount == 1
    assert findings(vault) == []
    conn.execute(
        "UPDATE dsvault.audit_archives SET file_name = 'x' WHERE tenant_id = %s AND to_time < %s",
        [SYSTEM_TENANT, "2019-06-30"],
    )
    assert len(findings(vault)) == 1
