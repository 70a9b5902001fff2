"""`dsvault token`: values in by standard input, tokens out; and columns of files."""

from __future__ import annotations

import csv
import importlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result
from tests.schema.builders import Tenant, new_tenant
from tests.support.actors import as_tenant

from dsvault.cli import cli
from dsvault.client import KeyStore, TokenVault, on
from dsvault.client.keys import new_key, store_key
from dsvault.crypto import parse_token
from dsvault.ops import token_files
from dsvault.wrapping import open_local

if TYPE_CHECKING:
    from pathlib import Path

    from psycopg import Connection
    from tests.support.database import Database

ADA, GRACE = "ada@example.org", "grace@example.org"


class Site:
    """A vault whose tenant alpha has keys, and the command on behalf of its administrator."""

    def __init__(self, vault: Database, folder: Path) -> None:
        self.vault = vault
        self.folder = folder
        kek = folder / "kek"
        kek.write_bytes(os.urandom(32))
        kek.chmod(0o600)
        with self.connect() as conn:
            self.tenant: Tenant = new_tenant(conn, "alpha")
            with as_tenant(conn, self.tenant.id, self.tenant.admin):
                for key_type in ("field", "hash"):
                    key = new_key(self.tenant.id, key_type, open_local(f"file:{kek}"))
                    store_key(on(conn), key)

    def connect(self) -> Connection:
        return self.vault.connect(superuser=True, autocommit=True)

    def run(self, *arguments: str, text: str = "", user: UUID | None = None) -> Result:
        own = [] if arguments[0] == "count" else ["--as", str(user or self.tenant.admin)]
        return CliRunner().invoke(
            cli, ["token", *arguments, *own, "--target", self.vault.url], input=text
        )

    def lines(self, *arguments: str, text: str = "", code: int = 0) -> list[str]:
        done = self.run(*arguments, text=text)
        assert done.exit_code == code, done.output
        return done.stdout.splitlines()

    def values(self, tokens: list[str]) -> list[str]:
        with self.connect() as conn, as_tenant(conn, self.tenant.id, self.tenant.admin):
            store = KeyStore(on(conn), self.tenant.id)
            return TokenVault(on(conn), self.tenant.id, store).detokenize(tokens, "test")


@pytest.fixture
def site(vault: Database, tmp_path: Path) -> Site:
    return Site(vault, tmp_path)


def test_values_become_tokens_and_tokens_values(site: Site) -> None:
    tokens = site.lines("create", "alpha", "email", text=f"{ADA}\n{GRACE}\n{ADA}\n")

    assert tokens[0] == tokens[2] != tokens[1]
    assert site.lines("detokenize", "alpha", *tokens, "--reason", "test") == [ADA, GRACE, ADA]
    assert site.lines("find", "alpha", "email", text=ADA) == tokens[:1]
    assert site.lines("find", "alpha", "email", text="no@example.org", code=1) == []
    assert site.lines("count", "alpha") == ["2 accesses are counted."]
    assert site.lines("count", "--all") == ["0 accesses are counted."]


def test_random_and_one_way_tokens_are_made_and_found(site: Site) -> None:
    first = site.lines("create", "alpha", "name", "--random", text="Ada\nAda\n")
    [one_way] = site.lines("create", "alpha", "name", "--one-way", text="Ada")

    assert len(set(first)) == 2
    assert site.lines("find", "alpha", "name", text="Ada") == [one_way]
    assert set(site.lines("find", "alpha", "name", "--everywhere", text="Ada")) == {one_way, *first}
    done = site.run("detokenize", "alpha", one_way, "--reason", "test")
    assert (done.exit_code, "keeps no value" in done.stderr) == (2, True)


def test_a_token_whose_time_is_over_is_not_opened(site: Site) -> None:
    [token] = site.lines("create", "alpha", "name", "--expires", "2999-12-31", text="Ada")
    assert site.values([token]) == ["Ada"]
    with site.connect() as conn:
        conn.execute("UPDATE dsvault.tokens SET expires_at = now()")
    done = site.run("detokenize", "alpha", token, "--reason", "test")
    assert (done.exit_code, "The token has expired" in done.stderr) == (2, True)


def test_a_value_whose_token_has_expired_is_given_a_new_one(site: Site) -> None:
    [old, other] = site.lines("create", "alpha", "name", text="Ada\nGrace\n")
    with site.connect() as conn:
        conn.execute("UPDATE dsvault.tokens SET expires_at = now()")
    assert site.lines("find", "alpha", "name", text="Ada") == [old]
    [new] = site.lines("create", "alpha", "name", text="Ada")
    assert new != old
    assert site.values([new]) == ["Ada"]
    assert site.lines("find", "alpha", "name", text="Ada") == [new]
    assert site.run("detokenize", "alpha", old, "--reason", "test").exit_code == 2
    assert site.lines("find", "alpha", "name", text="Grace") == [other]  # it was not asked for


def test_an_expiry_that_is_over_is_refused_and_makes_nothing(site: Site, people: Path) -> None:
    text = "2020-01-31T12:30:00+01:00"
    out = people.with_name("out.csv")
    column = ("column", "alpha", str(people), str(out), "--column", "mail:email")
    for words in (("create", "alpha", "name"), column):
        done = site.run(*words, "--expires", text, text="Ada")
        assert done.exit_code == 2
        assert f"'--expires': {text} is over" in done.stderr
        assert "Name a time to come" in done.stderr
        done = site.run(*words, "--expires", "tomorrow", text="Ada")
        assert (done.exit_code, "tomorrow is no time" in done.stderr) == (2, True)
    assert not out.exists()
    with site.connect() as conn:
        assert conn.execute("SELECT count(*) FROM dsvault.tokens").fetchall() == [(0,)]


def test_forgetting_tells_first_and_then_does(site: Site) -> None:
    [token] = site.lines("create", "alpha", "email", text=ADA)
    words = ("forget", "alpha", "email", "--reason", "article 17")
    assert site.lines(*words, text=ADA)[0] == "1 token would be forgotten."
    assert site.values([token]) == [ADA]
    assert site.lines(*words, "--yes", text=ADA) == ["1 token is forgotten."]
    assert site.run("detokenize", "alpha", token, "--reason", "x").exit_code == 2


def test_nothing_is_forgotten_under_a_legal_hold(site: Site) -> None:
    [token] = site.lines("create", "alpha", "email", text=ADA)
    with site.connect() as conn:
        conn.execute("UPDATE dsvault.tenants SET settings = '{\"legal_hold\": true}'")
    done = site.run("forget", "alpha", "email", "--reason", "article 17", "--yes", text=ADA)
    assert (done.exit_code, "Traceback" in done.output) == (2, False)
    for words in ("under legal hold", "the settings of the tenant", "Lift the hold"):
        assert words in done.stderr
    assert site.values([token]) == [ADA]


def test_nothing_that_was_said_is_repeated_in_an_error(site: Site) -> None:
    done = site.run("create", "alpha", "email", text="not-an-address")
    assert done.exit_code == 2
    assert "has not the form of the type email" in done.stderr
    assert "not-an-address" not in done.output
    many = site.run("find", "alpha", "email", text=f"{ADA}\n{GRACE}\n")
    assert (many.exit_code, ADA in many.output) == (2, False)
    mistyped = site.run("detokenize", "alpha", "tok_email_123", "--reason", "x")
    assert (mistyped.exit_code, "This is no token" in mistyped.stderr) == (2, True)


def test_a_stranger_and_an_empty_reason_are_refused(site: Site) -> None:
    [token] = site.lines("create", "alpha", "email", text=ADA)
    stranger = site.run("create", "alpha", "email", text=ADA, user=uuid4())
    assert (stranger.exit_code, "Traceback" in stranger.output) == (2, False)
    silent = site.run("detokenize", "alpha", token, "--reason", " ")
    assert (silent.exit_code, "takes a reason" in silent.stderr) == (2, True)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of 25 rows, which are written in batches of 10."""
    monkeypatch.setattr(token_files, "BATCH_ROWS", 10)
    path = tmp_path / "people.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["number", "mail", "phone, at home", "note"])
        for number in range(25):
            mail = "" if number == 7 else f"person{number % 20}@example.org"
            writer.writerow([number, mail, f"+4930{number:06}", f'ü "{number}",\nnext'])
    return path


def test_columns_of_a_file_become_tokens_and_all_else_stays(site: Site, people: Path) -> None:
    out = people.with_name("out.csv")
    done = site.run(
        "column", "alpha", str(people), str(out), "--json",
        "--column", "mail:email", "--column", "phone, at home:phone",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    before, after = table(people), table(out)

    assert answer["values"] == {"mail": 24, "phone, at home": 25}
    assert answer["rows"] == len(before) == len(after) == 25
    for name in ("number", "note"):
        assert [row[name] for row in after] == [row[name] for row in before]
    assert after[7]["mail"] == ""
    assert after[0]["mail"] == after[20]["mail"]
    filled = [number for number in range(25) if number != 7]
    tokens = [after[number]["mail"] for number in filled]
    assert site.values(tokens) == [before[number]["mail"] for number in filled]
    assert len(list(people.parent.iterdir())) == 3, "nothing temporary is left"


def test_a_cut_run_leaves_no_file_and_is_run_again(
    site: Site, people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = people.with_name("out.csv")
    real, calls = token_files.token_vault, 0

    def cut(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return real(*arguments)

    words = ("column", "alpha", str(people), str(out), "--column", "mail:email")
    monkeypatch.setattr(token_files, "token_vault", cut)
    assert site.run(*words).exit_code != 0
    assert not out.exists()
    with site.connect() as conn:
        made = {key for (key,) in conn.execute("SELECT id FROM dsvault.tokens")}
    monkeypatch.setattr(token_files, "token_vault", real)
    assert site.run(*words).exit_code == 0
    found = {parse_token(row["mail"]).id for row in table(out) if row["mail"]}
    assert len(made) == 19
    assert found == made, "the second run found what the first one had made"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n1,2\n", "has no column mail"),
        (b"mail,b\nada@example.org\n", "this row has 1 fields"),
        (b"mail,b\nada@example.org,2,3\n", "this row has 3 fields"),
        (b"mail,b\n\xff\xfe,2\n", "is not UTF-8"),
        (b"mail,b\nnot-an-address,2\n", "has not the form"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_makes_none(
    site: Site, tmp_path: Path, content: bytes, words: str
) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    done = site.run("column", "alpha", str(source), str(out), "--column", "mail:email")

    assert done.exit_code == 2
    assert words in done.stderr
    assert not out.exists()


def test_a_value_that_is_not_of_its_type_is_placed_and_not_shown(
    site: Site, tmp_path: Path
) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    rows = ["", *(f"person{number}@example.org" for number in range(29)), "no-address"]
    source.write_text("\n".join(["mail,b", *(f"{mail},1" for mail in rows), ""]))
    done = site.run("column", "alpha", str(source), str(out), "--column", "mail:email")

    assert done.exit_code == 2
    assert "column mail of record 31; the value is not shown" in done.stderr
    assert "no-address" not in done.output


def test_an_existing_file_is_kept(site: Site, people: Path) -> None:
    done = site.run("column", "alpha", str(people), str(people), "--column", "mail:email")
    assert (done.exit_code, "already" in done.stderr) == (2, True)


@pytest.mark.packages("pyarrow")
def test_a_parquet_file_keeps_its_types(site: Site, tmp_path: Path) -> None:
    arrow = importlib.import_module("pyarrow")
    parquet = importlib.import_module("pyarrow.parquet")
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    made = arrow.table({"n": [1, 2, None], "mail": [ADA, None, GRACE]})
    parquet.write_table(made, source)
    site.lines("column", "alpha", str(source), str(out), "--column", "mail:email")
    read = parquet.read_table(out)

    assert read.schema == made.schema
    assert read["n"].to_pylist() == [1, 2, None]
    tokens = read["mail"].to_pylist()
    assert tokens[1] is None
    assert site.values([tokens[0], tokens[2]]) == [ADA, GRACE]


@pytest.mark.packages("pyarrow")
def test_whole_numbers_of_a_parquet_file_become_texts(site: Site, tmp_path: Path) -> None:
    arrow = importlib.import_module("pyarrow")
    parquet = importlib.import_module("pyarrow.parquet")
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    parquet.write_table(arrow.table({"ssn": [219099999], "born": [1.5]}), source)
    site.lines("column", "alpha", str(source), str(out), "--column", "ssn:ssn")
    assert site.values(parquet.read_table(out)["ssn"].to_pylist()) == ["219099999"]
    refused = site.run("column", "alpha", str(source), str(out), "--column", "born:custom")
    assert (refused.exit_code, "no column born of texts" in refused.stderr) == (2, True)


@pytest.mark.packages("pyarrow")
def test_what_is_no_parquet_file_makes_none(site: Site, tmp_path: Path) -> None:
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    source.write_bytes(b"PAR1 and nothing more")
    done = site.run("column", "alpha", str(source), str(out), "--column", "mail:email")
    assert (done.exit_code, "is no Parquet file" in done.stderr) == (2, True)
    assert not out.exists()


def test_parquet_without_its_package_names_the_extra(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "dsvault.files.parquet", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    source = tmp_path / "in.parquet"
    source.write_bytes(b"PAR1")
    done = site.run(
        "column", "alpha", str(source), str(tmp_path / "out.parquet"), "--column", "mail:email"
    )
    assert (done.exit_code, "dsvault[parquet]" in done.stderr) == (2, True)
