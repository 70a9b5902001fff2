from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.plsql import tokens
from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*\Z")


@lru_cache(maxsize=1)
def _reserved() -> frozenset[str]:
    from pglast.keywords import RESERVED_KEYWORDS  # noqa: PLC0415 - few names have quotes

    return frozenset(RESERVED_KEYWORDS)


class QuotedIdentifier(Rule):
    """Name that has to be written in quotes.

    Why: whoever writes it without quotes names something else.
    When not: the name would be the same without them.
    Instead: lower case letters, digits and underscores.
    """

    code = "DS029"
    classes = ("quoted-identifier",)
    severity = Severity.INFO
    on = ("CreateStmt", "ViewStmt", "IndexStmt", "CreateFunctionStmt", "CreateSchemaStmt",
          "CreateEnumStmt", "CreateSeqStmt", "RenameStmt", "AlterTableStmt")  # fmt: skip
    bad = 'CREATE TABLE "Notes" (id bigint PRIMARY KEY);\n'
    good = "CREATE TABLE notes (id bigint PRIMARY KEY);\n"
    claim = Claim(shows="SELECT bool_or(relname = 'Notes') FROM pg_class")

    def statement(self, scope: Scope) -> None:
        """Report names that need quotes, once each."""
        if '"' not in scope.text or scope.where == "function":
            return
        seen = set()
        for token in tokens(scope.text):
            name = token.text[1:-1]
            if token.kind == "name" and token.text[0] == '"' and name not in seen:
                seen.add(name)
                if not _PLAIN.match(name) or name in _reserved():
                    at = scope.start + len(scope.text[: token.start].encode())
                    scope.report(
                        self,
                        f"{token.text} has to be written in quotes everywhere",
                        "Use lower case letters, digits and underscores.",
                        at=at,
                    )
