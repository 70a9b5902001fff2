"""How this very program is called."""

from __future__ import annotations

import sys
from pathlib import Path

from dsvault.paths import project_root


def as_typed() -> str:
    """Return what this person types to run us here."""
    launcher = _launcher()
    if launcher is None:
        return "dsvault"
    return "./dsvault" if launcher.parent == Path.cwd() else str(launcher)


def as_scheduled() -> str:
    """Return what runs us from anywhere, without this person's PATH."""
    launcher = _launcher()
    if launcher is not None:
        return str(launcher)
    script = Path(sys.argv[0]).absolute()
    return str(script) if script.name == "dsvault" and script.is_file() else "dsvault"


def _launcher() -> Path | None:
    launcher = project_root() / "dsvault"
    return launcher if launcher.is_file() else None
