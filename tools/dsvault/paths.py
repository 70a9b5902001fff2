"""Where the project's own files are: in a checkout, or inside of the installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def project_root() -> Path:
    """Return the folder that holds sqitch.plan, deploy/, revert/, verify/ and sql/.

    In a checkout that is the repository's root; in an installed wheel it is beside the code.
    """
    checkout = _PACKAGE.parent.parent
    if (checkout / "sqitch.plan").is_file():
        return checkout
    return _PACKAGE / "_project"
