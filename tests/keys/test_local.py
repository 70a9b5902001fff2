"""Keys wrapped by a key that this machine holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from dsvault.crypto import Secret
from dsvault.wrapping import (
    KeyContext,
    LocalProvider,
    WrapError,
    WrongContextError,
    open_local,
    open_provider,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEK = bytes(range(32))
CONTEXT = KeyContext(UUID(int=1), UUID(int=2), "dataset", "local")


@pytest.fixture
def kek_file(tmp_path: Path) -> Path:
    path = tmp_path / "kek"
    path.write_bytes(KEK)
    path.chmod(0o600)
    return path


def test_a_key_is_wrapped_by_rfc_5649_behind_its_header() -> None:
    wrapped = LocalProvider("test", Secret(KEK)).wrap(Secret(bytes(32)), CONTEXT)
    assert wrapped[:6] == b"DSW\1\1\1"
    assert len(wrapped) == 6 + 64 + 8


def test_no_two_contexts_have_the_same_digest() -> None:
    one, other = UUID(int=1), UUID(int=2)
    contexts = [
        KeyContext(one, one, "dataset", "local"),
        KeyContext(other, one, "dataset", "local"),
        KeyContext(one, other, "dataset", "local"),
        KeyContext(one, one, "field", "local"),
        KeyContext(one, one, "dataset", "vault"),
        KeyContext(one, one, "datasetlocal", ""),
    ]
    assert len({context.digest() for context in contexts}) == len(contexts)


def test_an_error_of_unwrapping_carries_no_other_error_along() -> None:
    wrapped = LocalProvider("test", Secret(KEK)).wrap(Secret(bytes(32)), CONTEXT)
    with pytest.raises(WrongContextError) as caught:
        LocalProvider("test", Secret(bytes(32))).unwrap(wrapped, CONTEXT)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_wrap_of_an_unknown_scheme_is_refused() -> None:
    provider = LocalProvider("test", Secret(KEK))
    wrapped = provider.wrap(Secret(bytes(32)), CONTEXT)
    with pytest.raises(WrapError, match="by a scheme that this release does not know"):
        provider.unwrap(wrapped[:5] + b"\x09" + wrapped[6:], CONTEXT)


def test_a_new_wrap_that_does_not_give_the_key_back_is_refused() -> None:
    class Forgetful(LocalProvider):
        def wrap(self, secret: Secret, context: KeyContext) -> bytes:
            return super().wrap(Secret.random(), context)

    provider = LocalProvider("test", Secret(KEK))
    wrapped = provider.wrap(Secret(bytes(32)), CONTEXT)
    with pytest.raises(WrapError, match="does not give the key back"):
        provider.rewrap(wrapped, CONTEXT, Forgetful("new", Secret.random()))


def test_every_source_gives_the_same_key(kek_file: Path) -> None:
    environ = {"A_KEK": KEK.hex(), "UPPER": KEK.hex().upper() + "\n"}
    text = kek_file.with_name("hex")
    text.write_text(KEK.hex() + "\n")
    text.chmod(0o400)
    wrapped = LocalProvider("test", Secret(KEK)).wrap(Secret(bytes(32)), CONTEXT)

    for source in (f"file:{kek_file}", f"file:{text}", "env:A_KEK", "env:UPPER"):
        provider = open_local(source, environ)
        assert provider.unwrap(wrapped, CONTEXT) == Secret(bytes(32))
        assert KEK.hex() not in repr(provider) + str(provider.describe())


def test_a_file_is_noted_by_its_whole_path_wherever_the_command_ran(
    kek_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(kek_file.parent)
    monkeypatch.setenv("HOME", str(kek_file.parent))
    for written in ("kek", "./kek", "~/kek"):
        assert open_local(f"file:{written}").kms_key_id == f"file:{kek_file}"


def test_a_passphrase_makes_the_key_by_scrypt(kek_file: Path) -> None:
    phrase = "correct horse battery staple"
    kek_file.write_text(phrase + "\n")
    first = open_local("passphrase:PHRASE", {"PHRASE": phrase})
    second = open_local(f"passphrase-file:{kek_file}")
    wrapped = first.wrap(Secret(bytes(32)), CONTEXT)

    assert wrapped[5] == 2
    assert first.wrap(Secret(bytes(32)), CONTEXT)[6:22] == wrapped[6:22], "one salt an object"
    assert second.unwrap(wrapped, CONTEXT) == Secret(bytes(32))
    with pytest.raises(WrongContextError):
        open_local("passphrase:PHRASE", {"PHRASE": phrase + "!"}).unwrap(wrapped, CONTEXT)
    with pytest.raises(WrongContextError):
        LocalProvider("test", Secret(KEK)).unwrap(wrapped, CONTEXT)


@pytest.mark.parametrize("place", [22, 23, 24])
@pytest.mark.parametrize("value", [0, 255])
def test_a_wrapped_key_cannot_ask_for_any_amount_of_work(place: int, value: int) -> None:
    provider = open_local("passphrase:PHRASE", {"PHRASE": "correct horse battery staple"})
    wrapped = bytearray(b"DSW\1\1\2" + bytes(16) + bytes((14, 8, 1)) + bytes(72))
    wrapped[place] = value
    with pytest.raises(WrapError, match="more work"):
        provider.unwrap(bytes(wrapped), CONTEXT)


def too_open(path: Path) -> None:
    path.chmod(0o640)


def too_short(path: Path) -> None:
    path.write_bytes(KEK[:31])


def no_hex(path: Path) -> None:
    path.write_text("x" * 64)


def missing(path: Path) -> None:
    path.unlink()


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def of_another(path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to give the file away")
    os.chown(path, 12345, 12345)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (too_open, "Others may use"),
        (too_short, "holds no key"),
        (no_hex, "holds no key"),
        (missing, "cannot be read"),
        (a_folder, "cannot be read"),
        (of_another, "belongs to somebody else"),
    ],
)
def test_a_file_that_is_not_safe_or_no_key_is_refused(
    kek_file: Path, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(kek_file)
    with pytest.raises(WrapError, match=words):
        open_local(f"file:{kek_file}")


@pytest.mark.parametrize(
    "source",
    ["", "file", "file:", "kek", "http://kek", "env:NOT_SET", "env:SHORT", "passphrase:SHORT"],
)
def test_a_source_that_gives_no_key_is_refused_without_showing_it(source: str) -> None:
    with pytest.raises(WrapError) as caught:
        open_local(source, {"SHORT": "hunter2"})
    assert "hunter2" not in "".join(caught.value.lines())


def test_an_unknown_provider_is_refused() -> None:
    with pytest.raises(WrapError, match="no provider pigeon"):
        open_provider("pigeon", "x")
