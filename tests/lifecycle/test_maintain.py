"""`dsvault maintain`: what is due is done, twice is once, and a scheduler can call it."""

from __future__ import annotations

import json
import pwd
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from tests.lifecycle.test_partitions import entry, partitions
from tests.lifecycle.test_retention import OLD, aged
from tests.schema.builders import new_key

from dsvault.cli import cli
from dsvault.cli.itself import as_scheduled
from dsvault.cli.scheduling import schedule_lines
from dsvault.schedules import calendar_of
from dsvault.target import parse_target

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psycopg import Connection
    from tests.schema.builders import Tenant
    from tests.support.database import Database


def run(url: str, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["maintain", "--target", url, *arguments])


def amounts(result: Result) -> dict[str, int]:
    found: dict[str, int] = {}
    for task in json.loads(result.stdout)["tasks"]:
        found[task["task"]] = found.get(task["task"], 0) + task["amount"]
    found.pop("seals", None)
    return found


def prepare(conn: Connection, tenant: Tenant) -> None:
    aged(conn, tenant, {"duration_days": 30, "action": "delete"}, records=5)
    new_key(conn, tenant, key_type="backup", expires_at=OLD)
    entry(conn, tenant, "2019-05-05")
    conn.commit()


def test_what_is_due_is_done_and_done_once(
    vault: Database, conn: Connection, alpha: Tenant
) -> None:
    prepare(conn, alpha)
    arguments = ("--json", "--batch-rows", "2", "--months-ahead", "5")
    first = run(vault.url, *arguments)
    assert first.exit_code == 0, first.output
    assert amounts(first) == {"partitions": 3, "expiry": 1, "usage": 0, "retention": 6}
    assert "audit_logs_2019_05" in partitions(conn)
    second = run(vault.url, *arguments)
    assert set(amounts(second).values()) == {0}


def test_the_report_can_be_read_and_a_dry_run_changes_nothing(
    vault: Database, conn: Connection, alpha: Tenant
) -> None:
    prepare(conn, alpha)
    dry = run(vault.url, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert "alpha" in dry.stdout
    assert "delete" in dry.stdout
    assert json.loads(run(vault.url, "--dry-run", "--json").stdout)["due"][0]["blocked_by"] is None
    assert conn.execute("SELECT count(*) FROM dsvault.records").fetchone() == (5,)
    report = run(vault.url)
    assert "alpha: 6 versions and records archived or removed" in report.stdout
    assert "Retention is due for nothing." in run(vault.url, "--dry-run").stdout


def test_old_audit_months_are_shown_and_archived_only_when_that_is_asked_for(
    vault: Database, conn: Connection, alpha: Tenant, tmp_path: Path
) -> None:
    entry(conn, alpha, "2019-05-05")
    conn.commit()
    run(vault.url)
    dry = run(vault.url, "--dry-run")
    assert "audit_logs_2019_05, 1 audit entries: could be archived" in dry.stdout
    [month] = json.loads(run(vault.url, "--dry-run", "--json").stdout)["audit_months"]
    assert (month["partition_name"], month["blocked_by"]) == ("audit_logs_2019_05", None)
    assert "audit_logs_2019_05" in partitions(conn)
    conn.commit()
    report = run(vault.url, "--archive-to", str(tmp_path), "--archive-drop", "--json")
    assert amounts(report)["archive"] == 2, "one archived, one dropped"
    assert "audit_logs_2019_05" not in partitions(conn)
    assert (tmp_path / "audit_logs_2019_05.jsonl.gz").exists()


def test_an_operator_s_login_maintains_and_a_scheduler_calls_one_procedure(
    vault: Database, conn: Connection, alpha: Tenant, make_login: Callable[..., tuple[str, str]]
) -> None:
    prepare(conn, alpha)
    operator, reader = make_login("dsvault_operator"), make_login("dsvault_reader")
    refused = run(vault.url_as(*reader))
    assert refused.exit_code == 2
    import psycopg

    with psycopg.connect(vault.url_as(*operator), autocommit=True) as login:
        login.execute("CALL dsvault.maintain()")
    assert conn.execute("SELECT count(*) FROM dsvault.records").fetchone() == (0,)
    conn.commit()
    assert set(amounts(run(vault.url_as(*operator), "--json")).values()) == {0}


def test_two_maintainers_at_once_do_it_once(
    vault: Database, conn: Connection, alpha: Tenant
) -> None:
    prepare(conn, alpha)

    def call(_: int) -> None:
        with vault.connect(superuser=True, autocommit=True) as other:
            other.execute("CALL dsvault.maintain(6)")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(call, range(3)))
    assert set(amounts(run(vault.url, "--json")).values()) == {0}
    assert conn.execute("SELECT count(*) FROM dsvault.records").fetchone() == (0,)


def test_without_pg_cron_a_crontab_line_and_a_timer_are_printed(vault: Database) -> None:
    told = run(vault.url, "--install-cron")
    assert told.exit_code == 0, told.output
    assert f"17 3 * * * {as_scheduled()} maintain --target" in told.stdout
    assert "OnCalendar=*-*-* 03:17:00" in told.stdout
    assert vault.deployer.password not in told.stdout
    assert json.loads(run(vault.url, "--install-cron", "--json").stdout)["scheduled"] is False


def test_what_is_printed_for_cron_and_systemd_names_the_database_to_them() -> None:
    uri = "postgresql://dba:secret@/vault?host=%2Frun%2Fpostgresql"
    lines = schedule_lines(parse_target(uri, environ={}), "17 3 * * *", [], is_done=False)
    command = f"{as_scheduled()} maintain --target 'postgresql://dba@/vault?host="
    assert lines[2].startswith(f"17 3 * * * {command}" + r"\%2Frun\%2F")
    assert lines[-1].startswith(f"ExecStart={command}%%2Frun%%2F")
    assert "secret" not in "".join(lines)


def test_what_is_printed_finds_the_embedded_server_where_it_was_put(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DSVAULT_DATA_DIR", "DSVAULT_PG_BIN", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    embedded = parse_target("postgresql://x@/vault", environ={}).but(is_embedded=True)
    command = f"{as_scheduled()} maintain"
    lines = schedule_lines(embedded, "17 3 * * *", [], is_done=False)
    assert (lines[2], lines[-1]) == (f"17 3 * * * {command}", f"ExecStart={command}")
    assert not [line for line in lines if line.startswith("Environment=")]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DSVAULT_DATA_DIR", "100 % mine")
    monkeypatch.setenv("DSVAULT_PG_BIN", "16")
    lines = schedule_lines(embedded, "17 3 * * *", [], is_done=False)
    settings = rf"DSVAULT_DATA_DIR='{tmp_path}/100 \% mine' DSVAULT_PG_BIN=16"
    assert lines[2] == f"17 3 * * * {settings} {command}"
    assert [line for line in lines if line.startswith("Environment=")] == [
        f'Environment="DSVAULT_DATA_DIR={tmp_path}/100 %% mine"',
        'Environment="DSVAULT_PG_BIN=16"',
    ]


def test_a_timer_runs_as_whoever_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def timer(uid: int) -> str:
        monkeypatch.setattr("os.geteuid", lambda: uid)
        target = parse_target("postgresql://dba@db/vault", environ={})
        return "\n".join(schedule_lines(target, "17 3 * * *", [], is_done=False))

    nobody = pwd.getpwnam("nobody")
    assert "User=" not in timer(0)
    assert "\nUser=nobody\n" in timer(nobody.pw_uid)
    assert "\nUser=1234567\n" in timer(1234567)


def test_a_schedule_has_the_times_and_the_options_that_were_given(
    vault: Database, tmp_path: Path
) -> None:
    options = ("--times", "30 4 * * 1-5", "--archive-to", str(tmp_path), "--months-ahead", "6")
    told = run(vault.url, "--install-cron", *options).stdout
    assert "OnCalendar=Mon..Fri *-*-* 04:30:00" in told
    command = f"--months-ahead 6 --archive-to {tmp_path}"
    assert [line.split()[0] for line in told.splitlines() if line.endswith(command)] == [
        "30",
        f"ExecStart={as_scheduled()}",
    ]
    never = run(vault.url, "--install-cron", "--times", "at noon")
    assert (never.exit_code, "no times of cron" in never.stderr) == (2, True)


@pytest.mark.parametrize(
    ("times", "calendar"),
    [
        ("17 3 * * *", "*-*-* 03:17:00"),
        ("*/15 * * * *", "*-*-* *:00/15:00"),
        ("5,35 8-18/2 1 */3 *", "*-01/3-01 08..18/2:05,35:00"),
        ("0 0 * * 0", "Sun *-*-* 00:00:00"),
        ("0 0 * * 1,3-5", "Mon,Wed..Fri *-*-* 00:00:00"),
        ("0 0 1 * 1", None),
        ("0 0 * jan *", None),
    ],
)
def test_systemd_is_told_what_cron_is_told(times: str, calendar: str | None) -> None:
    assert calendar_of(times) == calendar
