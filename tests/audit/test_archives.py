"""Old months leave the trail for files: proven before they go, provable ever after."""

from __future__ import annotations

import gzip
import json
import random
from typing import TYPE_CHECKING

import psycopg
import pytest
from click.testing import CliRunner
from tests.lifecycle.test_partitions import ensure, partitions
from tests.schema.builders import SYSTEM_TENANT, Tenant, new_dataset, new_tenant
from tests.support.actors import as_role
from tests.support.database import new_database

from dsvault.audit.monthfile import contents_of, hash_of
from dsvault.cli import cli
from dsvault.db import connect
from dsvault.ops.audit import archive as archiving
from dsvault.ops.audit import month as writing
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    from tests.support.cluster import Cluster
    from tests.support.database import Database, Deployer

MAY, JUNE = "audit_logs_2019_05", "audit_logs_2019_06"
ARCHIVE = "SELECT dsvault.archive_audit_partition(%s, %s, 'file', sha256('x'), %s)"


def write(conn: psycopg.Connection, tenant: Tenant, month: str, amount: int) -> None:
    """Write entries of an old month, each in a transaction of its own."""
    for number in range(amount):
        conn.execute(
            """INSERT INTO dsvault.audit_logs
                   (tenant_id, action, resource_type, details, created_at)
               VALUES (%s, 'record.read', 'record', jsonb_build_object('said', %s::text), %s)""",
            [tenant.id, f"“{number}”\n", f"{month}-{number + 1:02d}"],
        )


@pytest.fixture(scope="module")
def old(server: Cluster, deployer: Deployer, vault_template: str) -> Iterator[Database]:
    """A vault with two sealed months of 2019 and two tenants, for copies."""
    with new_database(server, deployer, vault_template) as database:
        with psycopg.connect(database.superuser_url, autocommit=True) as conn:
            alpha, beta = (new_tenant(conn, slug) for slug in ("alpha", "beta"))
            write(conn, alpha, "2019-05", 5)
            conn.execute("SELECT FROM dsvault.seal_audit()")
            write(conn, beta, "2019-06", 3)
            write(conn, alpha, "2019-05", 4)
            ensure(conn)
            conn.execute("SELECT FROM dsvault.seal_audit()")
        yield database


@pytest.fixture
def vault(server: Cluster, deployer: Deployer, old: Database) -> Iterator[Database]:
    """A copy of it for one test."""
    with new_database(server, deployer, old.name) as database:
        yield database


@pytest.fixture
def conn(vault: Database) -> Iterator[psycopg.Connection]:
    """A superuser's connection to it."""
    with vault.connect(superuser=True, autocommit=True) as connection:
        yield connection


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the files go."""
    path = tmp_path / "archive"
    path.mkdir()
    return path


def call(vault: Database, *arguments: object) -> tuple[int, dict[str, object], str]:
    """Call a command of `audit`; return its exit code, its answer and its errors."""
    command = ["audit", *map(str, arguments), "--target", vault.url, "--json"]
    result = CliRunner().invoke(cli, command)
    return result.exit_code, json.loads(result.stdout), result.stderr


def archive(vault: Database, folder: Path, *options: str) -> dict[str, str]:
    """Archive what is older than a year; return the state of each month."""
    code, said, error = call(vault, "archive", "--older-than", 12, "--to", folder, *options)
    assert code == 0, error
    months = said["months"]
    assert isinstance(months, list)
    return {month["partition"]: month["state"] for month in months}


def findings(vault: Database, *paths: Path) -> list[tuple[str | None, str]]:
    """Verify the trail and files; return entry and words of each finding."""
    options = [option for path in paths for option in ("--archive", path)]
    code, said, error = call(vault, "verify", *options)
    assert code in {0, 1}, error
    found = said["findings"]
    assert isinstance(found, list)
    assert (code == 1) == bool(found)
    return [(one["entry_id"], one["what"]) for one in found]


def refusal(conn: psycopg.Connection, query: str, *values: object) -> tuple[str | None, str]:
    """Return code and detail of a refusal."""
    with pytest.raises(psycopg.Error) as refused:
        conn.execute(query.encode(), values)
    return refused.value.sqlstate, refused.value.diag.message_detail or ""


def test_months_leave_for_files_that_prove_every_entry(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    before = conn.execute("SELECT count(*) FROM dsvault.audit_logs").fetchone()
    assert archive(vault, folder) == {MAY: "archived", JUNE: "archived"}
    assert not {MAY, JUNE} & set(partitions(conn))
    code, said, _ = call(vault, "verify", "--archive", folder)
    assert (code, said["archived"], said["findings"]) == (0, 12, [])
    assert said["files"] == {f"{MAY}.jsonl.gz": 9, f"{JUNE}.jsonl.gz": 3}
    conn.execute("SELECT FROM dsvault.seal_audit()")
    assert findings(vault, folder) == []
    told = conn.execute(
        """SELECT count(*), sum((details ->> 'entries')::integer) FROM dsvault.audit_logs
           WHERE action = 'audit.archive'"""
    ).fetchone()
    assert told == (4, 12), "two of the tenants, two of the system"
    after = conn.execute("SELECT count(*) FROM dsvault.audit_logs").fetchone()
    assert before is not None
    assert after is not None
    assert after[0] == before[0] - 12 + 4
    contents = contents_of(folder / f"{MAY}.jsonl.gz")
    manifest = json.loads((folder / f"{MAY}.json").read_text())
    assert manifest["contents"] == contents.digest().hex()
    assert manifest["sha256"] == hash_of(folder / f"{MAY}.jsonl.gz").hex()


def test_what_waits_to_be_dropped_is_closed_and_stays_as_it_is(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    archive(vault, folder)
    place = f"dsvault_archive.{MAY}"
    for change in (f"DELETE FROM {place}", f"UPDATE {place} SET action = 'x'", f"TRUNCATE {place}"):
        assert refusal(conn, change)[0] == "DV801"
    for role in ("dsvault_app", "dsvault_operator", "dsvault_auditor", "dsvault_recorder"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), as_role(conn, role):
            conn.execute(f"SELECT FROM {place}".encode())
    assert refusal(conn, "DELETE FROM dsvault.audit_archives")[0] == "DV801"
    assert refusal(conn, "TRUNCATE dsvault.audit_archives")[0] == "DV801"
    assert conn.execute("SELECT count(*) FROM dsvault_facts.everything()").fetchone() == (1,)


def test_a_month_is_dropped_only_while_its_file_is_there_unchanged(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    archive(vault, folder)
    june = folder / f"{JUNE}.jsonl.gz"
    june.rename(folder / "away")
    drop = ("archive", "--older-than", 12, "--to", folder, "--drop")
    code, said, _ = call(vault, *drop)
    months = said["months"]
    assert isinstance(months, list)
    assert (code, [one["state"] for one in months]) == (1, ["dropped", "not dropped"])
    assert months[1]["reason"] == f"its file {JUNE}.jsonl.gz is not in that folder"
    june.write_bytes((folder / "away").read_bytes() + b"\0")
    assert call(vault, *drop)[1]["months"][0]["reason"] == f"its file {JUNE}.jsonl.gz was changed"  # type: ignore[index]
    assert refusal(conn, "SELECT dsvault.drop_archived_partition(%s, sha256('x'))", JUNE)[0] == (
        "DV825"
    )
    (folder / "away").rename(june)
    assert archive(vault, folder, "--drop", "--dry-run") == {JUNE: "would be dropped"}
    assert archive(vault, folder, "--drop") == {JUNE: "dropped"}
    told = conn.execute(
        """SELECT tenant_id, details ->> 'partition' FROM dsvault.audit_logs
           WHERE action = 'audit.drop'"""
    ).fetchall()
    assert set(told) == set(
        conn.execute("SELECT tenant_id, partition_name FROM dsvault.audit_archives").fetchall()
    ), "every tenant whose entries left is told"
    assert len(told) == 4
    assert conn.execute("SELECT count(*) FROM dsvault.archived_audit_partitions()").fetchone() == (
        0,
    )
    assert findings(vault, folder) == []


def test_a_dry_run_tells_what_would_happen_and_why_not(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    conn.execute(
        """UPDATE dsvault.tenants SET settings = settings || '{"legal_hold": true}'
           WHERE slug = 'beta'"""
    )
    assert archive(vault, folder, "--dry-run") == {MAY: "would be archived", JUNE: "stays"}
    assert list(folder.iterdir()) == []
    assert {MAY, JUNE} <= set(partitions(conn))
    assert archive(vault, folder) == {MAY: "archived", JUNE: "stays"}


def test_each_reason_keeps_a_month_in_the_trail(vault: Database, conn: psycopg.Connection) -> None:
    none = bytes(32)
    this = conn.execute("SELECT to_char(now() AT TIME ZONE 'UTC', '\"audit_logs_\"YYYY_MM')")
    for name in ("audit_logs_default", "tenants", None, *(row[0] for row in this.fetchall())):
        assert refusal(conn, ARCHIVE, name, 12, none)[0] == "DV821", name
    for months in (0, 1201, None):
        assert refusal(conn, ARCHIVE, MAY, months, none)[0] == "DV821"
    assert refusal(conn, ARCHIVE, MAY, 1200, none) == ("DV822", "not older than 1200 months")
    assert refusal(conn, ARCHIVE, MAY, 12, none)[0] == "DV824", "the file holds something else"
    row = conn.execute("SELECT tenant_id FROM dsvault.users WHERE email LIKE 'admin@alpha%'")
    [(alpha,)] = row.fetchall()
    conn.execute(
        """UPDATE dsvault.datasets SET retention_policy = '{"legal_hold": true}'
           WHERE tenant_id = %s""",
        [alpha],
    )
    conn.execute(
        "UPDATE dsvault.tenants SET settings = '{\"legal_hold\": true}' WHERE id = %s", [alpha]
    )
    assert refusal(conn, ARCHIVE, MAY, 12, none) == ("DV822", f"legal hold of tenant {alpha}")
    conn.execute(
        """INSERT INTO dsvault.audit_logs (tenant_id, action, resource_type, created_at)
           VALUES (%s, 'x.y', 'x', '2019-05-31')""",
        [SYSTEM_TENANT],
    )
    assert refusal(conn, ARCHIVE, MAY, 12, none) == ("DV822", "1 entries are not sealed yet")


def test_the_hold_of_one_dataset_keeps_the_months_of_its_tenant(
    vault: Database, conn: psycopg.Connection, folder: Path
) -> None:
    [(tenant, admin)] = conn.execute(
        "SELECT tenant_id, id FROM dsvault.users WHERE email LIKE 'admin@alpha%'"
    ).fetchall()
    dataset = new_dataset(conn, Tenant(tenant, admin))
    conn.execute(
        """UPDATE dsvault.datasets SET retention_policy = '{"legal_hold": true}' WHERE id = %s""",
        [dataset],
    )
    conn.execute("SELECT FROM dsvault.seal_audit()")
    assert archive(vault, folder) == {MAY: "stays", JUNE: "archived"}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE dsvault.audit_logs SET action = 'x.y' WHERE id = %s",
        "UPDATE dsvault.audit_logs SET id = gen_random_uuid() WHERE id = %s",
        "UPDATE dsvault.audit_logs SET created_at = created_at + interval '1 hour' WHERE id = %s",
    ],
)
def test_a_month_with_an_entry_that_was_altered_does_not_leave(
    vault: Database, conn: psycopg.Connection, folder: Path, change: str
) -> None:
    conn.execute("SET session_replication_role = replica")
    [(entry,)] = conn.execute(f"SELECT id FROM dsvault.{MAY} LIMIT 1".encode()).fetchall()
    conn.execute(change.encode(), [entry])
    code, said, _ = call(vault, "archive", "--older-than", 12, "--to", folder)
    assert (code, "is not as it was sealed" in str(said["error"])) == (2, True)
    assert MAY in partitions(conn)


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


def test_operators_let_months_go_and_nobody_else(conn: psycopg.Connection) -> None:
    with as_role(conn, "dsvault_operator"):
        conn.execute("SELECT FROM dsvault.audit_months(12)")
        assert refusal(conn, ARCHIVE, MAY, 12, bytes(32))[0] == "DV824"
    for role in ("dsvault_app", "dsvault_auditor", "dsvault_definer", "dsvault_reader"):
        for query in (
            "SELECT FROM dsvault.audit_months(12)",
            f"SELECT dsvault.archive_audit_partition('{MAY}', 12, 'f', '', '')",
            f"SELECT dsvault.drop_archived_partition('{MAY}', '')",
            "SELECT FROM dsvault.archived_audit_partitions()",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), as_role(conn, role):
                conn.execute(query.encode())


def test_an_auditor_proves_what_left_of_his_own_tenant(
    vault: Database,
    conn: psycopg.Connection,
    folder: Path,
    make_login: Callable[..., tuple[str, str]],
) -> None:
    archive(vault, folder)
    [(tenant, admin)] = conn.execute(
        "SELECT tenant_id, id FROM dsvault.users WHERE email LIKE 'admin@alpha%'"
    ).fetchall()
    url = vault.url_as(*make_login("dsvault_auditor"))
    command = ["audit", "verify", "--target", url, "--json", "--archive", str(folder)]
    result = CliRunner().invoke(cli, [*command, "--tenant", str(tenant), "--user", str(admin)])
    said = json.loads(result.stdout)
    assert (result.exit_code, said["archived"]) == (0, 9), said
    assert said["files"] == {f"{MAY}.jsonl.gz": 9}
