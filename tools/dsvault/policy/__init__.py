"""The declared matrix of who may do what: read it, compare it, expand it to cells, draw it. Pure.

from dsvault.policy import read_matrix; matrix = read_matrix(matrix_path())
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.paths import project_root
from dsvault.policy.errors import MatrixError
from dsvault.policy.model import Command, Matrix, Role, Rule, Table
from dsvault.policy.read import parse_matrix, read_matrix

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Command",
    "Matrix",
    "MatrixError",
    "Role",
    "Rule",
    "Table",
    "matrix_path",
    "parse_matrix",
    "read_matrix",
]


def matrix_path() -> Path:
    """Return where the project's own matrix is."""
    return project_root() / "sql" / "policies" / "matrix.toml"
