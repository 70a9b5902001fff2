"""Tokens in place of personal data, and the way back."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
from tests.schema.builders import Tenant, insert, new_tenant, new_user
from tests.support.actors import as_role, as_tenant

from dsvault.client import (
    ExpiredTokenError,
    KeyStore,
    OneWayTokenError,
    TokenOptions,
    TokenVault,
    UnknownTokenError,
    on,
)
from dsvault.client.keys import new_key, store_key
from dsvault.crypto import Secret, Token, ValueFormatError, parse_token
from dsvault.wrapping import LocalProvider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection
    from tests.support.database import Database

KEK = LocalProvider("test", Secret.random())
ADA, GRACE = "Ada@Example.org", "grace@example.org"
WHY = "ticket 4711"


class Desk:
    """A tenant with keys, and tokens in the hands of one of its users."""

    def __init__(self, conn: Connection, slug: str = "alpha") -> None:
        self.conn = conn
        self.tenant: Tenant = new_tenant(conn, slug)
        with as_tenant(conn, self.tenant.id, self.tenant.admin):
            for key_type in ("field", "hash"):
                store_key(on(conn), new_key(self.tenant.id, key_type, KEK))

    def vault(self, conn: Connection | None = None) -> TokenVault:
        database = on(conn or self.conn)
        return TokenVault(
            database, self.tenant.id, KeyStore(database, self.tenant.id, lambda *_: KEK)
        )

    def do(self, name: str, *arguments: Any, user: Any = None, **options: Any) -> Any:
        with as_tenant(self.conn, self.tenant.id, user or self.tenant.admin):
            return getattr(self.vault(), name)(*arguments, **options)

    def count(self) -> int:
        """Add noted accesses to the counters, as an operator."""
        with as_role(
            self.conn, "dsvault_operator", app__current_tenant_id=str(self.tenant.id)
        ) as conn:
            row = conn.execute("SELECT dsvault.count_token_accesses()").fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def conn(vault: Database) -> Iterator[Connection]:
    with vault.connect(superuser=True, autocommit=True) as conn:
        yield conn


@pytest.fixture
def desk(conn: Connection) -> Desk:
    return Desk(conn)


def test_equal_values_have_one_token_and_it_leads_back(desk: Desk) -> None:
    tokens = desk.do("tokenize", "email", [ADA, GRACE, "ada@example.org "])

    assert tokens[0] == tokens[2] != tokens[1]
    assert desk.do("tokenize", "email", [ADA]) == tokens[:1]
    assert all(parse_token(token).pii_type == "email" for token in tokens)
    assert desk.do("detokenize", tokens, WHY) == [ADA, GRACE, ADA]
    assert desk.do("find", "email", ADA) == tokens[:1]
    assert desk.do("find", "email", "nobody@example.org") == []
    stored = desk.conn.execute("SELECT t::text FROM dsvault.tokens AS t").fetchall()
    assert len(stored) == 2
    words = (ADA, ADA.lower(), GRACE)
    assert not any(word in str(stored) for word in (*words, *(one.encode().hex() for one in words)))


def test_values_of_different_types_and_tenants_have_different_tokens(desk: Desk) -> None:
    other = Desk(desk.conn, "beta")
    [mine] = desk.do("tokenize", "name", ["Ada"])
    [address] = desk.do("tokenize", "address", ["Ada"])
    [theirs] = other.do("tokenize", "name", ["Ada"])

    assert len({mine, address, theirs}) == 3
    with pytest.raises(UnknownTokenError):
        desk.do("detokenize", [theirs], WHY)
    with pytest.raises(UnknownTokenError):
        desk.do("detokenize", [str(Token("address", parse_token(mine).id))], WHY)


def test_random_tokens_are_new_each_time_and_found_everywhere(desk: Desk) -> None:
    options = TokenOptions(is_random=True)
    tokens = desk.do("tokenize", "email", [ADA, ADA, GRACE], options)
    [same] = desk.do("tokenize", "email", [ADA])

    assert len({*tokens, same}) == 4
    assert desk.do("detokenize", tokens, WHY) == [ADA, ADA, GRACE]
    assert desk.do("find", "email", ADA) == [same]
    assert set(desk.do("find", "email", ADA, is_everywhere=True)) == {same, *tokens[:2]}


def test_a_one_way_token_is_found_and_keeps_no_value(desk: Desk) -> None:
    [token] = desk.do("tokenize", "email", [ADA], TokenOptions(is_one_way=True))
    [both_ways] = desk.do("tokenize", "email", [ADA])

    assert token != both_ways
    assert set(desk.do("find", "email", ADA)) == {token, both_ways}
    with pytest.raises(OneWayTokenError):
        desk.do("detokenize", [token], WHY)
    sizes = desk.conn.execute(
        "SELECT octet_length(encrypted_value) FROM dsvault.tokens WHERE id = %s",
        [parse_token(token).id],
    ).fetchone()
    assert sizes == (21,), "a header and nothing else"


def test_only_expired_tokens_of_the_tenant_make_room_for_new_ones(desk: Desk) -> None:
    other = Desk(desk.conn, "beta")
    viewer = new_user(desk.conn, desk.tenant, "viewer", "viewer")
    mine = desk.do("tokenize", "email", [ADA, GRACE])
    [theirs] = other.do("tokenize", "email", [ADA])
    alive, expired, foreign = (parse_token(token).id for token in (*mine, theirs))
    desk.conn.execute("UPDATE dsvault.tokens SET expires_at = now() WHERE id <> %s", [alive])

    def drop(user: Any) -> int:
        with as_tenant(desk.conn, desk.tenant.id, user) as conn:
            row = conn.execute(
                "SELECT dsvault.drop_expired_tokens(%s)", [[alive, expired, foreign]]
            ).fetchone()
        assert row is not None
        return int(row[0])

    assert drop(viewer) == 0
    assert drop(desk.tenant.admin) == 1
    left = desk.conn.execute("SELECT id FROM dsvault.tokens").fetchall()
    assert {row[0] for row in left} == {alive, foreign}


def test_an_expired_token_under_legal_hold_stays_and_is_not_given_out(desk: Desk) -> None:
    desk.do("tokenize", "email", [ADA])
    desk.conn.execute("UPDATE dsvault.tokens SET expires_at = now()")
    hold = "UPDATE dsvault.tenants SET settings = settings || %s WHERE id = %s"
    desk.conn.execute(hold, ['{"legal_hold": true}', desk.tenant.id])
    with pytest.raises(ExpiredTokenError, match="has expired and is kept"):
        desk.do("tokenize", "email", [ADA, GRACE])
    assert desk.conn.execute("SELECT count(*) FROM dsvault.tokens").fetchall() == [(1,)]
    desk.conn.execute(hold, ['{"legal_hold": false}', desk.tenant.id])
    assert len(desk.do("tokenize", "email", [ADA, GRACE])) == 2


def test_tokens_are_stored_in_one_order_so_that_nobody_waits_in_a_circle(desk: Desk) -> None:
    desk.do("tokenize", "name", [f"Ada {number}" for number in range(50)])
    stored = desk.conn.execute("SELECT token_hash FROM dsvault.tokens ORDER BY ctid").fetchall()
    assert stored == sorted(stored)


def test_an_expired_token_gives_nothing_and_is_not_counted(desk: Desk) -> None:
    [token] = desk.do("tokenize", "email", [ADA])
    desk.conn.execute("UPDATE dsvault.tokens SET expires_at = now()")
    with pytest.raises(ExpiredTokenError):
        desk.do("detokenize", [token], WHY)
    with as_tenant(desk.conn, desk.tenant.id, desk.tenant.admin) as conn:
        row = conn.execute(
            "SELECT is_expired, encrypted_value FROM dsvault.detokenize(%s, %s)",
            [[parse_token(token).id], WHY],
        ).fetchone()
    assert row == (True, None)
    assert desk.count() == 0


def refused(code: str, words: str) -> Any:
    return pytest.raises(psycopg.DatabaseError, match=words, check=lambda e: e.sqlstate == code)


def user_with(desk: Desk, *permissions: str) -> Any:
    """Return a user who holds these permissions and no others."""
    name = uuid4().hex
    held = psycopg.types.json.Jsonb(list(permissions))
    insert(desk.conn, "roles", tenant_id=desk.tenant.id, name=name, permissions=held)
    return new_user(desk.conn, desk.tenant, name, name)


def test_looking_behind_a_token_takes_its_permission_and_a_reason(desk: Desk) -> None:
    [token] = desk.do("tokenize", "email", [ADA])
    reader = user_with(desk, "token:create", "token:read", "key:read")
    opener = user_with(desk, "token:detokenize", "key:read")

    assert desk.do("find", "email", ADA, user=reader) == [token]
    with refused("DV602", "token:detokenize"):
        desk.do("detokenize", [token], WHY, user=reader)
    with refused("DV602", "token:detokenize"):
        desk.do("forget", "email", ADA, WHY, user=reader)
    for reason in ("", "  \n"):
        with refused("DV603", "a reason"):
            desk.do("detokenize", [token], reason, user=opener)
    assert desk.do("detokenize", [token], WHY, user=opener) == [ADA]
    assert desk.count() == 1


def test_every_look_is_in_the_audit_trail_with_its_reason(desk: Desk) -> None:
    tokens = desk.do("tokenize", "email", [ADA, GRACE])
    desk.do("detokenize", tokens, WHY)
    ids = [str(parse_token(token).id) for token in tokens]
    [(user, details)] = desk.conn.execute(
        "SELECT user_id, details FROM dsvault.audit_logs WHERE action = 'token.detokenize'"
    ).fetchall()

    assert user == desk.tenant.admin
    assert (details["reason"], details["asked"], set(details["given"])) == (WHY, 2, set(ids))
    assert ADA not in str(details)


def test_a_look_that_is_not_written_down_gives_nothing(desk: Desk) -> None:
    [token] = desk.do("tokenize", "email", [ADA])
    desk.conn.execute("ALTER TABLE dsvault.audit_logs ADD CONSTRAINT x CHECK (false) NOT VALID")
    with refused("23514", "x"):
        desk.do("detokenize", [token], WHY)
    assert desk.count() == 0


def test_accesses_are_counted_without_locking_the_token(desk: Desk, vault: Database) -> None:
    """A transaction that looked behind a token is open; another one looks behind it too."""
    [token] = desk.do("tokenize", "email", [ADA])
    values: list[str] = []

    def look() -> None:
        with (
            vault.connect(superuser=True) as other,
            as_tenant(other, desk.tenant.id, desk.tenant.admin),
        ):
            other.execute("SET LOCAL lock_timeout = '5s'")
            values.extend(desk.vault(other).detokenize([token], WHY))

    with desk.conn.transaction():
        desk.do("detokenize", [token], WHY)
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert values == [ADA]
    desk.do("detokenize", [token, token, token], WHY)


def test_counting_adds_up_and_counts_nothing_twice(desk: Desk) -> None:
    tokens = desk.do("tokenize", "email", [ADA, GRACE])
    desk.do("detokenize", tokens, WHY)
    desk.do("detokenize", tokens[:1], WHY)
    assert (desk.count(), desk.count()) == (3, 0)
    desk.do("detokenize", tokens[:1], WHY)
    assert desk.count() == 1
    counts = desk.conn.execute(
        "SELECT id, accessed_count, last_accessed_at <= now() FROM dsvault.tokens"
    ).fetchall()
    assert {(key, number) for key, number, _ in counts} == {
        (parse_token(tokens[0]).id, 3),
        (parse_token(tokens[1]).id, 1),
    }
    assert all(is_past for _, _, is_past in counts)


def test_a_forgotten_value_is_gone_everywhere(desk: Desk) -> None:
    [same] = desk.do("tokenize", "email", [ADA])
    random = desk.do("tokenize", "email", [ADA, ADA], TokenOptions(is_random=True))
    [one_way] = desk.do("tokenize", "email", [ADA], TokenOptions(is_one_way=True))
    [kept] = desk.do("tokenize", "email", [GRACE])

    assert desk.do("forget", "email", ADA, "article 17") == 4
    assert desk.do("find", "email", ADA, is_everywhere=True) == []
    for token in (same, *random, one_way):
        with pytest.raises(ExpiredTokenError):
            desk.do("detokenize", [token], WHY)
    assert desk.do("detokenize", [kept], WHY) == [GRACE]
    sizes = desk.conn.execute(
        "SELECT octet_length(encrypted_value) FROM dsvault.tokens ORDER BY 1"
    ).fetchall()
    assert [size for (size,) in sizes][:4] == [21] * 4
    [again] = desk.do("tokenize", "email", [ADA])
    assert again not in {same, *random, one_way}, "nothing links the new token to the old ones"
    assert desk.do("forget", "email", "nobody@example.org", WHY) == 0


def test_forgetting_is_in_the_audit_trail(desk: Desk) -> None:
    desk.do("tokenize", "email", [ADA])
    desk.do("forget", "email", ADA, "article 17")
    [(details,)] = desk.conn.execute(
        "SELECT details FROM dsvault.audit_logs WHERE action = 'token.forget'"
    ).fetchall()
    assert (details["reason"], details["forgotten"]) == ("article 17", 1)


def test_a_value_without_the_form_of_its_type_makes_no_token(desk: Desk) -> None:
    with pytest.raises(ValueFormatError):
        desk.do("tokenize", "email", [ADA, "no address"])
    assert desk.conn.execute("SELECT count(*) FROM dsvault.tokens").fetchone() == (0,)


def test_two_sessions_that_meet_agree_on_one_token(desk: Desk, vault: Database) -> None:
    made: list[str] = []

    def tokenize() -> None:
        with (
            vault.connect(superuser=True) as other,
            as_tenant(other, desk.tenant.id, desk.tenant.admin),
        ):
            made.extend(desk.vault(other).tokenize("email", [ADA]))

    with desk.conn.transaction():
        mine = desk.do("tokenize", "email", [ADA])
        thread = threading.Thread(target=tokenize)
        thread.start()  # waits at the unique key until this transaction ends
    thread.join()
    assert made == mine


def test_applications_cannot_write_accesses_or_values(desk: Desk) -> None:
    [token] = desk.do("tokenize", "email", [ADA])
    for statement in (
        "SELECT FROM dsvault.token_accesses",
        "INSERT INTO dsvault.token_accesses (token_ids) VALUES (ARRAY[gen_random_uuid()])",
        "UPDATE dsvault.tokens SET encrypted_value = encrypted_value",
        "UPDATE dsvault.tokens SET token_hash = token_hash",
        "SELECT dsvault.count_token_accesses()",
    ):
        with (
            pytest.raises(psycopg.errors.InsufficientPrivilege),
            as_tenant(desk.conn, desk.tenant.id, desk.tenant.admin) as conn,
        ):
            conn.execute(statement)
    assert desk.do("detokenize", [token], WHY) == [ADA]
