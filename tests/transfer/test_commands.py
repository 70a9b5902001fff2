"""`dsvault import` and `dsvault export`: what is said, and with which exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from click.testing import CliRunner, Result

from dsvault.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

    from tests.transfer.conftest import Acme

PEOPLE = b"name,email\nAda,ada@mail.example\nAlan,alan@mail.example\n"


def run(acme: Acme, *arguments: str | Path) -> Result:
    words = [*map(str, arguments), "-t", acme.database.url]
    return CliRunner().invoke(cli, words)


def test_a_file_goes_in_and_comes_out(acme: Acme, tmp_path: Path) -> None:
    path, out = tmp_path / "people.csv", tmp_path / "out.csv"
    path.write_bytes(PEOPLE)
    done = run(acme, "import", "acme", "people", path)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "The dataset people is new."
    assert lines[1].startswith("Version 1 of people is published: 2 records, ")
    done = run(acme, "export", "acme", "people", out)
    assert done.stdout == f"{out}: 2 records of version 1 of people.\n"
    assert out.read_bytes() == PEOPLE
    again = run(acme, "export", "dataset", "acme", "people", out, "--version", "1")
    assert again.exit_code == 2
    assert again.stderr.startswith(f"There is a file {out} already\n")


def test_a_draft_is_left_and_taken_up_again(acme: Acme, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(PEOPLE)
    assert " is a draft: " in run(acme, "import", "acme", "drafts", path, "--draft").stdout
    lines = run(acme, "import", "acme", "drafts", path).stdout.splitlines()
    assert lines[0] == "2 records were there from an interrupted import."
    assert lines[1].startswith("Version 1 of drafts is published: 2 records, ")


def test_json_has_stable_keys(acme: Acme, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(PEOPLE)
    done = json.loads(run(acme, "import", "acme", "keys", path, "--json").stdout)
    assert set(done) == {
        "ok", "error", "tenant", "dataset", "version", "version_id", "rows", "bytes", "tree_hash",
        "new_dataset", "published", "resumed_rows", "tokens",
    }  # fmt: skip
    out = tmp_path / "out.csv"
    done = json.loads(run(acme, "export", "acme", "keys", out, "--json").stdout)
    assert set(done) == {
        "ok", "error", "tenant", "dataset", "version", "path", "rows", "tree_hash", "identical",
        "tokens_left",
    }  # fmt: skip


def test_errors_say_what_and_never_a_value_of_the_file(acme: Acme, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(b"a,b\nsecret-1,secret-2\nsecret-3\n")
    done = run(acme, "import", "acme", "faulty", path)
    assert done.exit_code == 2
    assert done.stderr.splitlines()[0].endswith("people.csv:3: this row has 1 fields")
    assert "secret" not in done.output
    for words in (["nobody", "people"], ["acme", "nothing"]):
        done = run(acme, "export", *words, tmp_path / "none.csv")
        assert done.exit_code == 2
        assert "\n  do:    " in done.stderr
    assert not (tmp_path / "none.csv").exists()
