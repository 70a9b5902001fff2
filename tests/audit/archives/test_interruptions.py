"""Wherever archiving is cut off, or the folder fails it, nothing is lost."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from tests.audit.archives.months import JUNE, MAY, archive, call, findings
from tests.lifecycle.test_partitions import partitions

from dsvault.db import connect
from dsvault.ops.audit import archive as archiving
from dsvault.ops.audit import month as writing
from dsvault.target import parse_target

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    import psycopg
    from tests.support.database import Database


class Stop(BaseException):
    """What a killed process does not live to see."""


STEPS = [(writing, point) for point in ("_export", "_flush", "contents_of")]
STEPS += [(archiving, point) for point in ("hash_of", "describe", "_as_operator")]


@pytest.mark.parametrize(
    ("when", "step"),
    [*(("after", step) for step in STEPS), ("before", (archiving, "_as_operator"))],
    ids=str,
)
def test_whenever_it_is_cut_off_the_next_run_goes_on(
    vault: Database,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: tuple[ModuleType, str],
    when: str,
) -> None:
    """Each step in turn, and each time that it is called."""
    module, point = step
    (folder / f".{MAY}.jsonl.gz.of-a-killed-one").touch()
    genuine = getattr(module, point)
    for turn in range(1, 12):
        calls = 0

        def stop(*arguments: object, turn: int = turn) -> object:
            nonlocal calls
            calls += 1
            if calls == turn and when == "before":
                raise Stop
            answer = genuine(*arguments)
            if calls == turn:
                raise Stop
            return answer

        monkeypatch.setattr(module, point, stop)
        request = archiving.Request(12, folder, drop=True)
        try:
            archiving.archive_months(parse_target(vault.url), request)
        except Stop:
            monkeypatch.setattr(module, point, genuine)
            assert [what for _, what in findings(vault)] == []
            continue
        break
    monkeypatch.setattr(module, point, genuine)
    archive(vault, folder, "--drop")
    assert findings(vault, folder) == []
    code, said, _ = call(vault, "verify", "--archive", folder)
    assert (code, said["archived"]) == (0, 12)
    assert {path.name for path in folder.iterdir()} == {
        f"{name}{ending}" for name in (MAY, JUNE) for ending in (".json", ".jsonl.gz")
    }


def test_a_reader_makes_it_wait_not_longer_than_it_said_and_loses_nothing(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    conn.execute(
        """ALTER FUNCTION dsvault.archive_audit_partition(text, integer, text, bytea, bytea)
           SET lock_timeout = '50ms'"""
    )
    with vault.connect(superuser=True) as reader:
        count = "SELECT count(*) FROM dsvault.audit_logs WHERE created_at < '2020-01-01'"
        assert reader.execute(count).fetchone() == (12,)
        code, said, _ = call(vault, "archive", "--older-than", 12, "--to", folder)
        assert (code, "lock timeout" in str(said["error"])) == (2, True)
        assert reader.execute(count).fetchone() == (12,)
        reader.rollback()
    assert archive(vault, folder) == {MAY: "archived", JUNE: "archived"}
    assert findings(vault, folder) == []


def test_another_file_of_that_name_is_not_taken_for_the_month(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    path = folder / f"{MAY}.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"format": "dsvault audit archive 1"}\n'))
    code, said, _ = call(vault, "archive", "--older-than", 12, "--to", folder)
    assert (code, "does not hold" in str(said["error"])) == (2, True)
    path.write_bytes(b"something else")
    code, said, _ = call(vault, "archive", "--older-than", 12, "--to", folder)
    assert (code, "does not hold" in str(said["error"])) == (2, True)
    assert MAY in partitions(conn)


def test_a_file_that_was_damaged_meanwhile_is_said_to_be(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    path = folder / f"{MAY}.jsonl.gz"
    assert archive(vault, folder, "--dry-run")
    writing.write_month(parse_target(vault.url), month_of(vault, MAY), path)
    genuine = path.read_bytes()
    for place in (12, len(genuine) // 2, len(genuine) - 6):
        path.write_bytes(genuine[:place] + bytes([genuine[place] ^ 0xFF]) + genuine[place + 1 :])
        code, said, _ = call(vault, "archive", "--older-than", 12, "--to", folder)
        assert (code, "does not hold" in str(said["error"])) == (2, True), place
    assert MAY in partitions(conn)


def test_a_folder_that_cannot_be_written_is_said_to_be(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    (folder / f".{MAY}.json.partial").mkdir()
    code, said, _ = call(vault, "archive", "--older-than", 12, "--to", folder)
    assert (code, "cannot be written" in str(said["error"])) == (2, True)
    assert MAY in partitions(conn)


def month_of(vault: Database, name: str) -> writing.Month:
    with connect(parse_target(vault.url), application_name="tests") as session:
        [month] = [one for one in archiving.past_months(session, 12) if one.partition_name == name]
    return month
