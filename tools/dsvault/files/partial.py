"""A file that appears under its name when it is whole."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, cast

from dsvault.files.errors import FileFormatError

if TYPE_CHECKING:
    from collections.abc import Callable

    Check: TypeAlias = Callable[[bytes], None]


class PartialFile:
    """A file beside the wanted one, readable by its owner alone, that takes its name at the end.

    check is given SHA-256 of the whole file before that, and may raise.
    """

    def __init__(self, path: Path, check: Check | None = None) -> None:
        """Refuse a path that is taken, or where nothing can be written.

        :raises FileFormatError: see above.
        """
        self._path, self._check = path, check
        if path.exists():
            raise FileFormatError(
                f"There is a file {path} already", hint="Name another one, or remove it first."
            )
        try:
            number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        except OSError as error:
            raise FileFormatError(
                f"{path} cannot be written",
                detail=error.strerror,
                hint="Name a file in a folder that is there and that you may write to.",
            ) from None
        self._partial = Path(name)
        self.file: BinaryIO = cast("BinaryIO", os.fdopen(number, "wb"))

    def finish(self) -> None:
        """Give the file its name; refuse to replace one that came meanwhile."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        try:
            if self._check is not None:
                with self._partial.open("rb") as file:
                    self._check(hashlib.file_digest(file, "sha256").digest())
            os.link(self._partial, self._path)
        except FileExistsError:
            raise FileFormatError(f"There is a file {self._path} already") from None
        finally:
            self._partial.unlink()

    def abandon(self) -> None:
        """Leave nothing."""
        self.file.close()
        self._partial.unlink(missing_ok=True)
