from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dsvault.lint.citus import DistributedRule
from dsvault.lint.findings import Severity
from dsvault.lint.rule import Claim
from dsvault.lint.scope import qualified
from dsvault.lint.tree import boolean, function_name, literal

if TYPE_CHECKING:
    from dsvault.lint.plsql import Body
    from dsvault.lint.scope import Scope, World

_OWN_NAME = re.compile(r"\bTG_(?:TABLE_NAME|RELNAME|RELID)\b", re.IGNORECASE)


class DistributedFunction(DistributedRule):
    """Function that relies on what the other nodes of Citus do not have.

    Why: set_config() in a function sets its own node only, so that policies and functions on the
    workers see nothing of it: Citus sends on what SET LOCAL says; a trigger of a distributed
    table fires on the shard, whose name and OID TG_TABLE_NAME and TG_RELID then give.
    When not: nothing calls create_distributed_table.
    Instead: EXECUTE format('SET LOCAL app.x = %L', value); the name as an argument of the trigger,
    read from TG_ARGV.
    """

    code = "DS036"
    severity = Severity.WARNING
    in_functions = True
    setup = (
        "CREATE FUNCTION create_distributed_table(text, text) RETURNS int\n"
        "    LANGUAGE sql AS 'SELECT 1';\n"
        "CREATE TABLE notes (tenant_id int, id bigint, PRIMARY KEY (tenant_id, id));\n"
        "SELECT create_distributed_table('notes', 'tenant_id');\n"
    )
    bad = (
        "CREATE FUNCTION enter(tenant int) RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n"
        "    PERFORM set_config('app.tenant', tenant::text, true);\nEND;\n$$;\n"
        "SELECT create_distributed_table('notes', 'tenant_id');\n"
    )
    good = bad.replace(
        "PERFORM set_config('app.tenant', tenant::text, true)",
        "EXECUTE format('SET LOCAL app.tenant = %L', tenant)",
    )
    claim = Claim(
        shows="SELECT bool_or(prosrc ~ 'set_config') FROM pg_proc WHERE proname = 'enter'"
    )

    def statement(self, scope: Scope) -> None:
        """Remember which tables are distributed, and where functions set the context."""
        super().statement(scope)
        if scope.where != "function":
            return
        for call in scope.of_type("FuncCall"):
            args = call.get("args", ())
            is_setting = function_name(call) == "set_config" and len(args) == 3
            if is_setting and boolean(args[2]) and "." in (literal(args[0]) or ""):
                place = (scope.script, call.get("location", scope.start))
                scope.world.memory.setdefault(f"{self.code} settings", []).append(place)

    def body(self, scope: Scope, body: Body) -> None:
        """Remember trigger functions that ask for their table."""
        function = scope.function
        if function is None or function.returns != "trigger":
            return
        for step in body.all_steps():
            texts = [step.text, *(expression.text for expression in step.expressions)]
            match = next(filter(None, map(_OWN_NAME.search, texts)), None)
            if match is not None and step.kind != "RAISE":  # a message may say where it was
                at = scope.find_text(match[0], after=step.start)
                asked = scope.world.memory.setdefault(f"{self.code} names", {})
                asked.setdefault(function.name, (scope.script, at, match[0]))

    def finish(self, world: World) -> None:
        """Report them, if there are distributed tables."""
        spread = self.distributed(world)
        if not spread:
            return
        for script, offset in world.memory.get(f"{self.code} settings", ()):
            message = "set_config() sets this node only, and not those that hold the rows"
            world.report(self, script, offset, message, "EXECUTE format('SET LOCAL …') instead.")
        asked = world.memory.get(f"{self.code} names", {})
        for table in (world.catalog.tables.get(name) for name in spread):
            for trigger in table.triggers.values() if table else ():
                if trigger.function in asked:
                    script, offset, word = asked[trigger.function]
                    message = f"{word} is that of a shard of {qualified(trigger.table)}"
                    world.report(self, script, offset, message, "Read an argument: TG_ARGV[0].")
