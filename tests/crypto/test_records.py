"""Records in streams, and fields encrypted apart."""

from __future__ import annotations

import json
import tracemalloc
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from tests.crypto.makers import (
    DATASET,
    FIELD_KEY_ID,
    OTHER,
    RECORD,
    TENANT,
    data_key,
    hash_key,
    reader,
    writer,
)

from dsvault.crypto import (
    ContentError,
    CryptoError,
    EnvelopeError,
    FieldRule,
    Keyring,
    Plain,
    PointerError,
    RecordReader,
    SecretError,
    TamperedError,
    Token,
    UnknownKeyError,
    ValueFormatError,
    decrypt_fields,
    encode_json,
    encrypt_fields,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ADA: dict[str, Any] = {"name": "Ada", "mail": {"work": "ada@example.org"}, "born": 1815}
RULES = (FieldRule("/mail/work", "email"), FieldRule("/name", "name"))


def test_every_record_is_read_back_in_its_order() -> None:
    records = [{"number": number, "text": "ü" * number} for number in range(25)]
    batches = list(writer(batch_rows=10).encrypt(records))

    assert [batch.rows for batch in batches] == [10, 10, 5]
    read = [
        reader().read(UUID(bytes=key), sealed)
        for batch in batches
        for key, sealed in zip(batch.ids, batch.sealed, strict=True)
    ]
    assert read == records
    assert {UUID(bytes=key).version for batch in batches for key in batch.ids} == {4}


def test_bytes_are_kept_as_they_are() -> None:
    [batch] = writer().encrypt([b'{ "b": 1, "a": 2.50 }'])
    assert (
        reader().read_bytes(UUID(bytes=batch.ids[0]), batch.sealed[0]) == b'{ "b": 1, "a": 2.50 }'
    )


def test_equal_contents_have_equal_hashes_whatever_the_order_of_keys() -> None:
    [batch] = writer().encrypt([{"a": 1, "b": 2}, {"b": 2, "a": 1}, {"a": 1, "b": 3}])
    one, same, other = batch.hashes

    assert one == same == hash_key().content_hash(b'{"a":1,"b":2}')
    assert one != other
    assert len(set(batch.sealed)) == 3
    assert hash_key(OTHER).content_hash(b'{"a":1,"b":2}') != one


def test_a_batch_ends_when_it_is_large_enough() -> None:
    batches = list(writer(batch_bytes=1000).encrypt({"text": "x" * 400} for _ in range(6)))
    assert [batch.rows for batch in batches] == [3, 3]
    assert batches[0].bytes == sum(map(len, batches[0].sealed))


def test_a_stream_is_never_held_whole() -> None:
    def peak(rows: int) -> int:
        tracemalloc.start()
        for _ in writer(batch_rows=50).encrypt({"text": "x" * 1000, "n": n} for n in range(rows)):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)  # what is imported and cached once
    assert peak(3000) < 2 * peak(300)


def test_the_stream_begins_before_its_source_ends() -> None:
    taken = []

    def source() -> Iterator[Mapping[str, Any]]:
        for number in range(100):
            taken.append(number)
            yield {"n": number}

    next(writer(batch_rows=10).encrypt(source()))
    assert len(taken) == 10


def test_a_record_may_have_its_own_id() -> None:
    [batch] = writer().encrypt([Plain({"a": 1}, id=RECORD)])
    assert batch.ids == [RECORD.bytes]
    assert reader().read(RECORD, batch.sealed[0]) == {"a": 1}


@pytest.mark.parametrize(
    "content",
    [{"a": {1, 2}}, {"a": float("nan")}, {"a": b"x"}, {"a": "\ud800 lone"}],
    ids=["a set", "not a number", "bytes", "half a character"],
)
def test_what_is_no_json_is_refused_without_being_repeated(content: dict[str, Any]) -> None:
    with pytest.raises(ContentError) as caught:
        list(writer().encrypt([content]))
    assert "lone" not in "".join(caught.value.lines())
    assert caught.value.__cause__ is None


def test_records_of_another_tenant_dataset_or_record_are_not_read() -> None:
    [batch] = writer().encrypt([Plain(ADA, id=RECORD)])
    ring = Keyring([data_key()])
    for place, record in (
        ((OTHER, DATASET), RECORD),
        ((TENANT, OTHER), RECORD),
        ((TENANT, DATASET), OTHER),
    ):
        with pytest.raises(TamperedError):
            RecordReader(*place, ring).read(record, batch.sealed[0])
    with pytest.raises(UnknownKeyError):
        RecordReader(TENANT, DATASET, Keyring()).read(RECORD, batch.sealed[0])


def test_fields_are_read_with_their_own_key_only() -> None:
    field_key = data_key(FIELD_KEY_ID, b"f" * 32)
    tokens = {"/name": str(Token("name", RECORD))}
    [batch] = writer(fields=RULES, field_key=field_key).encrypt([Plain(ADA, RECORD, tokens)])
    assert batch.annotations[0] is not None
    annotations = json.loads(batch.annotations[0])

    assert annotations == {
        "/mail/work": {"type": "email", "encrypted": True, "key": str(FIELD_KEY_ID)},
        "/name": {
            "type": "name",
            "encrypted": True,
            "key": str(FIELD_KEY_ID),
            "token": tokens["/name"],
        },
    }
    assert batch.hashes == [hash_key().content_hash(encode_json(ADA))]
    without = reader().read(RECORD, batch.sealed[0])
    assert without["born"] == 1815
    assert set(without["name"]) == {"$dsvault"}
    assert "ada@" not in json.dumps(without)
    with pytest.raises(UnknownKeyError):
        reader().read(RECORD, batch.sealed[0], annotations)
    assert reader(data_key(), field_key).read(RECORD, batch.sealed[0], annotations) == ADA


def test_a_field_is_not_read_in_another_field_or_record() -> None:
    key, place = data_key(), (TENANT, DATASET, RECORD)
    sealed = encrypt_fields(
        {"a": "one", "b": "two"}, [FieldRule("/a"), FieldRule("/b")], key, place
    )
    swapped = {"a": sealed.content["b"], "b": sealed.content["a"]}

    assert decrypt_fields(sealed.content, sealed.annotations, Keyring([key]), place) == {
        "a": "one",
        "b": "two",
    }
    with pytest.raises(TamperedError):
        decrypt_fields(swapped, sealed.annotations, Keyring([key]), place)
    with pytest.raises(TamperedError):
        decrypt_fields(sealed.content, sealed.annotations, Keyring([key]), (TENANT, DATASET, OTHER))


def test_an_annotation_that_lies_is_an_error() -> None:
    place, ring = (TENANT, DATASET, RECORD), Keyring([data_key()])
    about = {"/a": {"type": "custom", "encrypted": True}}
    for content in ({"a": "plain"}, {"a": {"$dsvault": "no base64!"}}, {"a": {"$dsvault": 7}}):
        with pytest.raises(EnvelopeError):
            decrypt_fields(content, about, ring, place)
    with pytest.raises(PointerError):
        decrypt_fields({}, about, ring, place)


def test_fields_that_are_missing_are_passed_over_and_outer_ones_come_first() -> None:
    rules = [FieldRule("/a/b"), FieldRule("/a"), FieldRule("/list/1"), FieldRule("/none")]
    place = (TENANT, DATASET, RECORD)
    content = {"a": {"b": 1}, "list": ["x", {"y~/": None}], "": 0}
    sealed = encrypt_fields(content, rules, data_key(), place)

    assert set(sealed.annotations) == {"/a", "/list/1"}
    assert content["a"] == {"b": 1}, "the caller's record is not touched"
    assert (
        decrypt_fields(sealed.content, sealed.annotations, Keyring([data_key()]), place) == content
    )


def test_rules_and_keys_are_checked_before_the_first_record() -> None:
    with pytest.raises(PointerError):
        FieldRule("name")
    with pytest.raises(PointerError):
        FieldRule("/na~2me")
    with pytest.raises(ValueFormatError):
        FieldRule("/name", "shoe size")
    with pytest.raises(SecretError, match="field key"):
        writer(fields=RULES)


def test_tokens_are_annotated_without_encrypted_fields_too() -> None:
    token = str(Token("email", RECORD))
    [batch] = writer().encrypt([Plain({"mail": token}, tokens={"/mail": token})])
    assert batch.annotations == [encode_json({"/mail": {"type": "email", "token": token}}).decode()]
    with pytest.raises(CryptoError):
        list(writer().encrypt([Plain({}, tokens={"/mail": "tok_email_1"})]))
