"""The plan as sqlx migrations: run as sqlx runs them, they make and remove the same schema."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

import pytest
from psycopg import pq
from tests.runner.toys import Toy, ours, tables

from dsvault.paths import project_root

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    from tests.support.database import Database

TABLE = (
    "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version bigint PRIMARY KEY, description text NOT"
    " NULL, installed_on timestamptz NOT NULL DEFAULT now(), success boolean NOT NULL,"
    " checksum bytea NOT NULL, execution_time bigint NOT NULL)"
)


class Sqlx:
    """What sqlx does with a folder of migrations, as far as a database can tell."""

    def __init__(self, conn: psycopg.Connection, folder: Path) -> None:
        self.conn = conn
        self.ups: dict[int, tuple[str, bytes]] = {}
        for path in folder.glob("*.up.sql"):
            version, name = path.name.split("_", 1)
            description = name.removesuffix(".up.sql").replace("_", " ")
            self.ups[int(version)] = description, path.read_bytes()
        self.downs = {
            int(path.name.split("_", 1)[0]): path.read_bytes() for path in folder.glob("*.down.sql")
        }

    def pending(self) -> list[int]:
        """Return what is not applied, after the checks that sqlx makes of what is."""
        self._send(TABLE.encode())
        rows = self.conn.execute("SELECT version, success, checksum FROM _sqlx_migrations")
        applied = {}
        for version, success, checksum in rows:
            assert success
            assert version in self.ups, f"migration {version} is missing"
            digest = hashlib.sha384(self.ups[version][1]).digest()
            assert checksum == digest, f"migration {version} was modified"
            applied[version] = checksum
        return sorted(set(self.ups) - set(applied))

    def run(self) -> None:
        for version in self.pending():
            description, text = self.ups[version]
            checksum = hashlib.sha384(text).hexdigest()
            values = f"{version}, '{description}', now(), true, '\\x{checksum}', -1"
            row = f"INSERT INTO _sqlx_migrations VALUES ({values})"
            self._apply(text, row)

    def revert(self) -> None:
        for version in sorted(self.downs, reverse=True):
            row = f"DELETE FROM _sqlx_migrations WHERE version = {version}"
            self._apply(self.downs[version], row)

    def _apply(self, text: bytes, row: str) -> None:
        if text.startswith(b"-- no-transaction"):
            self._send(text)
            self._send(row.encode())
            return
        self._send(b"BEGIN")
        self._send(text)
        self._send(row.encode())
        self._send(b"COMMIT")

    def _send(self, text: bytes) -> None:
        """Send text as one message of the simple protocol, as sqlx does."""
        result = self.conn.pgconn.exec_(text)
        assert result.status != pq.ExecStatus.FATAL_ERROR, (result.error_message, text[:2000])


@pytest.fixture
def place(empty_database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("DSVAULT_TARGET", empty_database.url)
    return empty_database


def facts(conn: psycopg.Connection) -> list[str]:
    """Return every fact about the vault's schemas, but for whose database it is."""
    return [fact for (fact,) in conn.execute("SELECT unnest(dsvault_facts.everything())")]


def test_our_own_plan_makes_the_same_schema_and_leaves_nothing(
    vault: Database, place: Database, tmp_path: Path
) -> None:
    ran = ours("export", "sqlx", tmp_path, "-f", project_root() / "sqitch.plan")
    assert ran.code == 0, ran.err
    with place.connect(autocommit=True) as conn, vault.connect() as original:
        sqlx = Sqlx(conn, tmp_path)
        sqlx.run()
        assert sqlx.pending() == []
        assert facts(conn) == facts(original)
        sqlx.revert()
        rows = conn.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'dsvault%'")
        assert rows.fetchall() == []


def test_files_are_named_by_planned_time_and_change(toy: Toy, tmp_path: Path) -> None:
    toy.change("app/t1").tag("v1").change("T-2.b")
    ran = ours("export", "sqlx", tmp_path / "out")
    assert ran.out.startswith("Written: 4 files below ")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "20240506070001_app_t1.down.sql",
        "20240506070001_app_t1.up.sql",
        "20240506070003_t_2_b.down.sql",
        "20240506070003_t_2_b.up.sql",
    ]
    for path in (tmp_path / "out").iterdir():
        assert re.fullmatch(r"\d{14}_\w+\.(up|down)\.sql", path.name)


def test_versions_rise_in_the_plans_order_and_stay_when_it_grows(toy: Toy, tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        toy.change(name)
    plan = (toy.folder / "sqitch.plan").read_text()
    same = re.sub(r"07:00:0\d", "07:00:01", plan)  # all at the same second
    toy.write("sqitch.plan", same)
    ours("export", "sqlx", tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("2024*")}
    assert [name for name in sorted(before) if "up" in name] == [
        "20240506070001_b.up.sql",
        "20240506070002_a.up.sql",
        "20240506070003_c.up.sql",
    ]
    toy.script("deploy", "d", "SELECT 4;").script("revert", "d", "SELECT 5;")
    toy.write("sqitch.plan", f"{same}d 2024-05-06T07:00:01Z Ada <ada@x.org>\n")
    ours("export", "sqlx", tmp_path)
    after = {path.name: path.read_bytes() for path in tmp_path.glob("2024*")}
    assert before.items() < after.items()
    # A rework too adds files and changes none.
    for kind in ("deploy", "revert"):
        toy.write(f"{kind}/a@v1.sql", (toy.folder / kind / "a.sql").read_text())
        toy.script(kind, "a", f"SELECT '{kind}';")
    by = "2024-05-06T07:00:02Z Ada <ada@x.org>"
    plan = (toy.folder / "sqitch.plan").read_text()
    toy.write("sqitch.plan", f"{plan}@v1 {by}\na [a@v1] {by}\n")
    ran = ours("export", "sqlx", tmp_path)
    assert "another content" not in ran.out
    assert "not of this plan" not in ran.out
    reworked = {path.name: path.read_bytes() for path in tmp_path.glob("2024*")}
    assert after.items() < reworked.items()
    assert len(reworked) == len(after) + 2


def test_an_edited_script_is_told(toy: Toy, tmp_path: Path) -> None:
    toy.change("t1").change("t2")
    ours("export", "sqlx", tmp_path)
    toy.script("deploy", "t1", "CREATE TABLE t1 (b int);")
    (tmp_path / "20200101000000_own.sql").write_text("SELECT 1;")
    ran = ours("export", "sqlx", tmp_path)
    assert "20240506070001_t1.up.sql had another content" in ran.out
    assert "_t2.up.sql" not in ran.out
    assert "20200101000000_own.sql is not of this plan and was left" in ran.out


def test_a_transaction_of_the_script_is_sqlxs_and_its_settings_end_with_it(
    toy: Toy, place: Database, tmp_path: Path
) -> None:
    role = "pg_database_owner"
    toy.change(
        "t1",
        f"-- Why: a reason.\nBEGIN;\n\nSET LOCAL ROLE {role};\nSET search_path = 'nowhere';\n"
        "CREATE TABLE public.t1 (a int);  -- COMMIT; in a comment\n\nCOMMIT;\n",
    ).change("t2", "CREATE TABLE t2 (a int)")
    toy.change("t3", "BEGIN;\nCREATE TABLE gone ();\nROLLBACK;\nBEGIN;CREATE TABLE t3 ();COMMIT;")
    ours("export", "sqlx", tmp_path)
    text = (tmp_path / "20240506070001_t1.up.sql").read_text()
    assert "BEGIN" not in text
    assert "-- Why: a reason." in text
    with place.connect(superuser=True, autocommit=True) as conn:
        sqlx = Sqlx(conn, tmp_path)
        sqlx.run()
        assert tables(conn) == {"t1", "t2", "t3", "_sqlx_migrations"}
        assert conn.execute("SHOW search_path").fetchone() != ("nowhere",)
        sqlx.revert()
        assert tables(conn) == {"_sqlx_migrations"}


def test_what_no_transaction_can_hold_becomes_a_file_for_each_step(
    toy: Toy, place: Database, tmp_path: Path
) -> None:
    toy.change("t1")
    toy.change(
        "index",
        "DROP INDEX CONCURRENTLY IF EXISTS t1_a;\nCREATE INDEX CONCURRENTLY t1_a ON t1 (a);\n"
        "BEGIN;\nCREATE TABLE t2 (a int);\nCOMMIT;\n",
        "DROP TABLE t2;\nDROP INDEX CONCURRENTLY t1_a;",
    )
    ours("export", "sqlx", tmp_path)
    names = sorted(path.name for path in tmp_path.glob("*index*up.sql"))
    assert names == [f"2024050607000{n + 1}_index_{n}_of_3.up.sql" for n in (1, 2, 3)]
    with place.connect(autocommit=True) as conn:
        sqlx = Sqlx(conn, tmp_path)
        sqlx.run()
        assert tables(conn) == {"t1", "t2", "_sqlx_migrations"}
        assert conn.execute("SELECT to_regclass('t1_a')").fetchone() != (None,)
        sqlx.revert()
        assert tables(conn) == {"_sqlx_migrations"}


def test_what_cannot_be_exported_is_named_and_nothing_is_written(toy: Toy, tmp_path: Path) -> None:
    toy.change("two", "BEGIN;\nPREPARE TRANSACTION 'x';\n").planned("missing")
    toy.change("set", "SET work_mem = '1MB';\nVACUUM;\n").change("psql", "SELECT 1 \\gexec\n")
    ran = ours("export", "sqlx", tmp_path / "out")
    assert ran.code == 2
    assert "deploy/missing.sql does not exist" in ran.err
    assert "deploy/set.sql prepares or chains transactions, or sets something" in ran.err
    assert "deploy/psql.sql can be run by psql only" in ran.err
    assert "Nothing was exported" in ran.err
    assert not (tmp_path / "out").exists()


def test_a_change_without_a_revert_script_refuses_to_go_down(
    toy: Toy, place: Database, tmp_path: Path
) -> None:
    toy.change("t1")
    (toy.folder / "revert" / "t1.sql").unlink()
    ours("export", "sqlx", tmp_path)
    [down] = tmp_path.glob("*.down.sql")
    assert "RAISE EXCEPTION 'The change t1 has no revert script'" in down.read_text()


def test_after_a_baseline_sqlx_accepts_what_was_deployed(
    toy: Toy, place: Database, tmp_path: Path
) -> None:
    toy.change("t1").change("t2").change("index", "CREATE INDEX CONCURRENTLY i ON t1 (a); VACUUM;")
    toy.change("t3")
    assert ours("deploy", "--to", "index").code == 0
    ran = ours("export", "sqlx", tmp_path, "--baseline", "--json")
    assert ran.code == 0, ran.err
    content = json.loads(ran.out)
    assert (content["added"], content["known"]) == (4, 0)
    with place.connect(autocommit=True) as conn:
        sqlx = Sqlx(conn, tmp_path)
        assert [sqlx.ups[version][0] for version in sqlx.pending()] == ["t3"]
        sqlx.run()
        assert sqlx.pending() == []
    ran = ours("export", "sqlx", tmp_path, "--baseline")
    told, ahead = ran.out.splitlines()[-2:]
    assert told.endswith("0 migrations recorded, 5 known before")
    assert "_t3 is recorded, but not deployed" in ahead


def test_what_was_reverted_since_a_baseline_is_told(
    toy: Toy, place: Database, tmp_path: Path
) -> None:
    toy.change("t1").change("t2")
    ours("deploy")
    ours("export", "sqlx", tmp_path, "--baseline")
    ours("revert", "--to", "t1", "-y")
    content = json.loads(ours("export", "sqlx", tmp_path, "--baseline", "--json").out)
    assert (content["added"], content["known"]) == (0, 2)
    assert content["ahead"] == ["20240506070002_t2"]
    with place.connect(autocommit=True) as conn:
        conn.execute("DELETE FROM _sqlx_migrations WHERE description = 't2'")
        assert Sqlx(conn, tmp_path).pending() == [20240506070002]


def test_a_baseline_refuses_another_checksum_and_an_empty_database(
    toy: Toy, place: Database, tmp_path: Path
) -> None:
    toy.change("t1")
    ran = ours("export", "sqlx", tmp_path, "--baseline")
    assert ran.code == 2
    assert "Have you ever deployed?" in ran.err
    ours("deploy")
    ours("export", "sqlx", tmp_path, "--baseline")
    toy.script("deploy", "t1", "CREATE TABLE t1 (b int);")
    ran = ours("export", "sqlx", tmp_path, "--baseline")
    assert ran.code == 2
    assert "recorded in _sqlx_migrations with another checksum" in ran.err
    assert "20240506070001_t1" in ran.err


def test_the_whole_plan_as_one_file_makes_the_same_schema(
    vault: Database, place: Database, tmp_path: Path
) -> None:
    file = tmp_path / "schema.sql"
    ran = ours("export", "schema", file, "-f", project_root() / "sqitch.plan")
    assert (ran.code, ran.lines[0]) == (0, f"Written: {file}"), ran.err
    with place.connect(autocommit=True) as conn, vault.connect() as original:
        result = conn.pgconn.exec_(file.read_bytes())
        assert result.status != pq.ExecStatus.FATAL_ERROR, result.error_message
        assert facts(conn) == facts(original)
    # What the file made is adopted, each change by its verify script.
    ran = ours("deploy", "--log-only", "--verify", "-f", project_root() / "sqitch.plan")
    assert ran.code == 0, ran.err
    assert ours("check", "-f", project_root() / "sqitch.plan").code == 0


def test_one_file_holds_what_no_transaction_can(toy: Toy, tmp_path: Path) -> None:
    toy.change("t1").change("index", "CREATE INDEX CONCURRENTLY i ON t1 (a);\n")
    file = tmp_path / "schema.sql"
    ours("export", "schema", file)
    text = file.read_text()
    before, after = text.split("CREATE INDEX CONCURRENTLY")
    assert before.rstrip().endswith("COMMIT;")
    assert after.count("BEGIN;") == after.count("COMMIT;") == 1
