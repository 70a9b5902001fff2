"""A ciphertext is read at its place with its key, and nowhere else."""

from __future__ import annotations

import copy
import pickle
import traceback
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.crypto.makers import DATASET, KEY_ID, MATERIAL, OTHER, RECORD, TENANT, data_key

from dsvault.crypto import (
    CryptoError,
    DataKey,
    EnvelopeError,
    HashKey,
    Header,
    Keyring,
    Place,
    Secret,
    SecretError,
    TamperedError,
    UnknownKeyError,
    UnknownSuiteError,
    UnknownVersionError,
    XaesGcm,
    empty_envelope,
    parse_header,
    record_place,
    token_place,
)

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN = b'{"name":"Ada Lovelace"}'
PLACE = record_place(TENANT, DATASET, RECORD, "/name")


@pytest.fixture(params=["AES-256-GCM", "XAES-256-GCM"])
def key(request: pytest.FixtureRequest) -> DataKey:
    secret = Secret(MATERIAL)
    return DataKey(KEY_ID, secret, XaesGcm) if request.param[0] == "X" else DataKey(KEY_ID, secret)


def test_what_was_encrypted_is_read_back(key: DataKey) -> None:
    envelope = key.encrypt(PLAIN, PLACE)

    assert key.decrypt(envelope, PLACE) == PLAIN
    assert Keyring([key]).decrypt(envelope, PLACE) == PLAIN
    assert parse_header(envelope) == Header(key.suite.number, KEY_ID)
    assert len(envelope) == 21 + key.suite.nonce_bytes + len(PLAIN) + 16


def test_a_key_reads_both_suites(key: DataKey) -> None:
    assert data_key().decrypt(key.encrypt(PLAIN, PLACE), PLACE) == PLAIN


def test_equal_contents_have_different_ciphertexts(key: DataKey) -> None:
    assert len({key.encrypt(PLAIN, PLACE) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "place",
    [
        record_place(OTHER, DATASET, RECORD, "/name"),
        record_place(TENANT, OTHER, RECORD, "/name"),
        record_place(TENANT, DATASET, OTHER, "/name"),
        record_place(TENANT, DATASET, RECORD, "/mail"),
        record_place(TENANT, DATASET, RECORD),
        record_place(DATASET, TENANT, RECORD, "/name"),
        token_place(TENANT, RECORD, "name"),
        Place("", ()),
    ],
    ids=["tenant", "dataset", "record", "field", "no field", "turned around", "token", "nothing"],
)
def test_a_ciphertext_is_read_at_no_other_place(key: DataKey, place: Place) -> None:
    with pytest.raises(TamperedError):
        key.decrypt(key.encrypt(PLAIN, PLACE), place)


@pytest.mark.parametrize(
    "place",
    [
        token_place(OTHER, RECORD, "email"),
        token_place(TENANT, OTHER, "email"),
        token_place(TENANT, RECORD, "name"),
        token_place(RECORD, TENANT, "email"),
        record_place(TENANT, RECORD, RECORD, "email"),
    ],
    ids=["tenant", "token", "type", "turned around", "record"],
)
def test_the_value_of_a_token_is_read_behind_no_other_token(key: DataKey, place: Place) -> None:
    own = token_place(TENANT, RECORD, "email")
    envelope = key.encrypt(PLAIN, own)
    assert key.decrypt(envelope, own) == PLAIN
    with pytest.raises(TamperedError):
        key.decrypt(envelope, place)


def test_an_error_carries_no_other_error_along(key: DataKey) -> None:
    with pytest.raises(TamperedError) as caught:
        key.decrypt(key.encrypt(PLAIN, PLACE)[:-1] + b"?", PLACE)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_ciphertext_under_another_keys_id_is_not_read(key: DataKey) -> None:
    """Not even if that key has the same bytes: the header is authenticated."""
    envelope = key.encrypt(PLAIN, PLACE)
    moved = envelope[:5] + OTHER.bytes + envelope[21:]

    with pytest.raises(UnknownKeyError, match="not at hand"):
        key.decrypt(moved, PLACE)
    with pytest.raises(TamperedError):
        Keyring([key, data_key(OTHER)]).decrypt(moved, PLACE)


def test_a_ciphertext_of_another_key_is_not_read(key: DataKey) -> None:
    with pytest.raises(TamperedError):
        data_key(material=b"x" * 32).decrypt(key.encrypt(PLAIN, PLACE), PLACE)


def test_one_changed_bit_anywhere_is_noticed(key: DataKey) -> None:
    envelope = key.encrypt(PLAIN, PLACE)
    for position in range(len(envelope)):
        for bit in range(8):
            changed = bytearray(envelope)
            changed[position] ^= 1 << bit
            with pytest.raises(CryptoError):
                key.decrypt(bytes(changed), PLACE)


def test_what_is_cut_off_or_added_is_noticed(key: DataKey) -> None:
    envelope = key.encrypt(PLAIN, PLACE)
    for length in range(len(envelope)):
        with pytest.raises(CryptoError):
            key.decrypt(envelope[:length], PLACE)
    for more in (envelope + b"\0", b"\0" + envelope, envelope + envelope):
        with pytest.raises(CryptoError):
            key.decrypt(more, PLACE)


def test_unknown_versions_and_suites_are_named() -> None:
    envelope = data_key().encrypt(PLAIN, PLACE)
    with pytest.raises(UnknownVersionError) as of_version:
        data_key().decrypt(envelope[:3] + b"\2" + envelope[4:], PLACE)
    with pytest.raises(UnknownSuiteError) as of_suite:
        data_key().decrypt(envelope[:4] + b"\x09" + envelope[5:], PLACE)
    with pytest.raises(EnvelopeError, match="no ciphertext"):
        data_key().decrypt(PLAIN, PLACE)

    assert of_version.value.detail == "format 2, known is 1"
    assert of_suite.value.detail == "suite 9, known are 1, 2"


def test_an_empty_envelope_has_nothing_to_read() -> None:
    assert parse_header(empty_envelope(KEY_ID)).is_empty
    with pytest.raises(EnvelopeError, match="forgotten"):
        data_key().decrypt(empty_envelope(KEY_ID), PLACE)


parts = st.lists(st.binary(max_size=6), max_size=5).map(tuple)


@given(st.tuples(st.text(max_size=4), parts), st.tuples(st.text(max_size=4), parts))
def test_no_two_places_are_written_alike(
    first: tuple[str, tuple[bytes, ...]], second: tuple[str, tuple[bytes, ...]]
) -> None:
    a, b = Place(*first), Place(*second)
    assert (a.encode() == b.encode()) == (a == b)


def shown(error: BaseException) -> str:
    """Return what a log could hold of an error, with the locals of our frames, not of the test."""
    trace = traceback.TracebackException.from_exception(error, capture_locals=True)
    own = [frame for frame in trace.stack if "/tools/dsvault/" in frame.filename]
    assert own
    return "".join(
        [*trace.format_exception_only(), *(f"{frame.line}{frame.locals}" for frame in own)]
    )


def test_no_error_and_no_repr_shows_key_or_plain_text() -> None:
    material = b"a key of thirty-two bytes exact!"
    key = DataKey(KEY_ID, Secret(material))
    envelope = key.encrypt(b"the plain text", PLACE)
    attempts: list[Callable[[], object]] = [
        lambda: key.decrypt(envelope[:-1], PLACE),
        lambda: key.decrypt(envelope[:40], PLACE),
        lambda: key.decrypt(envelope, Place("", ())),
        lambda: key.decrypt(envelope[:4] + b"\x09" + envelope[5:], PLACE),
        lambda: key.cipher(77),
        lambda: Keyring().decrypt(envelope, PLACE),
        lambda: pickle.dumps(Secret(material)),
    ]
    for attempt in attempts:
        with pytest.raises(CryptoError) as caught:
            attempt()
        lines = shown(caught.value) + repr(caught.value) + "".join(caught.value.lines())
        assert "thirty-two" not in lines
        assert material.hex() not in lines
        assert "the plain text" not in lines
    for value in (key, Keyring([key]), Secret(material), HashKey(KEY_ID, TENANT, Secret(material))):
        assert "not shown" in repr(value)
        assert "thirty-two" not in f"{value!r}{value!s}"


def test_a_secret_is_neither_copied_nor_used_after_it_was_wiped() -> None:
    secret = Secret(MATERIAL)
    for copying in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(SecretError, match="not pickled or copied"):
            copying(secret)  # type: ignore[operator]
    assert secret == Secret(MATERIAL)
    assert secret != Secret(bytes(32))
    secret.wipe()
    with pytest.raises(SecretError, match="wiped"):
        secret.reveal()


@pytest.mark.parametrize("size", [1, 16, 31, 33, 64])
def test_a_data_key_has_32_bytes(size: int) -> None:
    with pytest.raises(SecretError, match="32 bytes"):
        data_key(material=bytes(range(size)))


def test_the_id_is_read_as_it_is_written() -> None:
    key_id = UUID("00112233-4455-6677-8899-aabbccddeeff")
    assert Header(1, key_id).pack().hex() == "44535601" + "01" + key_id.hex
