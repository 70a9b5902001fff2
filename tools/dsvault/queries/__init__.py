r"""The toolkit's queries, one per file.

>>> load("registry/lock", registry='a"b')
'LOCK TABLE "a""b".changes IN EXCLUSIVE MODE\n'
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NewType

# The text of a query that a file of this package holds.
Text = NewType("Text", str)

_HERE = Path(__file__).resolve().parent


def load(name: str, **identifiers: str) -> Text:
    """Return the query of `name`.sql with each {placeholder} replaced by a quoted identifier."""
    return Text(_read(name).format(**{key: _quoted(text) for key, text in identifiers.items()}))


def _quoted(name: str) -> str:
    # As psycopg.sql.Identifier does, which needs a connection's adapters: they take long to import.
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


@cache
def _read(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")
