"""SQL scripts as PostgreSQL's own parser sees them. Nothing here touches a server.

`read_script` splits a file into statements with their places, and refuses, with line and caret,
what cannot be run. `Script.folded` gives the statements without the script's own BEGIN and COMMIT,
so that the runner can put its registry rows into the same transaction.
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dsvault.sqlscript.place import Place
    from dsvault.sqlscript.reading import parse_script, read_script
    from dsvault.sqlscript.script import Script, ScriptError
    from dsvault.sqlscript.statements import Kind, Statement

__all__ = ["Kind", "Place", "Script", "ScriptError", "Statement", "parse_script", "read_script"]
_HOMES = {
    "Kind": "statements",
    "Place": "place",
    "Statement": "statements",
    "parse_script": "reading",
    "read_script": "reading",
}


def __getattr__(name: str) -> object:
    """Import what is asked for: the linter needs little of this package."""
    if name not in __all__:
        raise AttributeError(name)
    found = getattr(importlib.import_module(f"{__name__}.{_HOMES.get(name, 'script')}"), name)
    globals()[name] = found
    return found
