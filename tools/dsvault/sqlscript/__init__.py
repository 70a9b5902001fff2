"""SQL scripts as PostgreSQL's own parser sees them. Nothing here touches a server.

`read_script` splits a file into statements with their places, and refuses, with line and caret,
what cannot be run. `Script.folded` gives the statements without the script's own BEGIN and COMMIT,
so that the runner can put its registry rows into the same transaction.
"""

from __future__ import annotations

import importlib
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dsvault.sqlscript.kinds import Kind, Statement
    from dsvault.sqlscript.place import Place
    from dsvault.sqlscript.reading import parse_script, read_script
    from dsvault.sqlscript.script import Script, ScriptError

__all__ = [
    "Kind",
    "Place",
    "Script",
    "ScriptError",
    "Statement",
    "parse_script",
    "prepare_to_read",
    "read_script",
]
_HOMES = {
    "Kind": "kinds",
    "Place": "place",
    "Statement": "kinds",
    "parse_script": "reading",
    "read_script": "reading",
}


def prepare_to_read() -> None:
    """Import the parser in a thread, while the caller waits for something."""
    import threading  # noqa: PLC0415 - few need it

    threading.Thread(target=_import_reading, name="prepare_to_read", daemon=True).start()


def _import_reading() -> None:
    with suppress(Exception):  # whoever reads a script will meet it again
        importlib.import_module(f"{__name__}.reading")


def __getattr__(name: str) -> object:
    """Import what is asked for: the linter needs little of this package."""
    if name not in __all__:
        raise AttributeError(name)
    found = getattr(importlib.import_module(f"{__name__}.{_HOMES.get(name, 'script')}"), name)
    globals()[name] = found
    return found
