"""What a rule is. One class per file below rules/; its docstring is its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from dsvault.lint.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsvault.lint.plsql import Body
    from dsvault.lint.scope import ChangeScope, Scope, World

Example: TypeAlias = "str | Mapping[str, str]"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a real PostgreSQL does with the bad example, and not with the good one.

    `fails` is the SQLSTATE of its error; `locks` a mode it takes on a table of the setup;
    `rewrites` says that such a table gets a new file; `shows` is a query that is true after it and
    false after the good one. With none of them both just run.
    """

    fails: str = ""
    locks: str = ""
    rewrites: bool = False
    shows: str = ""
    since: int = 15
    in_transaction: bool = True


class Rule:
    """Base of all rules; a subclass overrides the hooks that it needs.

    `on` are the kinds of statements that `statement` gets; "*" is all. With `in_functions` it also
    gets the statements and expressions inside of function bodies, not only those that run now
    (in a script or a DO block). `tasks` are the kinds of scripts that it looks at.
    """

    code: ClassVar[str] = ""
    classes: ClassVar[tuple[str, ...]] = ()
    severity: ClassVar[Severity] = Severity.ERROR
    on: ClassVar[tuple[str, ...]] = ()
    in_functions: ClassVar[bool] = False
    tasks: ClassVar[frozenset[str]] = frozenset({"deploy", "plain"})
    setup: ClassVar[str] = ""
    bad: ClassVar[Example] = ""
    good: ClassVar[Example] = ""
    claim: ClassVar[Claim] = Claim()

    def statement(self, scope: Scope) -> None:
        """Look at one statement, before it is applied to the catalog."""

    def body(self, scope: Scope, body: Body) -> None:
        """Look at the PL/pgSQL body of a function (`scope.function`) or DO block."""

    def script(self, scope: Scope) -> None:
        """Look at a whole script, after all of its statements."""

    def change(self, scope: ChangeScope) -> None:
        """Look at a change of a project with its scripts, after its deploy script."""

    def finish(self, world: World) -> None:
        """Look at the catalog at the end of the plan, folder or file."""

    @classmethod
    def family(cls) -> str:
        """Return the name of the rule's folder."""
        return cls.__module__.split(".")[-2]

    @classmethod
    def title(cls) -> str:
        """Return the first line of the docstring."""
        return (cls.__doc__ or "").strip().splitlines()[0]
