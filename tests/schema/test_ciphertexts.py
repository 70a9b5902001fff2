"""What is stored was encrypted with a key of its tenant, as far as a keyless server can tell."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from psycopg import errors
from tests.schema.builders import (
    HASH,
    Tenant,
    insert,
    new_dataset,
    new_key,
    new_record,
    new_token,
    new_user,
    new_version,
)
from tests.support.actors import as_tenant
from tests.support.sealed import PROVIDERS, sealed, wrapped

from dsvault.crypto import DataKey, Secret, XaesGcm, empty_envelope, record_place, token_place
from dsvault.wrapping import KeyContext, LocalProvider, destroyed_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from psycopg import Connection

PLAIN = [b"", b"plain", b'{"name":"Ada"}' * 9, b"DSV", b"DSW" + bytes(99), bytes(99)]
HEADERS = [b"DSV\2\1", b"DSV\1\3", b"DSV\1\xff", b"dsv\1\1"]


@contextmanager
def refused(words: str = "does not encrypt") -> Iterator[None]:
    """Expect the refusal of a key."""
    with pytest.raises(errors.DatabaseError, match=words) as refusal:
        yield
    assert refusal.value.sqlstate == "DV601"


@pytest.fixture
def desk(conn: Connection, alpha: Tenant) -> tuple[UUID, UUID, UUID]:
    """A dataset, a draft of it, and a key."""
    dataset = new_dataset(conn, alpha)
    return dataset, new_version(conn, alpha, dataset), new_key(conn, alpha)


def test_what_the_library_encrypts_is_taken(
    conn: Connection, alpha: Tenant, desk: tuple[UUID, UUID, UUID]
) -> None:
    dataset, version, key_id = desk
    for suite in (DataKey(key_id, Secret.random()), DataKey(key_id, Secret.random(), XaesGcm)):
        record, token = uuid4(), uuid4()
        data = suite.encrypt(b"", record_place(alpha.id, dataset, record))
        new_record(conn, alpha, dataset, version, id=record, encrypted_data=data)
        value = suite.encrypt(b"", token_place(alpha.id, token, "ssn"))
        new_token(conn, alpha, id=token, encrypted_value=value, token_hash=uuid4().hex * 2)


@pytest.mark.parametrize("data", PLAIN, ids=repr)
def test_what_is_not_encrypted_is_refused(
    conn: Connection, alpha: Tenant, desk: tuple[UUID, UUID, UUID], data: bytes
) -> None:
    with pytest.raises(errors.CheckViolation, match="records_encrypted_data_header"):
        new_record(conn, alpha, *desk[:2], encrypted_data=data)


@pytest.mark.parametrize("data", PLAIN, ids=repr)
def test_a_token_s_value_that_is_not_encrypted_is_refused(
    conn: Connection, alpha: Tenant, data: bytes
) -> None:
    with pytest.raises(errors.CheckViolation, match="tokens_encrypted_value_header"):
        new_token(conn, alpha, encrypted_value=data)


@pytest.mark.parametrize("header", HEADERS, ids=repr)
def test_a_header_of_no_known_version_and_suite_is_refused(
    conn: Connection, alpha: Tenant, desk: tuple[UUID, UUID, UUID], header: bytes
) -> None:
    with pytest.raises(errors.CheckViolation, match="records_encrypted_data_header"):
        new_record(conn, alpha, *desk[:2], encrypted_data=header + sealed(desk[2])[5:] + bytes(99))


@pytest.mark.parametrize(("suite", "size"), [(1, 48), (2, 60)])
def test_what_is_too_short_to_hold_nonce_and_tag_is_refused(
    conn: Connection, alpha: Tenant, desk: tuple[UUID, UUID, UUID], suite: int, size: int
) -> None:
    data = b"DSV\1" + bytes((suite,)) + desk[2].bytes + bytes(size - 21)
    new_record(conn, alpha, *desk[:2], encrypted_data=data + b"\0")
    with pytest.raises(errors.CheckViolation, match="records_encrypted_data_header"):
        new_record(conn, alpha, *desk[:2], encrypted_data=data)


def test_a_value_that_was_not_kept_is_a_header_alone_and_no_record_is(
    conn: Connection, alpha: Tenant, desk: tuple[UUID, UUID, UUID]
) -> None:
    new_token(conn, alpha, encrypted_value=empty_envelope(desk[2]))
    with pytest.raises(errors.CheckViolation), conn.transaction():
        new_token(conn, alpha, encrypted_value=empty_envelope(desk[2]) + b"x", token_hash="0" * 64)
    with pytest.raises(errors.CheckViolation), conn.transaction():
        new_record(conn, alpha, *desk[:2], encrypted_data=empty_envelope(desk[2]))


def revoked(conn: Connection, alpha: Tenant, beta: Tenant) -> UUID:
    key = new_key(conn, alpha, key_type="field")
    conn.execute("UPDATE dsvault.encryption_keys SET status = 'revoked' WHERE id = %s", [key])
    return key


def of_another_tenant(conn: Connection, alpha: Tenant, beta: Tenant) -> UUID:
    return new_key(conn, beta)


def of_nobody(conn: Connection, alpha: Tenant, beta: Tenant) -> UUID:
    return uuid4()


def for_hashing(conn: Connection, alpha: Tenant, beta: Tenant) -> UUID:
    return new_key(conn, alpha, key_type="hash", algorithm="HMAC-SHA-256")


def for_backups(conn: Connection, alpha: Tenant, beta: Tenant) -> UUID:
    return new_key(conn, alpha, key_type="backup")


@pytest.mark.parametrize(
    "key",
    [revoked, of_another_tenant, of_nobody, for_hashing, for_backups],
    ids=lambda f: f.__name__,
)
def test_a_record_under_a_key_that_is_not_the_tenants_is_refused(
    conn: Connection,
    alpha: Tenant,
    beta: Tenant,
    desk: tuple[UUID, UUID, UUID],
    key: Callable[[Connection, Tenant, Tenant], UUID],
) -> None:
    key_id = key(conn, alpha, beta)
    author = new_user(conn, alpha, "author", "admin")
    with as_tenant(conn, alpha.id, author):
        own = {"dataset_id": desk[0], "version_id": desk[1], "content_hash": HASH}
        with refused(str(key_id)), conn.transaction():
            insert(conn, "records", **own, encrypted_data=sealed(key_id))
        with refused(), conn.transaction():
            insert(conn, "tokens", token_hash=HASH, pii_type="ssn", encrypted_value=sealed(key_id))
        insert(conn, "records", **own, encrypted_data=sealed(desk[2]))
        assert conn.execute("SELECT dsvault.current_tenant_id()").fetchone() == (alpha.id,)


def test_one_foreign_key_among_many_refuses_the_whole_statement(
    conn: Connection, alpha: Tenant, beta: Tenant, desk: tuple[UUID, UUID, UUID]
) -> None:
    data = [sealed(desk[2])] * 500 + [sealed(new_key(conn, beta))]
    with refused(), conn.transaction():
        conn.execute(
            """INSERT INTO dsvault.records
                   (tenant_id, dataset_id, version_id, content_hash, encrypted_data)
               SELECT %s, %s, %s, %s, d FROM unnest(%s::bytea[]) AS d""",
            [alpha.id, *desk[:2], HASH, data],
        )
    assert conn.execute("SELECT count(*) FROM dsvault.records").fetchone() == (0,)


def test_rows_of_two_tenants_are_each_asked_for_their_own(
    conn: Connection, alpha: Tenant, beta: Tenant
) -> None:
    mine, theirs = new_key(conn, alpha), new_key(conn, beta)
    statement = """INSERT INTO dsvault.tokens (tenant_id, token_hash, encrypted_value, pii_type)
                   VALUES (%s, %s, %s, 'ssn'), (%s, %s, %s, 'ssn')"""
    with refused(), conn.transaction():
        conn.execute(statement, [alpha.id, HASH, sealed(theirs), beta.id, HASH, sealed(mine)])
    conn.execute(statement, [alpha.id, HASH, sealed(mine), beta.id, HASH, sealed(theirs)])


def test_an_expired_or_rotated_key_still_names_what_is_written(
    conn: Connection, alpha: Tenant, desk: tuple[UUID, UUID, UUID]
) -> None:
    """A stream that began before the rotation may end after it."""
    conn.execute("UPDATE dsvault.encryption_keys SET status = 'rotated', rotated_at = now()")
    new_record(conn, alpha, *desk[:2], encrypted_data=sealed(desk[2]))


def test_a_one_way_token_names_the_key_that_hashed_it(conn: Connection, alpha: Tenant) -> None:
    key = new_key(conn, alpha, key_type="hash", algorithm="HMAC-SHA-256")
    new_token(conn, alpha, encrypted_value=empty_envelope(key))


def test_a_key_hashes_or_encrypts_and_never_both(conn: Connection, alpha: Tenant) -> None:
    new_key(conn, alpha, key_type="hash", algorithm="HMAC-SHA-256")
    for values in ({"key_type": "hash"}, {"key_type": "field", "algorithm": "HMAC-SHA-256"}):
        with pytest.raises(errors.CheckViolation, match="keys_hash_algorithm"), conn.transaction():
            new_key(conn, alpha, kms_provider="vault", **values)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_wrapped_key_names_its_provider(conn: Connection, alpha: Tenant, provider: str) -> None:
    for other in PROVIDERS:
        values = {"kms_provider": provider, "wrapped_key": wrapped(other)}
        if other == provider:
            new_key(conn, alpha, **values)
        else:
            with (
                pytest.raises(errors.CheckViolation, match="keys_wrapped_key_header"),
                conn.transaction(),
            ):
                new_key(conn, alpha, **values)


@pytest.mark.parametrize(
    "data", [b"", bytes(32), bytes(78), b"DSW\2\1\1" + bytes(72), wrapped()[:69], b"DSW\1\1\0"]
)
def test_a_bare_key_and_what_is_too_short_are_refused(
    conn: Connection, alpha: Tenant, data: bytes
) -> None:
    with pytest.raises(errors.CheckViolation, match="keys_wrapped_key_header"):
        new_key(conn, alpha, wrapped_key=data)


def test_what_the_library_wraps_is_taken_and_a_destroyed_key_is_revoked(
    conn: Connection, alpha: Tenant
) -> None:
    key_id = uuid4()
    context = KeyContext(alpha.id, key_id, "dataset", "local")
    kek = LocalProvider("test", Secret.random())
    new_key(conn, alpha, id=key_id, wrapped_key=kek.wrap(Secret.random(), context))
    gone = destroyed_key("local")
    with pytest.raises(errors.CheckViolation), conn.transaction():
        conn.execute("UPDATE dsvault.encryption_keys SET wrapped_key = %s", [gone])
    conn.execute("UPDATE dsvault.encryption_keys SET wrapped_key = %s, status = 'revoked'", [gone])
