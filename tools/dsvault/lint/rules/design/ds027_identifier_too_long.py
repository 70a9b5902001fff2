from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.findings import Severity
from dsvault.lint.plsql import tokens
from dsvault.lint.rule import Claim, Rule

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope

_QUOTED = re.compile(rb'"[^"\n]{64}')
_WORDS = bytes(ord("w") if byte > 127 or chr(byte).isalnum() or byte == ord("_") else 32
               for byte in range(256))  # fmt: skip


class IdentifierTooLong(Rule):
    """Name of more than 63 bytes.

    Why: PostgreSQL cuts it off, so that two names may become the same, and no search finds it.
    When not: it is a string or a comment.
    Instead: a shorter name.
    """

    code = "DS027"
    classes = ("identifier-too-long",)
    severity = Severity.WARNING
    on = ("*",)
    bad = f"CREATE TABLE {'long_' * 13} (id bigint PRIMARY KEY);\n"
    good = "CREATE TABLE short (id bigint PRIMARY KEY);\n"
    claim = Claim(shows="SELECT bool_or(length(relname) = 63) FROM pg_class")

    def statement(self, scope: Scope) -> None:
        """Report names that are cut off."""
        memory = scope.world.memory.setdefault(self.code, {})
        is_long = memory.get(scope.script)
        if is_long is None:
            is_long = memory[scope.script] = _has_long(scope.source.data)
        if scope.where == "function" or scope.is_computed or not is_long:
            return
        seen = set()
        for token in tokens(scope.text):
            name = token.text.strip('"')
            if token.kind == "name" and len(name.encode()) > 63 and name not in seen:
                seen.add(name)
                at = scope.start + len(scope.text[: token.start].encode())
                scope.report(
                    self,
                    f"the name has {len(name.encode())} bytes and is cut off after 63",
                    "Choose a shorter name.",
                    at=at,
                )


def _has_long(data: bytes) -> bool:
    """Say whether there may be such a name: quicker than by a pattern."""
    return b"w" * 64 in data.translate(_WORDS) or _QUOTED.search(data) is not None
