"""A file with personal data from its import to the erasure of its tenant, and what is left of it.

The server is one of its own that logs every statement with its parameters. Afterwards each of its
files is read: tables, indexes, WAL, logs. None may hold a value of the file or a key, as it is, in
hexadecimal or in base64; that they would be found is shown by values that are planted.

DSVAULT_LEAK_ROWS is how many rows the file has, 1,000 by default. Every personal value has a part
that stands nowhere else: whoever looks for these parts looks for all values, however many.
"""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg
import pytest
from click.testing import CliRunner
from faker import Faker
from tests.support.hunting import Hunt

from dsvault.cli import cli
from dsvault.client import KeyStore, insert_records, on
from dsvault.crypto import FieldRule, RecordWriter
from dsvault.server import temporary_server

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = int(os.environ.get("DSVAULT_LEAK_ROWS", "1000"))
COLUMNS = ("number", "name", "email", "phone", "ssn", "card", "ip", "street", "note")
TOKENS = ("email=email", "phone=phone:random", "ssn=ssn", "card=credit_card", "ip=ip_address")
# Of each value at least one of these is part; for numbers of social security see ssn_of().
MARKERS = ("Quillfeather", "@quillfeather.", "+49301557", "453990112233", "100.77.", "100.78.")
WHOLE_VALUES = 100  # so many are looked for as they are, too
LOGGING = {
    "log_statement": "all",
    "log_min_duration_statement": "0",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",
    "wal_keep_size": "64GB",  # no segment is used again
}


def write_people(path: Path) -> list[str]:
    """Write a file of invented people; return every value that is personal."""
    fake, values = Faker("en_US"), []
    Faker.seed(7)
    first = [fake.first_name() for _ in range(500)]
    users = [fake.user_name() for _ in range(500)]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(ROWS):
            person = [
                f"{first[number % 500]} {first[number // 500 % 500]} Quillfeather",
                f"{users[number % 500]}.{number}@quillfeather.example",
                f"+49301557{number:07}",
                ssn_of(number),
                with_check_digit(f"453990112233{number:06}"),
                f"100.{77 + number // 65_536}.{number // 256 % 256}.{number % 256}",
                f"{number} Quillfeather Lane",
            ]
            values += person
            writer.writerow([number, *person, 'said: "nothing",\nand left'])
    return values


def ssn_of(number: int) -> str:
    """Return a social security number; its first two groups are looked for."""
    return f"765-{10 + number // 9_999}-{1 + number % 9_999:04}"


def with_check_digit(digits: str) -> str:
    """Return the digits of a card with the last one (ISO/IEC 7812)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[::-2])
    return digits + str(-(sum(map(int, digits[-2::-2])) + sum(doubled)) % 10)


def parts_of(values: list[str]) -> list[str]:
    """Return texts that stand for all values: one of them is part of each."""
    areas = dict.fromkeys(ssn_of(number)[:7] for number in range(0, ROWS, 9_999))
    markers = [*MARKERS, *areas]
    assert all(any(marker in value for marker in markers) for value in values)
    return [*markers, *values[:: 1 + len(values) // WHOLE_VALUES]]


class Story:
    """One tenant, by the commands that people use; keys notes the bytes of every key there was."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.keys: set[bytes] = set()
        self.keks = [self._kek_file(name) for name in ("one", "two")]
        self.say(
            "tenant", "create", "alpha", "--admin-email", "admin@alpha.example",
            "--kek", self.keks[0],
        )  # fmt: skip
        [(tenant, user)] = self.ask(
            "SELECT tenant_id, id FROM dsvault.users WHERE email LIKE 'admin@%'"
        )
        self.tenant, self.user = UUID(str(tenant)), UUID(str(user))

    def _kek_file(self, name: str) -> str:
        path = self.folder / name
        path.write_bytes(os.urandom(32))
        path.chmod(0o600)
        self.keys.add(path.read_bytes())
        return f"file:{path}"

    def say(self, *words: str | Path, text: str = "") -> str:
        done = CliRunner().invoke(cli, [*map(str, words), "--target", self.url], input=text)
        assert done.exit_code == 0, done.output
        return done.stdout

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as conn:
            return conn.execute(query.encode()).fetchall()

    def note_keys(self) -> None:
        with psycopg.connect(self.url) as conn:
            conn.execute("SELECT dsvault.enter(%s, %s)", [self.tenant, self.user])
            store = KeyStore(on(conn), self.tenant)
            self.keys |= {store.secret(row).reveal() for row in store.rows()}

    def exported(self, *words: str) -> bytes:
        path = self.folder / "out.csv"
        path.unlink(missing_ok=True)
        self.say("export", "alpha", "people", path, *words)
        return path.read_bytes()

    def write_fields(self, values: list[str]) -> None:
        """Write records whose fields are encrypted apart, as an application does."""
        with psycopg.connect(self.url) as conn:
            conn.execute("SELECT dsvault.enter(%s, %s)", [self.tenant, self.user])
            store = KeyStore(on(conn), self.tenant)
            [(dataset, version)] = conn.execute(
                """WITH d AS (INSERT INTO dsvault.datasets (tenant_id, name, owner_id)
                       VALUES (%(t)s, 'fields', %(u)s) RETURNING id)
                   INSERT INTO dsvault.dataset_versions (tenant_id, dataset_id, version_number,
                       commit_id, tree_hash, manifest_hash, message, author_id, storage_path)
                   SELECT %(t)s, id, 1, %(h)s, %(h)s, %(h)s, 'm', %(u)s, '/' FROM d
                   RETURNING dataset_id, id""",
                {"t": self.tenant, "u": self.user, "h": "0" * 64},
            ).fetchall()
            writer = RecordWriter(
                self.tenant, dataset, store.encrypting("dataset"), store.hashing(),
                [FieldRule("/mail", "email")], store.encrypting("field"),
            )  # fmt: skip
            records = writer.encrypt({"mail": value} for value in values)
            insert_records(on(conn), dataset, version, records)


@pytest.fixture
def server() -> Iterator[tuple[str, Path]]:
    """A server of its own with a deployed vault: its URL, and the folder of all its files."""
    with temporary_server() as server:
        done = CliRunner().invoke(cli, ["deploy", "--no-verify", "--target", server.url()])
        assert done.exit_code == 0, done.output
        with psycopg.connect(server.url(), autocommit=True) as conn:
            [(data,)] = conn.execute("SELECT current_setting('data_directory')")
            for name, value in LOGGING.items():
                conn.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
            conn.execute("SELECT pg_reload_conf()")
        yield server.url(), Path(data).parent


def test_a_file_goes_its_whole_way_and_leaves_neither_a_value_nor_a_key(
    server: tuple[str, Path], tmp_path: Path
) -> None:
    url, data = server
    people = tmp_path / "people.csv"
    values = write_people(people)
    story = Story(url, tmp_path)

    live_through(story, people, values)

    hunt = Hunt(parts_of(values), story.keys, tmp_path / "patterns")
    assert len(story.keys) == 2 + 3 + 2, "two KEKs, three keys, and two that replaced some"
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("CHECKPOINT")
        assert hunt.found_in(data) == set()
        plant(conn, values[1], min(story.keys))
    for texts, keys in ((values[1:2], []), ([], story.keys)):
        found = Hunt(texts, keys, tmp_path / "patterns").found_in(data)
        for place in ("/base/", "/pg_wal/", "log"):
            assert any(place in name for name in found), (place, found)


def live_through(story: Story, people: Path, values: list[str]) -> None:
    """Import, search, export, rotate, rewrap, export, erase."""
    original = people.read_bytes()
    options = [word for column in TOKENS for word in ("--token", column)]
    said = story.say("import", "alpha", "people", people, *options)
    assert f"{5 * ROWS:,} values are tokens now." in said
    story.write_fields(values[1::7][:50])

    mail = values[1 + 7 * (ROWS // 2)]
    acting = ("--as", str(story.user))
    [token] = story.say("token", "find", "alpha", "email", *acting, text=mail.upper()).split()
    carriers = story.say("token", "records", "alpha", token, *acting, "--json")
    [found] = json.loads(carriers)["records"]
    assert (found["dataset"], found["pointer"]) == ("people", "/email")
    told = story.say("token", "detokenize", "alpha", token, *acting, "--reason", "a look")
    assert told.strip() == mail

    assert token.encode() in story.exported()
    assert story.exported("--detokenize", "--reason", "a copy") == original
    story.note_keys()
    for key_type in ("dataset", "field"):
        story.say("key", "rotate", "alpha", "--type", key_type, "--kek", story.keks[0])
    story.say("key", "rewrap", "alpha", "--kek", story.keks[1])
    story.note_keys()
    assert story.exported("--detokenize", "--reason", "once more") == original

    story.say("tenant", "close", "alpha")
    certificate, key = story.folder / "certificate", story.folder / "signing"
    story.say(
        "tenant", "erase", "alpha", "--yes-erase", "alpha", "--certificate", certificate,
        "--signing-key", key,
    )  # fmt: skip
    assert f'"records": {ROWS + 50}' in certificate.read_text()
    assert story.ask("SELECT count(*) FROM dsvault.records") == [(0,)]


def plant(conn: psycopg.Connection, value: str, key: bytes) -> None:
    """Leave a value and a key where the vault must not.

    Several times: one copy may lie across two pages of WAL, whose headers then stand within it.
    """
    conn.execute("CREATE TABLE public.planted (value text, key bytea)")
    conn.execute(
        "INSERT INTO public.planted SELECT %s, %s FROM generate_series(1, 9)", [value, key]
    )
    conn.execute("CHECKPOINT")
