"""Spellings of values, their hashes, and the text of tokens."""

from __future__ import annotations

import hashlib
import hmac
import re
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.crypto.makers import OTHER, RECORD, TENANT, hash_key

from dsvault.crypto import (
    PII_TYPES,
    Token,
    TokenTextError,
    ValueFormatError,
    normalise,
    parse_token,
)

SPELLINGS = [
    ("email", "ada@example.org", ["Ada@Example.ORG", "  ada@example.org\n", "ada@example.org."]),
    ("email", "j@xn--mnchen-3ya.de", ["J@München.de", "j@mu\u0308nchen.de"]),
    ("phone", "+4930123456", ["+49 (0)30 12-34.56", "0049 30 123456", "+49/30/123456"]),
    ("ssn", "123456789", ["123-45-6789", "123 45 6789"]),
    ("credit_card", "4111111111111111", ["4111 1111 1111 1111", "4111-1111-1111-1111"]),
    ("ip_address", "192.0.2.1", [" 192.0.2.1 ", "::ffff:192.0.2.1", "::FFFF:C000:201"]),
    ("ip_address", "2001:db8::1", ["2001:0DB8:0:0:0:0:0:1"]),
    ("name", "ada lovelace", ["Ada  Lovelace", " ADA\tLOVELACE ", "\uff21\uff44\uff41 Lovelace"]),
    ("address", "12 strasse, bern", ["12 Straße,  Bern"]),
    ("custom", " Exact ", [" Exact "]),
    ("custom", "\u00fc", ["u\u0308"]),
]


@pytest.mark.parametrize(("pii_type", "normal", "spellings"), SPELLINGS)
def test_equal_values_have_one_spelling(pii_type: str, normal: str, spellings: list[str]) -> None:
    assert {normalise(pii_type, text) for text in [normal, *spellings]} == {normal}
    hashes = {hash_key().token_hash(pii_type, text) for text in [normal, *spellings]}
    assert len(hashes) == 1


@pytest.mark.parametrize(
    ("pii_type", "text"),
    [
        *(("email", text) for text in ("ada", "@example.org", "ada@", "a b@example.org", "a@b..c")),
        *(("phone", text) for text in ("030 123456", "+0123456789", "+1", "+1234567890123456")),
        ("phone", "+49 30 CALL ME"),
        *(("ssn", text) for text in ("000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567")),
        *(("ssn", text) for text in ("123-45-0000", "12345678", "1234567890")),
        *(("credit_card", text) for text in ("4111111111111112", "41111111111", "4111 card")),
        *(("ip_address", text) for text in ("192.0.2.256", "192.0.2", "1:2", "")),
        *((pii_type, " ") for pii_type in ("name", "address")),
        ("custom", ""),
        ("shoe_size", "42"),
    ],
)
def test_what_has_not_the_form_of_its_type_is_refused_and_not_repeated(
    pii_type: str, text: str
) -> None:
    with pytest.raises(ValueFormatError) as caught:
        normalise(pii_type, text)
    assert not text.strip() or text not in "".join(caught.value.lines())
    assert caught.value.__cause__ is None


def test_rules_of_an_unknown_version_are_refused() -> None:
    with pytest.raises(ValueFormatError, match="version 99"):
        normalise("email", "ada@example.org", rules=99)


@pytest.mark.parametrize("pii_type", [kind for kind in PII_TYPES if kind in {"name", "custom"}])
@given(text=st.text(min_size=1).filter(str.strip))
def test_a_normal_spelling_is_its_own(pii_type: str, text: str) -> None:
    normal = normalise(pii_type, text)
    assert normalise(pii_type, normal) == normal


def test_hashes_of_different_purposes_types_and_tenants_differ() -> None:
    key, value = hash_key(), "ada lovelace"
    hashes = {
        key.token_hash("name", value),
        key.token_hash("address", value),
        key.token_hash("custom", value),
        key.token_hash("name", value, is_one_way=True),
        key.content_hash(value.encode()),
        key.random_token_hash("name", value, RECORD),
        key.random_token_hash("name", value, OTHER),
        hash_key(OTHER).token_hash("name", value),
        hmac.new(b"h" * 32, value.encode(), hashlib.sha256).hexdigest(),
        hashlib.sha256(value.encode()).hexdigest(),
    }

    assert len(hashes) == 10
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in hashes)
    assert key.random_token_hashes("name", "Ada  Lovelace", [OTHER, RECORD]) == [
        key.random_token_hash("name", value, OTHER),
        key.random_token_hash("name", value, RECORD),
    ]


def test_hashes_never_change() -> None:
    """What is stored must be found by every later release."""
    key = hash_key(TENANT)
    assert key.content_hash(b'{"a":1}') == (
        "70910b9e3a9fd5a8ea9caac555636deda9a2adae44e308e4e9d757c1ca075399"
    )
    assert key.token_hash("email", "ada@example.org") == (
        "bd93e218e9a51737ecfdaf5799c44be2d05d030b4ccf9e0660d29f47628b161f"
    )
    assert key.random_token_hash("email", "ada@example.org", RECORD) == (
        "cc4231d62ae3a1d2ab1b66b0fcddaaaaa75cb282028d331796bda856ae83eecf"
    )


@given(st.sampled_from(PII_TYPES), st.uuids())
def test_a_token_is_read_as_it_is_written(pii_type: str, token_id: UUID) -> None:
    token = Token(pii_type, token_id)
    text = str(token)

    assert re.fullmatch(r"tok_[a-z_]+_[0-9A-HJKMNP-TV-Z]{30}", text)
    assert parse_token(text) == token
    body = text[-30:]
    typed = body.lower().replace("0", "o").replace("1", "l")
    assert parse_token(f" {text[:-30]}{typed}\n") == token


def test_a_mistyped_token_is_noticed() -> None:
    text = str(Token("email", RECORD))
    body = text[-30:]
    noticed = 0
    for place, letter in enumerate(body):
        for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".replace(letter, ""):
            with pytest.raises(TokenTextError):
                parse_token(text[:-30] + body[:place] + other + body[place + 1 :])
            noticed += 1
    assert noticed == 30 * 31
    for wrong in ("tok_name_" + body, "tok_email_" + body[:-1], text + "0", "", "tok__" + body):
        with pytest.raises(TokenTextError):
            parse_token(wrong)
    assert parse_token(str(Token("email", uuid4()))).pii_type == "email"
