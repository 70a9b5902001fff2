"""What every provider promises, asked of each in the same way."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from dsvault.crypto import CryptoError, Secret
from dsvault.wrapping import (
    DestroyedError,
    KeyContext,
    LocalProvider,
    Provider,
    WrapError,
    WrappedFormatError,
    WrongContextError,
    destroyed_key,
)

MATERIAL = b"a key of thirty-two bytes exact!"
OTHER = UUID("99999999-9999-4999-8999-999999999999")


@dataclass(frozen=True)
class Subject:
    """A provider, another of the same service with another key, and how it says no to nothing."""

    provider: Provider
    other: Provider

    @property
    def context(self) -> KeyContext:
        return KeyContext(UUID(int=1), UUID(int=2), "dataset", self.provider.name)


class ProviderContract:
    """Inherited by the tests of each provider, which give the fixture `subject`."""

    def test_a_wrapped_key_is_unwrapped(self, subject: Subject) -> None:
        wrapped = subject.provider.wrap(Secret(MATERIAL), subject.context)
        assert wrapped[:4] == b"DSW\1"
        assert MATERIAL not in wrapped
        assert subject.provider.unwrap(wrapped, subject.context) == Secret(MATERIAL)

    @pytest.mark.parametrize(
        "change",
        [{"tenant_id": OTHER}, {"key_id": OTHER}, {"key_type": "field"}],
        ids=["tenant", "key", "type"],
    )
    def test_a_wrapped_key_in_another_row_is_refused(
        self, subject: Subject, change: dict[str, UUID]
    ) -> None:
        wrapped = subject.provider.wrap(Secret(MATERIAL), subject.context)
        with pytest.raises(WrongContextError):
            subject.provider.unwrap(wrapped, replace(subject.context, **change))

    def test_a_key_of_another_provider_is_refused(self, subject: Subject) -> None:
        name = "vault" if subject.provider.name == "local" else "local"
        context = replace(subject.context, provider=name)
        with pytest.raises(WrapError, match="another provider"):
            subject.provider.wrap(Secret(MATERIAL), context)
        with pytest.raises(WrapError, match="another provider"):
            subject.provider.unwrap(b"DSW\1\1\1" + bytes(72), context)
        wrapped = bytearray(subject.provider.wrap(Secret(MATERIAL), subject.context))
        wrapped[4] = wrapped[4] % 5 + 1
        with pytest.raises(WrappedFormatError, match="another provider"):
            subject.provider.unwrap(bytes(wrapped), subject.context)

    def test_another_key_of_the_service_does_not_unwrap(self, subject: Subject) -> None:
        wrapped = subject.provider.wrap(Secret(MATERIAL), subject.context)
        with pytest.raises(WrapError):  # some say that it is wrong, some that it is not theirs
            subject.other.unwrap(wrapped, subject.context)

    def test_whatever_is_changed_is_noticed(self, subject: Subject) -> None:
        wrapped = subject.provider.wrap(Secret(MATERIAL), subject.context)
        places = {*range(8), len(wrapped) // 2, len(wrapped) - 1}
        changed = [
            wrapped[:place] + bytes((wrapped[place] ^ 1,)) + wrapped[place + 1 :]
            for place in sorted(places)
        ]
        for spoiled in (*changed, wrapped[:-1], wrapped[:20], b"", wrapped[:6]):
            with pytest.raises(WrapError):
                subject.provider.unwrap(spoiled, subject.context)

    def test_a_destroyed_key_says_so(self, subject: Subject) -> None:
        with pytest.raises(DestroyedError):
            subject.provider.unwrap(destroyed_key(subject.provider.name), subject.context)

    def test_it_is_healthy_and_describes_itself(self, subject: Subject) -> None:
        assert subject.provider.health().is_healthy
        described = subject.provider.describe()
        assert (described.provider, described.kms_key_id) == (
            subject.provider.name,
            subject.provider.kms_key_id,
        )

    def test_a_key_moves_to_another_key_of_the_service_and_back_to_a_local_one(
        self, subject: Subject
    ) -> None:
        local = LocalProvider("test", Secret.random())
        wrapped = subject.provider.wrap(Secret(MATERIAL), subject.context)
        moved = subject.provider.rewrap(wrapped, subject.context, subject.other)
        home = subject.other.rewrap(moved, subject.context, local)

        assert subject.other.unwrap(moved, subject.context) == Secret(MATERIAL)
        assert local.unwrap(home, replace(subject.context, provider="local")) == Secret(MATERIAL)

    def test_no_error_shows_the_key(self, subject: Subject) -> None:
        wrapped = subject.provider.wrap(Secret(MATERIAL), subject.context)
        for spoiled in (wrapped[:-1], wrapped[:6] + b"x" + wrapped[6:]):
            with pytest.raises(CryptoError) as caught:
                subject.provider.unwrap(spoiled, subject.context)
            told = "".join(traceback.format_exception(caught.value))
            told += "".join(caught.value.lines()) + repr(subject.provider)
            assert "thirty-two" not in told
            assert MATERIAL.hex() not in told
