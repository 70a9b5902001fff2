"""What can be wrong with a file of records."""

from __future__ import annotations

from dsvault.errors import DsvaultError


class FileFormatError(DsvaultError):
    """The file cannot be read as records. No message repeats a value of it."""
