"""What writes a project's files: new scripts, copies of reworked ones, bundles, configuration.

Nothing here touches a server or prints. What was written comes back as values.
"""

from __future__ import annotations

from dsvault.authoring.errors import AuthoringError

__all__ = ["AuthoringError"]
