"""Encryption, keyed hashes and tokens for applications: pure, the keys come in as arguments.

    key = DataKey(key_id, Secret.random())                      # or unwrapped, see dsvault.wrapping
    hash_key = HashKey(hash_key_id, tenant_id, Secret.random())
    writer = RecordWriter(tenant_id, dataset_id, key, hash_key)
    for batch in writer.encrypt({"name": name} for name in names):
        ...                                                     # dsvault.client.insert_records
    RecordReader(tenant_id, dataset_id, Keyring([key])).read(record_id, encrypted_data)

| name | what it is |
|---|---|
| `Secret` | key material that does not show itself |
| `DataKey`, `Keyring` | keys that encrypt and read; each ciphertext names its key |
| `AesGcm`, `XaesGcm` | the suites |
| `HashKey` | `content_hash` and `token_hash` |
| `RecordWriter`, `RecordReader`, `Plain`, `Batch` | records, in streams |
| `FieldRule`, `encrypt_fields`, `decrypt_fields` | fields encrypted apart, with `pii_annotations` |
| `record_place`, `token_place` | where a ciphertext belongs, authenticated with it |
| `normalise` | one spelling for a value of a type |
| `Token`, `parse_token` | the text of a token |

Every error is a CryptoError. None holds a key or a plain text.
"""

from __future__ import annotations

from dsvault.crypto.binding import Place, record_place, token_place
from dsvault.crypto.content import canonical, decode_json, encode_json
from dsvault.crypto.envelope import Header, empty_envelope, parse_header
from dsvault.crypto.errors import (
    ContentError,
    CryptoError,
    EnvelopeError,
    PointerError,
    SecretError,
    TamperedError,
    UnknownKeyError,
    UnknownSuiteError,
    UnknownVersionError,
    ValueFormatError,
)
from dsvault.crypto.fields import FieldRule, SealedFields, decrypt_fields, encrypt_fields
from dsvault.crypto.hashing import HashKey
from dsvault.crypto.keys import DataKey, Keyring
from dsvault.crypto.normal import PII_TYPES, normalise
from dsvault.crypto.pointer import pointer_to
from dsvault.crypto.records import Batch, Plain, RecordReader, RecordWriter
from dsvault.crypto.secret import Secret
from dsvault.crypto.suites import SUITES, AesGcm, Suite, XaesGcm, suite_of
from dsvault.crypto.tokentext import Token, TokenTextError, parse_token

__all__ = [
    "PII_TYPES",
    "SUITES",
    "AesGcm",
    "Batch",
    "ContentError",
    "CryptoError",
    "DataKey",
    "EnvelopeError",
    "FieldRule",
    "HashKey",
    "Header",
    "Keyring",
    "Place",
    "Plain",
    "PointerError",
    "RecordReader",
    "RecordWriter",
    "SealedFields",
    "Secret",
    "SecretError",
    "Suite",
    "TamperedError",
    "Token",
    "TokenTextError",
    "UnknownKeyError",
    "UnknownSuiteError",
    "UnknownVersionError",
    "ValueFormatError",
    "XaesGcm",
    "canonical",
    "decode_json",
    "decrypt_fields",
    "empty_envelope",
    "encode_json",
    "encrypt_fields",
    "normalise",
    "parse_header",
    "parse_token",
    "pointer_to",
    "record_place",
    "suite_of",
    "token_place",
]
