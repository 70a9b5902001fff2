"""`dsvault policy`: exit codes, text, JSON and files."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from dsvault.cli import cli
from dsvault.policy import matrix_path

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.database import Database


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["policy", *arguments])


def size_of_matrix() -> str:
    """Return how many tables and rules the file declares, in the command's words."""
    headings = re.findall(r"^\[([^\]]+)\]", matrix_path().read_text(), re.MULTILINE)
    ours = [heading for heading in headings if not heading.startswith("matrix.")]
    rules = [heading for heading in ours if "." in heading]
    return f"{len(ours) - len(rules)} tables, {len(rules)} rules"


def break_tokens(vault: Database) -> None:
    with vault(superuser=True, autocommit=True) as conn:
        conn.execute("ALTER POLICY tokens_app_select ON dsvault.tokens USING (true)")
        conn.execute("GRANT SELECT ON dsvault.records_p0 TO PUBLIC")


class TestMatrix:
    def test_a_sound_vault_exits_0_and_prints_every_rule(self, vault: Database) -> None:
        result = run("matrix", "--target", vault.url)
        assert (result.exit_code, result.stderr) == (0, "")
        assert "  = SELECT app, reader           (dataset:read or owner) and live" in result.stdout
        assert "on id, name, description, schema_id" in result.stdout
        assert result.stdout.endswith(f"{size_of_matrix()}: the catalog says the same.\n")
        assert "!" not in result.stdout

    def test_a_difference_exits_1_and_is_printed_below_its_table(self, vault: Database) -> None:
        break_tokens(vault)
        result = run("matrix", "--target", vault.url)
        assert result.exit_code == 1
        lines = result.stdout.splitlines()
        place = lines.index("  ! policy tokens_app_select USING")
        assert lines[place + 1] == (
            "      declared: tenant_id = (SELECT dsvault.tenant_for('token:read'))"
        )
        assert lines[place + 2] == "      found:    true"
        assert lines.index("tokens: Tokens in place of personal data.") < place
        assert any(line.startswith("  ! SELECT app, reader") for line in lines)
        assert "  ! SELECT on records_p0 for PUBLIC" in lines
        assert lines[-1] == f"{size_of_matrix()}: 2 differences."

    def test_json_has_matrix_catalog_and_differences(self, vault: Database) -> None:
        break_tokens(vault)
        result = run("matrix", "--json", "--target", vault.url)
        content = json.loads(result.stdout)
        assert result.exit_code == 1
        assert list(content) == ["ok", "matrix", "target", "catalog", "differences", "error"]
        assert content["ok"] is False
        assert content["matrix"]["tables"]["tokens"]["rules"][0]["if"] == "token:read"
        assert content["catalog"]["tokens"]["row_security"] is True
        assert [d["table"] for d in content["differences"]] == ["records", "tokens"]
        assert vault.deployer.password not in result.stdout

    def test_json_of_a_sound_vault_is_ok(self, vault: Database) -> None:
        content = json.loads(run("matrix", "--json", "--target", vault.url).stdout)
        assert (content["ok"], content["differences"], content["error"]) == (True, [], None)

    def test_another_matrix_can_be_given(self, vault: Database, tmp_path: Path) -> None:
        path = tmp_path / "mine.toml"
        text = matrix_path().read_text(encoding="utf-8")
        path.write_text(text.replace('if     = "token:read"', 'if     = "token:create"'))
        result = run("matrix", "--target", vault.url, "--matrix", str(path))
        assert result.exit_code == 1
        assert "policy tokens_app_select USING" in result.stdout

    def test_a_faulty_matrix_exits_2(self, vault: Database, tmp_path: Path) -> None:
        path = tmp_path / "mine.toml"
        path.write_text("[matrix")
        result = run("matrix", "--target", vault.url, "--matrix", str(path))
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("mine.toml is not valid TOML")


class TestTest:
    def test_a_sound_table_exits_0_with_a_grid(self, vault: Database) -> None:
        result = run("test", "--target", vault.url, "--table", "tokens")
        assert (result.exit_code, result.stderr) == (0, "")
        head, row, empty, summary = result.stdout.splitlines()
        assert head.split() == [
            "cells",
            "app",
            "reader",
            "auditor",
            "operator",
            "definer",
            "recorder",
            "finder",
            "owner",
            "public",
        ]
        assert row.split()[0] == "tokens"
        assert all(int(count) > 0 for count in row.split()[1:])
        assert empty == ""
        assert summary.endswith(" as declared, 0 not.")

    def test_a_broken_cell_exits_1_and_is_named(self, vault: Database) -> None:
        break_tokens(vault)
        result = run("test", "--target", vault.url, "--table", "tokens", "--role", "reader")
        assert result.exit_code == 1
        assert "not ok: tokens reader SELECT, user holds nothing\n" in result.stdout
        assert "  expected   reads no row\n" in result.stdout
        assert "  seen       reads 2 rows: own/another's, own/mine\n" in result.stdout
        assert "  statement  SELECT * FROM dsvault.tokens LIMIT 100\n" in result.stdout
        assert "  as         dsvault_reader, user holds nothing\n" in result.stdout
        # PostgreSQL 17 has one privilege more, and so one cell.
        assert re.search(r" of 2[56] !", result.stdout)

    def test_junit_and_json_are_written(self, vault: Database, tmp_path: Path) -> None:
        break_tokens(vault)
        path = tmp_path / "junit.xml"
        result = run(
            "test", "--json", "--junit", str(path), "--target", vault.url,
            "--table", "tokens", "--role", "reader",
        )  # fmt: skip
        assert result.exit_code == 1
        content = json.loads(result.stdout)
        assert list(content) == [
            *("ok", "target", "server", "at", "seconds", "cells", "failed", "results", "error")
        ]
        assert content["ok"] is False
        root = ET.parse(path).getroot()  # noqa: S314 - our own
        assert root.get("tests") == str(content["cells"])
        assert root.get("failures") == str(content["failed"]) != "0"

    def test_a_file_that_cannot_be_written_exits_2(self, vault: Database, tmp_path: Path) -> None:
        path = tmp_path / "no" / "junit.xml"
        result = run("test", "--junit", str(path), "--target", vault.url, "--table", "tokens")
        assert result.exit_code == 2
        assert result.stderr.startswith(f"Cannot write {path}")

    @pytest.mark.parametrize("arguments", [("--table", "toys"), ("--role", "king")])
    def test_what_is_not_in_the_matrix_exits_2(
        self, vault: Database, arguments: tuple[str, ...]
    ) -> None:
        result = run("test", "--target", vault.url, *arguments)
        assert result.exit_code == 2
        assert result.stderr.startswith("There is no ")
        names = result.stderr.partition("Name one of: ")[2].strip().split(", ")
        assert len(names) == len(set(names)) > 1

    def test_an_error_is_json_too(self, vault: Database) -> None:
        result = run("test", "--json", "--target", vault.url, "--role", "king")
        assert result.exit_code == 2
        assert json.loads(result.stdout)["error"]["message"] == "There is no role king"
