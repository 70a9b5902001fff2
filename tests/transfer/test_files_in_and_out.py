"""A file goes in encrypted, and comes out identical; what is interrupted goes on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.audit import rfc9162
from tests.schema.builders import HASH

from dsvault.files import FileFormatError
from dsvault.merkle import MerkleTree
from dsvault.ops.transfer import (
    ExportRequest,
    ImportRequest,
    TransferError,
    export_file,
    import_file,
    loading,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.transfer.conftest import Acme

    from dsvault.ops.transfer import Imported


def people(count: int, first: int = 0) -> bytes:
    rows = [f'{n},"Person, {n}",person{n}@mail.example' for n in range(first, first + count)]
    return "\r\n".join(["number,name,email", *rows, ""]).encode()


def bring(acme: Acme, path: Path, content: bytes, dataset: str, **options: object) -> Imported:
    path.write_bytes(content)
    return import_file(acme.target, ImportRequest("acme", dataset, path, **options))  # type: ignore[arg-type]


def back(acme: Acme, path: Path, dataset: str, version: int | None = None) -> bytes:
    path.unlink(missing_ok=True)
    export_file(acme.target, ExportRequest("acme", dataset, path, version))
    return path.read_bytes()


def test_versions_of_a_file_come_back_as_they_went_in(acme: Acme, tmp_path: Path) -> None:
    path, out = tmp_path / "people.csv", tmp_path / "out.csv"
    one, two = people(30), people(25, first=5)
    first = bring(acme, path, one, "versions")
    second = bring(acme, path, two, "versions", message="Five have left")
    assert (first.version, first.rows, first.is_new_dataset) == (1, 30, True)
    assert (second.version, second.rows, second.is_new_dataset) == (2, 25, False)
    assert back(acme, out, "versions") == two
    assert back(acme, out, "versions", 1) == one
    assert acme.rows(
        "SELECT status, message, record_count, size_bytes > 0, parent_version_id::text"
        " FROM dsvault.dataset_versions WHERE id = %s",
        second.version_id,
    ) == [("published", "Five have left", 25, True, first.version_id)]


def test_lines_of_json_come_back_byte_for_byte(acme: Acme, tmp_path: Path) -> None:
    content = b'{"b": 1, "a": [1.50, null]}\n{}\r\n{"name":"\xc3\x89lise"}'
    assert bring(acme, tmp_path / "in.jsonl", content, "lines").rows == 3
    assert back(acme, tmp_path / "out.jsonl", "lines") == content


def test_nothing_of_the_file_reaches_the_server_in_plain_text(acme: Acme, tmp_path: Path) -> None:
    bring(acme, tmp_path / "people.csv", people(3), "secret people")
    [(everything,)] = acme.rows(
        "SELECT string_agg(t.row, '') FROM (SELECT r::text || encode(r.encrypted_data, 'escape')"
        " AS row FROM dsvault.records r UNION ALL SELECT v::text FROM dsvault.dataset_versions v)"
        " AS t"
    )
    assert "Person, 1" not in str(everything)
    assert "person1@mail" not in str(everything)


def test_an_interrupted_import_goes_on_and_writes_nothing_twice(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, pieces = people(25), []
    monkeypatch.setattr(loading, "_PIECE_ROWS", 10)
    insert = loading.insert_records

    def fail_at_the_third(*arguments: object) -> object:
        pieces.append(arguments)
        if len(pieces) == 3:
            raise ConnectionAbortedError
        return insert(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(loading, "insert_records", fail_at_the_third)
    with pytest.raises(ConnectionAbortedError):
        bring(acme, tmp_path / "people.csv", content, "interrupted")
    done = bring(acme, tmp_path / "people.csv", content, "interrupted")
    assert (done.version, done.resumed_rows, done.rows) == (1, 20, 25)
    assert back(acme, tmp_path / "out.csv", "interrupted") == content
    whole = bring(acme, tmp_path / "people.csv", content, "at once")
    assert whole.tree_hash == done.tree_hash


def test_another_file_does_not_go_on_with_the_draft_of_the_first(
    acme: Acme, tmp_path: Path
) -> None:
    first = bring(acme, tmp_path / "people.csv", people(3), "drafts", is_draft=True)
    second = bring(acme, tmp_path / "people.csv", people(4), "drafts")
    again = bring(acme, tmp_path / "people.csv", people(3), "drafts")
    assert (first.version, second.version, again.version) == (1, 2, 1)
    assert (again.resumed_rows, again.version_id) == (3, first.version_id)
    with pytest.raises(TransferError, match="has no version 3"):
        back(acme, tmp_path / "out.csv", "drafts", 3)


def test_a_draft_that_somebody_else_wrote_to_is_not_published(acme: Acme, tmp_path: Path) -> None:
    draft = bring(acme, tmp_path / "people.csv", people(3), "meddled", is_draft=True)
    acme.do(
        "INSERT INTO dsvault.records (tenant_id, dataset_id, version_id, content_hash,"
        " encrypted_data) SELECT r.tenant_id, r.dataset_id, r.version_id, %s, r.encrypted_data"
        " FROM dsvault.records r WHERE r.version_id = %s",
        HASH, draft.version_id,
    )  # fmt: skip
    with pytest.raises(TransferError, match="has more records than there are"):
        bring(acme, tmp_path / "people.csv", people(3), "meddled")


def test_a_version_whose_records_were_exchanged_is_not_written(acme: Acme, tmp_path: Path) -> None:
    draft = bring(acme, tmp_path / "people.csv", people(5), "exchanged", is_draft=True)
    acme.do(
        "DELETE FROM dsvault.records WHERE version_id = %s AND id ="
        " (SELECT id FROM dsvault.records WHERE version_id = %s ORDER BY id DESC LIMIT 1)",
        draft.version_id, draft.version_id,
    )  # fmt: skip
    with pytest.raises(TransferError, match="is not what was imported") as refused:
        back(acme, tmp_path / "out.csv", "exchanged", 1)
    assert "4 of 5 records" in (refused.value.detail or "")
    assert not (tmp_path / "out.csv").exists()


def test_the_user_s_permissions_decide(acme: Acme, tmp_path: Path) -> None:
    bring(acme, tmp_path / "people.csv", people(3), "guarded")
    acme.do(
        "INSERT INTO dsvault.users (tenant_id, name, email) VALUES (%s, 'Eve', 'eve@acme.example')",
        acme.tenant_id,
    )
    request = ExportRequest("acme", "guarded", tmp_path / "out.csv", user="EVE@acme.example")
    with pytest.raises(TransferError, match="no dataset guarded that this user sees"):
        export_file(acme.target, request)
    with pytest.raises(TransferError, match="no active user bob"):
        bring(acme, tmp_path / "people.csv", people(3), "guarded", user="bob@acme.example")


def test_a_faulty_file_says_where_and_leaves_nothing(
    acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = "SELECT d.id, v.id FROM dsvault.datasets AS d LEFT JOIN dsvault.dataset_versions AS v"
    there += " ON v.dataset_id = d.id WHERE d.name = 'faulty' ORDER BY v.version_number"
    monkeypatch.setattr(loading, "_PIECE_ROWS", 1)
    for before in ([], [1]):
        with pytest.raises(FileFormatError, match=r"people\.csv:4: this row has 2 fields"):
            bring(acme, tmp_path / "people.csv", b"a\n1\n2\n3,4\n", "faulty")
        assert len(acme.rows(there)) == len(before)
        done = bring(acme, tmp_path / "people.csv", b"a\n1\n2\n", "faulty")
        assert (done.version, done.resumed_rows, done.rows) == (len(before) + 1, 0, 2)
        assert back(acme, tmp_path / "out.csv", "faulty") == b"a\n1\n2\n"


def test_the_draft_of_a_faulty_file_stays_where_its_user_may_remove_nothing(
    acme: Acme, tmp_path: Path
) -> None:
    bring(acme, tmp_path / "people.csv", people(1), "kept")
    acme.do("REVOKE DELETE ON dsvault.dataset_versions FROM dsvault_app")
    try:
        with pytest.raises(FileFormatError, match=r"people\.csv:3: this row has 2 fields"):
            bring(acme, tmp_path / "people.csv", b"a\n1\n2,3\n", "kept")
    finally:
        acme.do("GRANT DELETE ON dsvault.dataset_versions TO dsvault_app")
    query = "SELECT v.status FROM dsvault.dataset_versions AS v JOIN dsvault.datasets AS d"
    query += " ON d.id = v.dataset_id WHERE d.name = 'kept' ORDER BY v.version_number"
    assert acme.rows(query) == [("published",), ("draft",)]


def test_an_empty_file_is_a_version_without_records(acme: Acme, tmp_path: Path) -> None:
    assert bring(acme, tmp_path / "in.csv", b"a,b\n", "empty").rows == 0
    assert back(acme, tmp_path / "out.csv", "empty") == b"a,b\n"


def test_the_description_of_the_file_is_kept_with_the_version(acme: Acme, tmp_path: Path) -> None:
    done = bring(acme, tmp_path / "people.csv", people(1), "described")
    [(metadata,)] = acme.rows(
        "SELECT metadata::text FROM dsvault.dataset_versions WHERE id = %s", done.version_id
    )
    assert json.loads(str(metadata))["file"]["columns"] == ["number", "name", "email"]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 7, 8, 13, 64, 100])
def test_a_tree_that_grows_has_the_root_of_the_definition(size: int) -> None:
    entries = [str(number).encode() for number in range(size)]
    tree = MerkleTree()
    for entry in entries:
        tree.add(entry)
    assert (tree.leaves, tree.root()) == (size, rfc9162.root(entries).hex())


def test_the_database_finds_the_tree_hash_by_itself(acme: Acme, tmp_path: Path) -> None:
    done = bring(acme, tmp_path / "people.csv", people(21), "hashed")
    assert acme.rows(
        "SELECT encode(dsvault.merkle_root(array_agg(decode(content_hash, 'hex') ORDER BY id)),"
        " 'hex') FROM dsvault.records WHERE version_id = %s",
        done.version_id,
    ) == [(done.tree_hash,)]
