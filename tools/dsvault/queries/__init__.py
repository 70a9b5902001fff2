"""The toolkit's queries, one per file.

>>> load("state/projects", registry="sqitch").as_string().splitlines()[-1].startswith("ORDER BY")
True
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from psycopg import sql

_HERE = Path(__file__).resolve().parent


def load(name: str, **identifiers: str) -> sql.Composed:
    """Return the query of `name`.sql with each {placeholder} replaced by a quoted identifier."""
    names = {key: sql.Identifier(value) for key, value in identifiers.items()}
    return sql.SQL(_read(name)).format(**names)


@cache
def _read(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")
