"""`dsvault doctor`: exit codes, JSON, thresholds, remedies, and what it could not see."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from dsvault.cli import cli
from dsvault.paths import project_root

if TYPE_CHECKING:
    from click.testing import Result
    from tests.support.database import Database

QUIET = ("--ignore", "C0076", "--ignore", "C0082")


def doctor(url: str, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["doctor", "--target", url, *arguments])


@pytest.fixture
def broken(vault: Database) -> Database:
    """A vault in which a policy reads for everybody, and a table lost its comment."""
    with vault.connect(superuser=True) as conn:
        conn.execute("ALTER POLICY tokens_app_select ON dsvault.tokens USING (true)")
        conn.execute("COMMENT ON TABLE dsvault.tokens IS NULL")
        conn.commit()
    return vault


def test_a_sound_vault_is_told_so(vault: Database) -> None:
    done = doctor(vault.superuser_url, "--level", "info", *QUIET)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("0 findings by ")
    assert "not seen" not in done.stdout


def test_findings_are_told_with_remedies_and_exit_1(broken: Database) -> None:
    done = doctor(broken.superuser_url, *QUIET)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert "error   C0006 tokens_app_select on dsvault.tokens: lets every row" in lines[0]
    assert lines[1] == "    do: DROP POLICY tokens_app_select ON dsvault.tokens;"
    assert any("C0054 dsvault.tokens" in line for line in lines)
    assert any("C0100 dsvault.tokens: policy tokens_app_select USING" in line for line in lines)
    assert lines[-1].startswith("3 findings by ")


def test_json_has_everything(broken: Database) -> None:
    done = doctor(broken.superuser_url, "--json", *QUIET)
    answer = json.loads(done.stdout)
    assert set(answer) == {
        "ok", "target", "server", "seconds", "checks", "findings", "unseen", "ignored", "error",
    }  # fmt: skip
    assert answer["ok"] is False
    assert {item["code"] for item in answer["findings"]} == {"C0006", "C0054", "C0100"}
    assert set(answer["findings"][0]) == {
        "code", "name", "level", "object", "detail", "remedy", "key",
    }  # fmt: skip


def test_other_tools_read_findings_in_their_formats(broken: Database) -> None:
    done = doctor(broken.superuser_url, "--format", "sarif", *QUIET)
    assert done.exit_code == 1
    (run,) = json.loads(done.stdout)["runs"]
    told = {(item["ruleId"], item["level"]) for item in run["results"]}
    assert ("C0006", "error") in told
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == {code for code, _ in told}
    for item in run["results"]:
        page = item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert (project_root() / page).is_file()
        assert item["partialFingerprints"]["dsvault/v1"]
    lines = doctor(broken.superuser_url, "--format", "github", *QUIET).stdout.splitlines()
    assert len(lines) == len(run["results"])
    assert lines[0].startswith("::error file=sql/checks/0006_")
    assert "title=C0006::tokens_app_select on dsvault.tokens: " in lines[0]


def test_one_finding_is_ignored_by_its_key_and_others_stay(broken: Database) -> None:
    done = doctor(
        broken.superuser_url, "--ignore", "C0054 dsvault.tokens", "--ignore", "C0100", *QUIET
    )
    assert done.exit_code == 1
    assert "C0054" not in done.stdout
    assert "C0006" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("1 ignored")


def test_level_decides_what_counts(broken: Database) -> None:
    done = doctor(broken.superuser_url, "--level", "error", "--select", "table_without_comment")
    assert done.exit_code == 0


def test_remedies_are_a_script_that_psql_takes(broken: Database) -> None:
    done = doctor(broken.superuser_url, "--sql", "--select", "C0006")
    assert done.exit_code == 1
    with broken.connect(superuser=True) as conn:
        conn.execute(done.stdout.encode())
        conn.commit()
    assert doctor(broken.superuser_url, "--select", "C0006").exit_code == 0


def test_a_threshold_is_set(vault: Database) -> None:
    arguments = ("--select", "C0056")
    assert doctor(vault.superuser_url, *arguments).exit_code == 0
    assert doctor(vault.superuser_url, *arguments, "--set", "partition_days=900").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--select", "C9999"), "There is no check C9999"),
        (("--set", "nothing=1"), "No check that is run has a setting nothing"),
        (("--set", "partition_days"), "partition_days sets nothing"),
    ],
)
def test_wrong_usage_exits_2(vault: Database, arguments: tuple[str, ...], message: str) -> None:
    done = doctor(vault.superuser_url, *arguments)
    assert done.exit_code == 2
    assert message in done.stderr


def test_what_the_deployer_cannot_see_is_told(vault: Database) -> None:
    done = doctor(vault.url, "--json", "--level", "info", *QUIET)
    answer = json.loads(done.stdout)
    assert answer["findings"] == []
    assert done.exit_code == 0
    unseen = {item["code"] for item in answer["unseen"]}
    assert {"C0029", "C0078", "C0090", "C0091", "C0092", "C0093"} <= unseen
    assert all(item["reason"] and item["remedy"] for item in answer["unseen"])


def test_a_database_without_a_vault_is_examined_too(empty_database: Database) -> None:
    with empty_database.connect(superuser=True) as conn:
        conn.execute("CREATE TABLE public.t (id integer)")
        conn.commit()
    done = doctor(empty_database.superuser_url, "--json", *QUIET)
    answer = json.loads(done.stdout)
    assert "C0040 public.t" in {item["key"] for item in answer["findings"]}
    reasons = {item["code"]: item["reason"] for item in answer["unseen"]}
    assert reasons["C0090"] == "there is no vault in this database"
    assert "There is no vault in " in reasons["C0100"]


def test_a_check_that_takes_too_long_is_told(vault: Database) -> None:
    with vault.connect(superuser=True) as conn:
        conn.execute("LOCK TABLE dsvault.tenants")
        done = doctor(vault.superuser_url, "--select", "C0092", "--timeout", "1")
    assert done.exit_code == 0
    assert "not seen C0092" in done.stdout


def test_a_name_cannot_send_escapes_to_a_terminal(vault: Database) -> None:
    with vault.connect(superuser=True) as conn:
        conn.execute('CREATE TABLE dsvault."\x1b[31mred" (id integer)')
        conn.commit()
    done = doctor(vault.superuser_url)
    assert "\x1b" not in done.stdout
    assert "\\x1b[31mred" in done.stdout


def test_a_terminal_gets_a_table(broken: Database) -> None:
    """With a terminal of its own, made by a pseudo-terminal."""
    code = (
        "import os, pty, sys; os.environ['COLUMNS'] = '120';"
        "sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
    )
    done = subprocess.run(
        [
            sys.executable, "-c", code, sys.executable, "-m", "dsvault", "doctor",
            "--target", broken.superuser_url, *QUIET,
        ],
        cwd=project_root(), capture_output=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    text = done.stdout.decode()
    assert "detail and remedy" in text
    assert "│" in text
