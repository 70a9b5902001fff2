from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.rule import Claim, Rule
from dsvault.lint.tree import option, option_text

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope


class VacuumFull(Rule):
    """VACUUM FULL.

    Why: the table is rewritten, and nobody reads or writes it meanwhile.
    Instead: plain VACUUM, or pg_repack.
    """

    code = "LK022"
    classes = ("vacuum-full",)
    on = ("VacuumStmt",)
    setup = "CREATE TABLE orders (id int);\n"
    bad = "VACUUM FULL orders;\n"
    good = "VACUUM orders;\n"
    claim = Claim(rewrites=True)

    def statement(self, scope: Scope) -> None:
        """Report FULL."""
        full = option(scope.node.get("options"), "full")
        if (option_text(full) or "off").lower() not in {"off", "false", "0"}:
            scope.report(self, "nobody reads or writes the table meanwhile", "Use plain VACUUM.")
