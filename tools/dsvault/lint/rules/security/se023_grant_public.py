from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.apply.security import role_names
from dsvault.lint.rule import Claim, Rule
from dsvault.lint.scope import qualified
from dsvault.lint.tree import range_name

if TYPE_CHECKING:
    from dsvault.lint.scope import Scope
    from dsvault.lint.tree import Node


class GrantPublic(Rule):
    """Privilege for PUBLIC.

    Why: PUBLIC is every role of the server, today's and tomorrow's.
    When not: USAGE on schema public or on a type; CONNECT.
    Instead: grant to a named role.
    """

    code = "SE023"
    classes = ("grant-public",)
    on = ("GrantStmt", "AlterDefaultPrivilegesStmt", "GrantRoleStmt")
    setup = "CREATE ROLE lint_app;\nCREATE TABLE notes (id int);\n"
    bad = "GRANT SELECT ON notes TO PUBLIC;\n"
    good = "GRANT SELECT ON notes TO lint_app;\n"
    claim = Claim(shows="SELECT relacl::text ~ '[{,]=' FROM pg_class WHERE relname = 'notes'")

    def statement(self, scope: Scope) -> None:
        """Report grants to everybody."""
        node = scope.node.get("action", scope.node)
        grantees = role_names(node.get("grantees") or node.get("grantee_roles"))
        if not node.get("is_grant") or "public" not in grantees:
            return
        kind = node.get("objtype", "")
        names = [item.get("String", {}).get("sval") for item in node.get("objects", ())]
        words = {
            item["AccessPriv"].get("priv_name", "").lower() for item in node.get("privileges", ())
        }
        is_harmless = (
            kind in {"OBJECT_TYPE", "OBJECT_DOMAIN", "OBJECT_LANGUAGE"}
            or (kind == "OBJECT_SCHEMA" and names == ["public"] and words == {"usage"})
            or words == {"connect"}
        )
        if not is_harmless:
            scope.report(
                self,
                f"every role of the server gets {_what(node)}",
                "Grant to a named role.",
                at=scope.find_text("public"),
            )


def _what(node: Node) -> str:
    """Return the privileges on named objects as text, "it" where that says nothing."""
    words = [item["AccessPriv"].get("priv_name", "") for item in node.get("privileges", ())]
    names = [range_name(item["RangeVar"]) for item in node.get("objects", ()) if "RangeVar" in item]
    what = f"{', '.join(words) or 'everything'} on {', '.join(map(qualified, names))}"
    return what if names else "it"
