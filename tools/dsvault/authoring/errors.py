"""What can be wrong when a project's files are written."""

from __future__ import annotations

from dsvault.errors import DsvaultError


class AuthoringError(DsvaultError):
    """The files cannot be written."""
