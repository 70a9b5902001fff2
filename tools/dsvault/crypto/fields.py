"""Some fields of a record encrypted apart, under a key of their own.

Whoever holds the dataset's key reads the record without them, whoever holds the field key too reads
all. An encrypted field is {"$dsvault": "base64 of its envelope"}; `pii_annotations` says for each
JSON pointer what was there:

    {"/email": {"type": "email", "encrypted": true, "key": "…", "token": "tok_email_…"}}

The pointer is authenticated with the field. Annotations are not: they tell where to look, and an
edited one hides a field or fails, but never shows one.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dsvault.crypto.binding import record_place
from dsvault.crypto.content import decode_json, encode_json
from dsvault.crypto.errors import EnvelopeError, ValueFormatError
from dsvault.crypto.normal import PII_TYPES
from dsvault.crypto.pointer import get, has, parse_pointer, replaced

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from dsvault.crypto.content import Json
    from dsvault.crypto.keys import DataKey, Keyring

MARK = "$dsvault"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A field to encrypt apart: where it is, and which type of personal data it holds."""

    pointer: str
    pii_type: str = "custom"

    def __post_init__(self) -> None:
        """Refuse what is no pointer or no type."""
        parse_pointer(self.pointer)
        if self.pii_type not in PII_TYPES:
            raise ValueFormatError(
                f"There is no type of personal data for {self.pointer}",
                detail=repr(self.pii_type),
                hint=f"One of {', '.join(PII_TYPES)}.",
            )


@dataclass(frozen=True, slots=True)
class SealedFields:
    """A record whose fields are encrypted, and the pii_annotations that describe them."""

    content: dict[str, Any]
    annotations: dict[str, dict[str, Any]] = field(default_factory=dict)


def encrypt_fields(
    content: Mapping[str, Any],
    rules: Sequence[FieldRule],
    key: DataKey,
    place: tuple[UUID, UUID, UUID],
    tokens: Mapping[str, str] | None = None,
) -> SealedFields:
    """Encrypt the fields of a record that it has; a rule for another is passed over.

    place is tenant, dataset and record; tokens gives for a pointer the token to be annotated.
    A rule inside of a field that another encrypts is passed over too: the outer one comes first.

    :raises dsvault.crypto.errors.ContentError: a field is no JSON.
    """
    record: dict[str, Any] = dict(content)
    annotations: dict[str, dict[str, Any]] = {}
    for rule in sorted(rules, key=lambda rule: rule.pointer.count("/")):
        if not has(record, rule.pointer):
            continue
        sealed = key.encrypt(
            encode_json(get(record, rule.pointer)), record_place(*place, rule.pointer)
        )
        record = replaced(record, rule.pointer, {MARK: base64.b64encode(sealed).decode()})
        annotations[rule.pointer] = {
            "type": rule.pii_type,
            "encrypted": True,
            "key": str(key.id),
        }
        if tokens and rule.pointer in tokens:
            annotations[rule.pointer]["token"] = tokens[rule.pointer]
    return SealedFields(record, annotations)


def decrypt_fields(
    content: Mapping[str, Any],
    annotations: Mapping[str, Mapping[str, Any]] | None,
    keys: Keyring,
    place: tuple[UUID, UUID, UUID],
) -> dict[str, Any]:
    """Return a record with its annotated fields in plain text.

    :raises EnvelopeError: an annotated field holds something else.
    :raises dsvault.crypto.errors.TamperedError: a field is not from this place.
    :raises dsvault.crypto.errors.UnknownKeyError: the field key is not at hand.
    """
    record: dict[str, Any] = dict(content)
    for pointer, about in (annotations or {}).items():
        if about.get("encrypted"):
            envelope = _envelope(get(record, pointer), pointer)
            plain = keys.decrypt(envelope, record_place(*place, pointer))
            record = replaced(record, pointer, decode_json(plain))
    return record


def _envelope(value: Json, pointer: str) -> bytes:
    try:
        return base64.b64decode(value[MARK], validate=True)
    except (TypeError, KeyError, ValueError, binascii.Error):
        raise EnvelopeError(
            f"The field {pointer} is not encrypted as its annotation says"
        ) from None
