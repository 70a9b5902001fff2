"""SQL scripts as PostgreSQL's own parser sees them. Nothing here touches a server.

`read_script` splits a file into statements with their places, and refuses, with line and caret,
what cannot be run. `Script.folded` gives the statements without the script's own BEGIN and COMMIT,
so that the runner can put its registry rows into the same transaction.
"""

from dsvault.sqlscript.place import Place
from dsvault.sqlscript.script import Script, ScriptError, parse_script, read_script
from dsvault.sqlscript.statements import Kind, Statement

__all__ = ["Kind", "Place", "Script", "ScriptError", "Statement", "parse_script", "read_script"]
