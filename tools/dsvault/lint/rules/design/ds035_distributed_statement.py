from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.lint.citus import DistributedRule
from dsvault.lint.rule import Claim
from dsvault.lint.scope import qualified
from dsvault.lint.tenancy import arms
from dsvault.lint.tree import column_name, inner, operator, range_name
from dsvault.lint.volatility import volatile_call

if TYPE_CHECKING:
    from dsvault.lint.catalog import Catalog
    from dsvault.lint.scope import Scope, World
    from dsvault.lint.tree import Node


class DistributedStatement(DistributedRule):
    """Statement that Citus refuses on a distributed table, in a script or a function.

    Why: it fails when it runs, in a function as late as with its first call: a row cannot change
    its distribution column, and so its shard; UPDATE and DELETE run on each shard for itself, so
    that their functions must not be VOLATILE; FOR UPDATE needs one shard.
    When not: nothing calls create_distributed_table.
    Instead: insert anew and delete; compute the value first, in a variable or WITH; name the
    distribution column with = in WHERE.
    """

    code = "DS035"
    on = ("SelectStmt", "UpdateStmt", "DeleteStmt")
    in_functions = True
    setup = (
        "CREATE FUNCTION create_distributed_table(text, text) RETURNS int\n"
        "    LANGUAGE sql AS 'SELECT 1';\n"
        "CREATE TABLE notes (tenant_id int, id bigint, mark uuid, PRIMARY KEY (tenant_id, id));\n"
        "INSERT INTO notes VALUES (1, 1), (1, 2);\n"
    )
    bad = (
        "SELECT create_distributed_table('notes', 'tenant_id');\n"
        "UPDATE notes SET mark = gen_random_uuid() WHERE tenant_id = 1;\n"
    )
    good = (
        "SELECT create_distributed_table('notes', 'tenant_id');\n"
        "WITH new AS (SELECT gen_random_uuid() AS mark)\n"
        "UPDATE notes SET mark = new.mark FROM new WHERE tenant_id = 1;\n"
    )
    claim = Claim(shows="SELECT count(DISTINCT mark) = 2 FROM notes")

    def statement(self, scope: Scope) -> None:
        """Remember which tables are distributed, and what is done to tables."""
        super().statement(scope)
        table = _table(scope)
        if table is not None:
            name = scope.catalog.qualify(range_name(table))
            done = scope.world.memory.setdefault(f"{self.code} statements", [])
            done.append((name, scope.script, table.get("location", scope.start), scope.node))

    def finish(self, world: World) -> None:
        """Report what Citus refuses."""
        spread = self.distributed(world)
        done = world.memory.get(f"{self.code} statements", ()) if spread else ()
        for name, script, offset, node in done:
            why = _why(world.catalog, node, spread[name]) if name in spread else None
            if why:
                message = f"{qualified(name)} is distributed: {why}"
                world.report(self, script, offset, message, "See the page of this rule.")


def _table(scope: Scope) -> Node | None:
    """Return the table that is changed, or the only one of which rows are locked."""
    if scope.kind != "SelectStmt":
        found: Node | None = scope.node.get("relation")
        return found
    sources = scope.node.get("fromClause", ())
    if "lockingClause" in scope.node and len(sources) == 1:
        kind, fields = inner(sources[0])
        return fields if kind == "RangeVar" else None
    return None


def _why(catalog: Catalog, node: Node, column: str) -> str | None:
    if "lockingClause" in node:
        is_one = any(_is_equal(arm, column) for arm in arms(node.get("whereClause"), "AND_EXPR"))
        return None if is_one else f"FOR UPDATE needs one shard, a condition {column} = …"
    targets = [item.get("ResTarget", {}) for item in node.get("targetList", ())]
    if any(target.get("name") == column for target in targets):
        return f"{column} decides about the shard and cannot be changed"
    own = {key: value for key, value in node.items() if key != "withClause"}
    function = volatile_call(catalog, own)
    return f"{function}() is VOLATILE, and each shard would have its own" if function else None


def _is_equal(condition: Node, column: str) -> bool:
    kind, fields = inner(condition)
    if kind != "A_Expr" or operator(fields) != "=":
        return False
    return column in {column_name(fields.get("lexpr")), column_name(fields.get("rexpr"))}
