"""Published vectors: what we use is what the standards say."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.keywrap import (
    aes_key_unwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap,
    aes_key_wrap_with_padding,
)

from dsvault.crypto import AesGcm, TamperedError, XaesGcm

KEY_DATA = "00112233445566778899aabbccddeeff0001020304050607"
KEK = "000102030405060708090a0b0c0d0e0f1011121314151617 18191a1b1c1d1e1f"


@pytest.mark.parametrize(
    ("kek_bytes", "data_bytes", "wrapped"),
    [
        (16, 16, "1FA68B0A8112B447 AEF34BD8FB5A7B82 9D3E862371D2CFE5"),
        (24, 16, "96778B25AE6CA435 F92B5B97C050AED2 468AB8A17AD84E5D"),
        (32, 16, "64E8C3F9CE0F5BA2 63E9777905818A2A 93C8191E7D6E8AE7"),
        (24, 24, "031D33264E15D332 68F24EC260743EDC E1C6C7DDEE725A93 6BA814915C6762D2"),
        (32, 24, "A8F9BC1612C68B3F F6E6F4FBE30E71E4 769C8B80A32CB895 8CD5D17D6B254DA1"),
    ],
)
def test_key_wrap_is_that_of_rfc_3394(kek_bytes: int, data_bytes: int, wrapped: str) -> None:
    kek = bytes.fromhex(KEK)[:kek_bytes]
    data = bytes.fromhex(KEY_DATA)[:data_bytes]

    assert aes_key_wrap(kek, data) == bytes.fromhex(wrapped)
    assert aes_key_unwrap(kek, bytes.fromhex(wrapped)) == data


@pytest.mark.parametrize(
    ("data", "wrapped"),
    [
        (
            "c37b7e6492584340bed12207808941155068f738",
            "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a",
        ),
        ("466f7250617369", "afbeb0f07dfbf5419200f2ccb50bb24f"),
    ],
)
def test_key_wrap_with_padding_is_that_of_rfc_5649(data: str, wrapped: str) -> None:
    kek = bytes.fromhex("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8")

    assert aes_key_wrap_with_padding(kek, bytes.fromhex(data)).hex() == wrapped
    assert aes_key_unwrap_with_padding(kek, bytes.fromhex(wrapped)).hex() == data


GCM_KEY = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
GCM_PLAIN = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
)
GCM_CIPHER = (
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
)


@pytest.mark.parametrize(
    ("key", "nonce", "plain", "associated", "cipher", "tag"),
    [
        ("00" * 32, "00" * 12, "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
        (
            "00" * 32,
            "00" * 12,
            "00" * 16,
            "",
            "cea7403d4d606b6e074ec5d3baf39d18",
            "d0d1c8a799996bf0265b98b5d48ab919",
        ),
        (
            GCM_KEY,
            "cafebabefacedbaddecaf888",
            GCM_PLAIN,
            "",
            GCM_CIPHER,
            "b094dac5d93471bdec1a502270e3cc6c",
        ),
        (
            GCM_KEY,
            "cafebabefacedbaddecaf888",
            GCM_PLAIN[:120],
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            GCM_CIPHER[:120],
            "76fc6ece0f4e1768cddf8853bb2d551b",
        ),
    ],
)
def test_the_first_suite_is_aes_256_gcm_as_submitted_to_nist(  # noqa: PLR0917 - a row of the table
    key: str, nonce: str, plain: str, associated: str, cipher: str, tag: str
) -> None:
    suite = AesGcm(bytes.fromhex(key))
    sealed = suite.encrypt(bytes.fromhex(nonce), bytes.fromhex(plain), bytes.fromhex(associated))

    assert sealed.hex() == cipher + tag
    assert suite.decrypt(bytes.fromhex(nonce), sealed, bytes.fromhex(associated)).hex() == plain
    with pytest.raises(TamperedError):
        suite.decrypt(bytes.fromhex(nonce), sealed, bytes.fromhex(associated) + b"x")


@pytest.mark.parametrize(
    ("key", "associated", "sealed"),
    [
        (b"\1", b"", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"),
        (
            b"\3",
            b"c2sp.org/XAES-256-GCM",
            "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d",
        ),
    ],
)
def test_the_second_suite_is_xaes_256_gcm_of_c2sp(
    key: bytes, associated: bytes, sealed: str
) -> None:
    suite, nonce = XaesGcm(key * 32), b"ABCDEFGHIJKLMNOPQRSTUVWX"

    assert suite.encrypt(nonce, b"XAES-256-GCM", associated).hex() == sealed
    assert suite.decrypt(nonce, bytes.fromhex(sealed), associated) == b"XAES-256-GCM"


class Shake:
    """SHAKE128 read like a stream."""

    def __init__(self, total: int) -> None:
        self._bytes = hashlib.shake_128().digest(total)
        self._at = 0

    def read(self, size: int) -> bytes:
        self._at += size
        return self._bytes[self._at - size : self._at]


def test_the_second_suite_passes_the_ten_thousand_random_cases_of_c2sp() -> None:
    source, seen = Shake(10_000 * 600), hashlib.shake_128()
    for _ in range(10_000):
        key, nonce = source.read(32), source.read(24)
        plain = source.read(source.read(1)[0])
        associated = source.read(source.read(1)[0])
        seen.update(XaesGcm(key).encrypt(nonce, plain, associated))

    assert seen.hexdigest(32) == "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939"


@pytest.mark.parametrize(
    ("key", "data", "expected"),
    [
        (
            b"\x0b" * 20,
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            b"\xaa" * 20,
            b"\xdd" * 50,
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        ),
        (
            bytes(range(1, 26)),
            b"\xcd" * 50,
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        ),
        (
            b"\xaa" * 131,
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ],
)
def test_hmac_is_that_of_rfc_4231(key: bytes, data: bytes, expected: str) -> None:
    assert hmac.new(key, data, hashlib.sha256).hexdigest() == expected


def test_the_subkey_of_the_second_suite_is_that_of_cmac() -> None:
    """NIST SP 800-38B, example for AES-256: the first subkey."""
    key = bytes.fromhex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
    cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - one block, as CMAC does
    block = cipher.encryptor().update(bytes(16))

    assert block.hex() == "e568f68194cf76d6174d4cc04310a854"
    assert XaesGcm(key)._subkey.hex() == "cad1ed03299eedac2e9a99808621502f"
