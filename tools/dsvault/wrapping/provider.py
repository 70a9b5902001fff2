"""The interface of every provider: wrap, unwrap, rewrap, health, describe."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from dsvault.crypto import Secret
from dsvault.wrapping.envelope import KeyContext, bound, pack, unbound, unpack
from dsvault.wrapping.errors import WrapError, WrappedFormatError

if TYPE_CHECKING:
    from typing import ClassVar

_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a key encryption key can be used: a trial key was wrapped and unwrapped."""

    is_healthy: bool
    message: str


@dataclass(frozen=True, slots=True)
class Description:
    """What a provider says of its key encryption key; never the key."""

    provider: str
    kms_key_id: str
    details: dict[str, str]


class Provider(ABC):
    """One key encryption key of one service.

    A provider implements `_wrap` and `_unwrap` for 64 bytes, and says what it is. Header and
    binding to the row are the same for all.
    """

    name: ClassVar[str]
    schemes: ClassVar[tuple[int, ...]] = (1,)

    def __init__(self, kms_key_id: str) -> None:
        self.kms_key_id = kms_key_id

    def __repr__(self) -> str:
        """Tell which key it is and nothing of it."""
        return f"{type(self).__name__}({self.kms_key_id!r}, key not shown)"

    def wrap(self, secret: Secret, context: KeyContext) -> bytes:
        """Return a key of 32 bytes wrapped for its row.

        :raises WrapError: the service refuses, or the context names another provider.
        """
        self._check(context)
        scheme, wrapped = self._wrap(bound(secret, context), context)
        return pack(self.name, scheme, wrapped)

    def unwrap(self, wrapped_key: bytes, context: KeyContext) -> Secret:
        """Return the key of a row.

        :raises WrappedFormatError: these bytes are not wrapped so.
        :raises dsvault.wrapping.errors.WrongContextError: they are altered, of another row or KEK.
        :raises dsvault.wrapping.errors.DestroyedError: the key was destroyed.
        :raises dsvault.wrapping.errors.ServiceError: the service cannot be asked.
        """
        self._check(context)
        scheme, wrapped = unpack(wrapped_key, self.name)
        if scheme not in self.schemes:
            raise WrappedFormatError(
                "The key was wrapped by a scheme that this release does not know",
                detail=f"scheme {scheme} of {self.name}",
            )
        return unbound(self._unwrap(scheme, wrapped, context), context)

    def rewrap(self, wrapped_key: bytes, context: KeyContext, new: Provider) -> bytes:
        """Return a key wrapped by another key encryption key, proven by unwrapping it.

        context names this provider; the new one's name takes its place in what is wrapped.

        :raises WrapError: as for unwrap and wrap, or the new wrap does not give the key back.
        """
        secret = self.unwrap(wrapped_key, context)
        try:
            target = KeyContext(context.tenant_id, context.key_id, context.key_type, new.name)
            rewrapped = new.wrap(secret, target)
            proof = new.unwrap(rewrapped, target)
            if proof != secret:
                raise WrapError(
                    "What was wrapped anew does not give the key back",
                    hint="Nothing was changed; look at the key service.",
                )
            proof.wipe()
        finally:
            secret.wipe()
        return rewrapped

    def health(self) -> Health:
        """Wrap and unwrap a key made for the trial."""
        context = KeyContext(_NOBODY, _NOBODY, "health", self.name)
        trial = Secret.random()
        try:
            is_same = self.unwrap(self.wrap(trial, context), context) == trial
        except WrapError as error:
            return Health(is_healthy=False, message=" ".join(error.lines()))
        if not is_same:
            return Health(is_healthy=False, message="what was wrapped does not come back")
        return Health(is_healthy=True, message="a key was wrapped and unwrapped")

    @abstractmethod
    def describe(self) -> Description:
        """Return what is known of the key encryption key."""

    @abstractmethod
    def _wrap(self, payload: bytes, context: KeyContext) -> tuple[int, bytes]:
        """Return scheme and wrapped bytes."""

    @abstractmethod
    def _unwrap(self, scheme: int, wrapped: bytes, context: KeyContext) -> bytes:
        """Return the payload."""

    def _check(self, context: KeyContext) -> None:
        if context.provider != self.name:
            raise WrapError(
                "The key belongs to another provider",
                detail=f"{context.provider}, this is {self.name}",
            )
