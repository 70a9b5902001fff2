"""Columns become tokens on the way in, and values again on the way out for who may look."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import psycopg
import pytest
from click.testing import CliRunner, Result
from tests.schema.builders import Tenant, insert, new_user

from dsvault.cli import cli
from dsvault.errors import DsvaultError
from dsvault.ops.transfer import (
    ExportRequest,
    ImportRequest,
    TokenRule,
    TransferError,
    export_file,
    import_file,
    loading,
)

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from tests.transfer.conftest import Acme

    from dsvault.ops.transfer import Exported, Imported

RULES = {"email": TokenRule("email"), "phone": TokenRule("phone", is_random=True)}
# Equal addresses in other spellings, an empty one, quotes where none are needed.
PEOPLE = (
    b"number,name,email,phone\r\n"
    b"1,Ada,ada@mail.example,+4930111111\r\n"
    b"2,Alan,Alan@Mail.Example,+4930222222\r\n"
    b'3,"Ada, again",ADA@mail.example,+4930111111\r\n'
    b'4,Grace,"grace@mail.example",\r\n'
    b"5,Nobody,,+49 30 333333\r\n"
)
VALUES = (b"ada@mail", b"Alan@Mail", b"ADA@", b"grace@", b"+4930111111", b"333333")


def bring(
    acme: Acme, path: Path, content: bytes, dataset: str, rules: dict[str, TokenRule] | None = None
) -> Imported:
    path.write_bytes(content)
    request = ImportRequest("acme", dataset, path, tokens=RULES if rules is None else rules)
    return import_file(acme.target, request)


def back(
    acme: Acme, path: Path, dataset: str, reason: str | None, user: str | None = None
) -> tuple[bytes, Exported]:
    path.unlink(missing_ok=True)
    done = export_file(acme.target, ExportRequest("acme", dataset, path, None, user, reason))
    return path.read_bytes(), done


def run(acme: Acme, *arguments: str | Path, text: str = "") -> Result:
    return CliRunner().invoke(cli, [*map(str, arguments), "-t", acme.database.url], input=text)


def annotations(acme: Acme, done: Imported) -> list[dict[str, dict[str, str]]]:
    query = "SELECT pii_annotations::text FROM dsvault.records WHERE version_id = %s ORDER BY id"
    return [json.loads(str(text)) for (text,) in acme.rows(query, done.version_id)]


def test_tokens_stand_in_the_file_until_somebody_says_why_he_looks(
    acme: Acme, tmp_path: Path
) -> None:
    done = bring(acme, tmp_path / "people.csv", PEOPLE, "tokens")
    assert (done.rows, done.tokens) == (5, 8)
    out = tmp_path / "out.csv"

    masked, exported = back(acme, out, "tokens", None)
    assert not exported.is_identical
    assert not [value for value in VALUES if value in masked]
    rows = [line.split(",") for line in masked.decode().splitlines()]
    assert rows[0] == ["number", "name", "email", "phone"]
    assert rows[1][2] == rows[3][3], "equal values have one token"  # a comma is in the third name
    assert rows[1][3] != rows[3][4], "a random one is each row's own"
    assert masked.count(b"tok_email_") == 4

    values, exported = back(acme, out, "tokens", "ticket 4711")
    assert values == PEOPLE
    assert (exported.is_identical, exported.tokens_left) == (True, 0)
    [(looks,)] = acme.rows(
        "SELECT count(*) FROM dsvault.audit_logs WHERE action = 'token.detokenize'"
        " AND details ->> 'reason' = 'ticket 4711'"
    )
    assert looks == 1


def test_annotations_say_where_tokens_are_and_of_which_type(acme: Acme, tmp_path: Path) -> None:
    found = annotations(acme, bring(acme, tmp_path / "people.csv", PEOPLE, "annotated"))
    assert [set(row) for row in found] == [{"/email", "/phone"}] * 3 + [{"/email"}, {"/phone"}]
    assert {row["/email"]["type"] for row in found if "/email" in row} == {"email"}
    assert found[0]["/email"]["token"] == found[2]["/email"]["token"]
    spelt_otherwise = [row.get("/email", {}).get("spelling") is not None for row in found]
    assert spelt_otherwise == [False, False, True, False, False]


def test_the_same_values_have_the_same_tokens_in_another_file(acme: Acme, tmp_path: Path) -> None:
    first = annotations(acme, bring(acme, tmp_path / "a.csv", PEOPLE, "one file"))
    again = PEOPLE.lower().replace(b"+4930", b"+49 30 ")
    second = annotations(acme, bring(acme, tmp_path / "b.csv", again, "another file"))
    for one, two in zip(first, second, strict=True):
        assert one.get("/email", {}).get("token") == two.get("/email", {}).get("token")
        assert one.get("/phone") is None or one["/phone"]["token"] != two["/phone"]["token"]
    assert back(acme, tmp_path / "out.csv", "another file", "a look")[0] == again


def test_lines_of_json_come_back_byte_for_byte(acme: Acme, tmp_path: Path) -> None:
    lines = [
        rb'{"id": 1, "email" : "ada@mail.example" ,"note":"ada@mail.example"}',
        rb'{"email": "\u00c9lise@mail.example", "x": {"email": "inner@mail.example"}}',
        rb'{"email": "\u00C9lise@mail.example"}',
        '{"email": "élise@mail.example"}'.encode(),
        rb'{"email":"a\/b@mail.example"}',
        rb'{"email": null}',
        rb'{"email": ""}',
        rb"{}",
    ]
    content = b"\xef\xbb\xbf" + b"\n".join(lines)
    done = bring(acme, tmp_path / "in.jsonl", content, "lines", {"email": TokenRule("email")})
    assert done.tokens == 5
    masked, _ = back(acme, tmp_path / "out.jsonl", "lines", None)
    assert b'"note":"ada@mail.example"' in masked, "nothing but the member is touched"
    assert b"lise" not in masked
    assert back(acme, tmp_path / "out.jsonl", "lines", "a look")[0] == content


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("in.csv", PEOPLE.replace(b"email", b"address"), "has no column email of texts"),
        ("in.csv", b"email\nnobody\n", "has not the form of the type"),
        ("in.jsonl", b'{"email": 7}', "is no text"),
        ("in.jsonl", b'{"email": ["a@b.example"]}', "is no text"),
        ("in.jsonl", rb'{"email": "\u0061@b.example"}', "unusual way"),
        ("in.jsonl", b'{"email": "a@b.example", "email": "c@d.example"}', "twice"),
    ],
)
def test_what_cannot_be_replaced_and_put_back_is_refused_without_its_value(
    acme: Acme, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(DsvaultError, match=words) as refused:
        bring(acme, tmp_path / name, content, "refused", {"email": TokenRule("email")})
    assert "b.example" not in str(refused.value)
    assert acme.rows(
        "SELECT count(*) FROM dsvault.records r JOIN dsvault.datasets d ON d.id = r.dataset_id"
        " WHERE d.name = 'refused'"
    ) == [(0,)]


def test_a_value_that_is_not_of_its_type_is_told_by_its_place(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_PIECE_ROWS", 2)
    content = b"email\na@b.example\nb@b.example\nc@b.example\nnobody\n"
    with pytest.raises(DsvaultError) as refused:
        bring(acme, tmp_path / "in.csv", content, "placed", {"email": TokenRule("email")})
    assert refused.value.detail == "column email of record 4; the value is not shown"


def test_an_interrupted_import_takes_up_its_tokens_again(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"{n},p{n % 7}@mail.example,+4930{n:06}" for n in range(25)]
    content = "\n".join(["n,email,phone", *rows, ""]).encode()
    monkeypatch.setattr(loading, "_PIECE_ROWS", 10)
    insert, calls = loading.insert_records, 0

    def fail_at_the_third(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise ConnectionAbortedError
        return insert(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "insert_records", fail_at_the_third)
    [(before,)] = acme.rows("SELECT count(*) FROM dsvault.tokens")
    with pytest.raises(ConnectionAbortedError):
        bring(acme, tmp_path / "in.csv", content, "interrupted")
    done = bring(acme, tmp_path / "in.csv", content, "interrupted")
    assert (done.version, done.resumed_rows, done.rows, done.tokens) == (1, 20, 25, 10)
    [(after,)] = acme.rows("SELECT count(*) FROM dsvault.tokens")
    assert int(str(after)) - int(str(before)) == 7 + 25, "no token without its record"
    assert back(acme, tmp_path / "out.csv", "interrupted", "a look")[0] == content


def test_other_columns_do_not_go_on_with_a_draft(acme: Acme, tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(PEOPLE)
    drafts = [
        import_file(acme.target, ImportRequest("acme", "drafts", path, is_draft=True, tokens=rules))
        for rules in ({}, RULES, {"email": TokenRule("email")}, RULES)
    ]
    assert [(draft.version, draft.resumed_rows) for draft in drafts] == [
        (1, 0), (2, 0), (3, 0), (2, 5),
    ]  # fmt: skip


def test_a_draft_with_tokens_that_somebody_else_wrote_to_is_not_published(
    acme: Acme, tmp_path: Path
) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(PEOPLE)
    request = ImportRequest("acme", "meddled", path, is_draft=True, tokens=RULES)
    draft = import_file(acme.target, request)
    acme.do(
        "INSERT INTO dsvault.records (tenant_id, id, dataset_id, version_id, content_hash,"
        " encrypted_data) SELECT r.tenant_id, gen_random_uuid(), r.dataset_id, r.version_id,"
        " r.content_hash, r.encrypted_data FROM dsvault.records r WHERE r.version_id = %s LIMIT 1",
        draft.version_id,
    )
    with pytest.raises(TransferError, match="has more records than there are"):
        bring(acme, path, PEOPLE, "meddled")


def test_what_was_forgotten_stays_a_token_and_takes_its_other_spellings_along(
    acme: Acme, tmp_path: Path
) -> None:
    done = bring(acme, tmp_path / "people.csv", PEOPLE.replace(b"ada", b"eve"), "forgetting")
    bring(acme, tmp_path / "people.csv", PEOPLE.replace(b"ada", b"EVE"), "forgetting")
    assert done.tokens == 8
    told = run(
        acme, "token", "forget", "acme", "email", "--as", acme.admin_id, "--reason", "article 17",
        "--yes", text="eve@mail.example\n",
    )  # fmt: skip
    assert told.exit_code == 0, told.output
    values, exported = back(acme, tmp_path / "out.csv", "forgetting", "a look")
    assert (exported.is_identical, exported.tokens_left) == (False, 1)
    assert b"EVE@" not in values
    assert b"Alan@Mail.Example" in values
    assert back(acme, tmp_path / "out.csv", "forgetting", None)[1].tokens_left == 0


def test_a_token_that_was_exchanged_gives_no_file(acme: Acme, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(PEOPLE)
    request = ImportRequest("acme", "exchanged", path, is_draft=True, tokens=RULES)
    draft = import_file(acme.target, request)
    first, second = [row["/email"]["token"] for row in annotations(acme, draft)[:2]]
    with psycopg.connect(acme.database.superuser_url) as conn:
        conn.execute("SET session_replication_role = replica")
        conn.execute(
            "UPDATE dsvault.records SET pii_annotations ="
            " replace(pii_annotations::text, %s, %s)::jsonb WHERE version_id = %s",
            [first, second, draft.version_id],
        )
    bring(acme, path, PEOPLE, "exchanged")
    with pytest.raises(TransferError, match="does not give the file"):
        back(acme, tmp_path / "out.csv", "exchanged", "a look")
    assert not (tmp_path / "out.csv").exists()
    assert b"tok_email_" in back(acme, tmp_path / "out.csv", "exchanged", None)[0]


def test_looking_behind_tokens_takes_a_permission_and_a_reason(acme: Acme, tmp_path: Path) -> None:
    bring(acme, tmp_path / "people.csv", PEOPLE, "guarded")
    out = tmp_path / "out.csv"
    with psycopg.connect(acme.database.superuser_url) as conn:
        tenant = Tenant(*tenant_of(acme))
        allowed = json.dumps(["dataset:read", "version:read", "key:read", "token:read"])
        insert(conn, "roles", tenant_id=tenant.id, name="reading", permissions=allowed)
        new_user(conn, tenant, "reader", "reading", email=(address := "reader@acme.example"))
    masked, _ = back(acme, out, "guarded", None, address)
    assert b"tok_email_" in masked
    with pytest.raises(TransferError, match="token:detokenize"):
        back(acme, out, "guarded", "curiosity", address)
    with pytest.raises(TransferError, match="reason"):
        back(acme, out, "guarded", " ")
    assert not out.exists()
    assert run(acme, "export", "acme", "guarded", out, "--detokenize").exit_code == 2
    assert run(acme, "export", "acme", "guarded", out, "--reason", "x").exit_code == 2


def test_the_commands_say_what_was_replaced_and_what_stays(acme: Acme, tmp_path: Path) -> None:
    path, out = tmp_path / "people.csv", tmp_path / "out.csv"
    path.write_bytes(PEOPLE)
    words = ("import", "acme", "commands", path, "--token", "email=email")
    done = run(acme, *words, "--token", "phone=phone:random")
    assert done.stdout.splitlines()[-1] == "8 values are tokens now."
    assert run(acme, *words, "--token", "phone").exit_code == 2
    assert run(acme, *words, "--token", "phone=telephone").exit_code == 2
    told = run(acme, "export", "acme", "commands", out)
    assert "--detokenize writes the values" in told.stdout
    out.unlink()
    run(acme, "export", "acme", "commands", out, "--detokenize", "--reason", "ticket 4711")
    assert out.read_bytes() == PEOPLE


def test_records_are_found_by_a_token(acme: Acme, tmp_path: Path) -> None:
    content = PEOPLE.replace(b"grace", b"hedy")
    done = bring(acme, tmp_path / "people.csv", content, "searched")
    finding = ("token", "find", "acme", "email", "--as", acme.admin_id)
    [token] = run(acme, *finding, text="HEDY@mail.example\n").stdout.split()
    told = run(acme, "token", "records", "acme", token, "--as", acme.admin_id, "--json")
    [found] = json.loads(told.stdout)["records"]
    assert (found["dataset"], found["version"], found["pointer"]) == ("searched", 1, "/email")
    assert found["version_id"] == done.version_id
    lines = run(acme, "token", "records", "acme", token, "--as", acme.admin_id).stdout
    assert found["record_id"] in lines
    none = token.replace("tok_email", "tok_phone")
    assert run(acme, "token", "records", "acme", none, "--as", acme.admin_id).exit_code == 2
    unused = run(
        acme, "token", "create", "acme", "email", "--as", acme.admin_id, text="u@x.example"
    )
    assert run(
        acme, "token", "records", "acme", unused.stdout.strip(), "--as", acme.admin_id
    ).exit_code == 1  # fmt: skip


def tenant_of(acme: Acme) -> tuple[UUID, UUID]:
    [row] = acme.rows("SELECT %s::uuid, %s::uuid", acme.tenant_id, acme.admin_id)
    return row  # type: ignore[return-value]
