"""What can be wrong with files and requests about the trail."""

from __future__ import annotations

from dsvault.errors import DsvaultError


class AuditError(DsvaultError):
    """The trail cannot be examined."""


class KeyFileError(AuditError):
    """The signing key cannot be used."""


class CheckpointError(AuditError):
    """The checkpoint cannot be read or is not genuine."""


class ArchiveError(AuditError):
    """A file of an archived month cannot be written or read."""


class ProofError(AuditError):
    """The proof cannot be read."""
