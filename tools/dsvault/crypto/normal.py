"""One spelling for one value, so that equal values have equal hashes.

The rules have a version, which is part of every hash. A rule is never changed: a better one gets a
new version, and what was hashed by the old one is still found by it. No error repeats the value.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import TYPE_CHECKING

from dsvault.crypto.errors import ValueFormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NEWEST_RULES = 1
_SSN = re.compile(r"(?!000|666|9\d\d)\d{3}(?!00)\d\d(?!0000)\d{4}")
_CARD = re.compile(r"\d{12,19}")
_PHONE = re.compile(r"\+[1-9]\d{6,14}")


def normalise(pii_type: str, value: str, *, rules: int = NEWEST_RULES) -> str:
    """Return the one spelling of a value of a type of tokens.pii_type.

    :raises ValueFormatError: it has not the form of its type, or there is no such type or version.
    """
    if rules not in RULES:
        raise ValueFormatError(
            f"There are no rules of version {rules}",
            hint=f"Known are {', '.join(map(str, RULES))}.",
        )
    if pii_type not in RULES[rules]:
        raise ValueFormatError(
            "There is no such type of personal data", hint=f"One of {', '.join(RULES[rules])}."
        )
    return RULES[rules][pii_type](value)


def _email(value: str) -> str:
    """Lower case, the domain as its ASCII form."""
    local, at, domain = unicodedata.normalize("NFKC", value).strip().rpartition("@")
    try:
        domain = domain.lower().rstrip(".").encode("idna").decode()
    except UnicodeError:
        domain = ""
    if not at or not local or not domain or re.search(r"\s", local):
        raise _malformed("email", "local@domain")
    return f"{local.lower()}@{domain}"


def _phone(value: str) -> str:
    """E.164: + and 7 to 15 digits."""
    text = unicodedata.normalize("NFKC", value).strip().replace("(0)", "")
    text = re.sub(r"^00", "+", re.sub(r"[\s().\-/]", "", text))
    if not _PHONE.fullmatch(text) or not text.isascii():
        raise _malformed("phone", "a number with its country code, as +4930123456")
    return text


def _ssn(value: str) -> str:
    """Nine digits of a United States social security number that can be issued."""
    text = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", value))
    if not _SSN.fullmatch(text) or not text.isascii():
        raise _malformed("ssn", "nine digits that can be a social security number")
    return text


def _card(value: str) -> str:
    """12 to 19 digits whose last one is right (ISO/IEC 7812)."""
    text = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", value))
    if not _CARD.fullmatch(text) or not text.isascii() or not _luhn(text):
        raise _malformed("credit_card", "12 to 19 digits with a right check digit")
    return text


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _ip(value: str) -> str:
    """The short form; an IPv4 address inside of IPv6 as itself."""
    try:
        address = ipaddress.ip_address(value.strip())
    except ValueError:
        raise _malformed("ip_address", "an IPv4 or IPv6 address") from None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address)


def _words(value: str) -> str:
    """Compatibility forms, case and runs of white space do not count."""
    text = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
    if not text:
        raise _malformed("name or address", "some text")
    return text


def _exact(value: str) -> str:
    """As it is, but for the ways to write one character."""
    if not value:
        raise _malformed("custom", "some text")
    return unicodedata.normalize("NFC", value)


def _malformed(pii_type: str, expected: str) -> ValueFormatError:
    return ValueFormatError(
        f"The value has not the form of the type {pii_type}",
        detail="a value, not shown here",
        hint=f"Expected is {expected}.",
    )


RULES: Mapping[int, Mapping[str, Callable[[str], str]]] = {
    1: {
        "email": _email,
        "phone": _phone,
        "ssn": _ssn,
        "name": _words,
        "address": _words,
        "credit_card": _card,
        "ip_address": _ip,
        "custom": _exact,
    }
}
PII_TYPES = tuple(RULES[NEWEST_RULES])
