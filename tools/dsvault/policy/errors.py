"""What can be wrong with a declared matrix."""

from __future__ import annotations

from dsvault.errors import DsvaultError


class MatrixError(DsvaultError):
    """The matrix cannot be used."""
