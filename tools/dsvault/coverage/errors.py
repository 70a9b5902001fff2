"""What can be wrong between the design document and the plan."""

from __future__ import annotations

from dsvault.errors import DsvaultError


class CoverageError(DsvaultError):
    """The design document and the plan do not fit together."""

    exit_code = 1
