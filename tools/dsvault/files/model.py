"""What every format offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from types import TracebackType

    Content: TypeAlias = Mapping[str, Any] | bytes


class _Closing(ABC):
    """Something that is closed at the end of a block."""

    def __enter__(self) -> Any:  # noqa: ANN401 - the subclass itself
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Let go of the file."""


class Source(_Closing):
    """A file that is read."""

    @abstractmethod
    def records(self) -> Iterator[Content]:
        """Yield the records in the file's order, never more of them in memory than a few thousand.

        :raises dsvault.files.FileFormatError: a record is not as it should be.
        """

    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns; none where each record has its own."""

    @abstractmethod
    def text_columns(self) -> tuple[str, ...] | None:
        """Return the names of the columns that hold texts; None where each record has its own."""

    def as_texts(self, names: Collection[str]) -> None:
        """Give whole numbers of these columns as texts from here on, and describe them so."""

    @abstractmethod
    def description(self) -> dict[str, Any]:
        """Return as JSON what a sink needs to know; all of it is known after the last record."""


class Sink(_Closing):
    """A file that is written. It is there when it is closed, whole, and not before."""

    @abstractmethod
    def write(self, content: bytes) -> None:
        """Write a record: the JSON object that it was stored as."""

    @abstractmethod
    def abandon(self) -> None:
        """Close without leaving a file."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it; after an error leave nothing."""
        if error is None:
            self.close()
        else:
            self.abandon()
