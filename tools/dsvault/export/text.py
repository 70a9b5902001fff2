"""Scripts as other tools run them: without a transaction of their own, and leaving no traces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.sqlscript import Kind
from dsvault.sqlscript.units import units

if TYPE_CHECKING:
    from dsvault.plan import Change
    from dsvault.project import Project
    from dsvault.scripts import Kind as KindOfScript
    from dsvault.sqlscript import Script, Statement
    from dsvault.sqlscript.units import Unit

# What the runner sets before each script: a backfill that row security would hide from the owner of
# a table fails instead of touching nothing.
BEFORE = "SET LOCAL row_security = off;\n"
# Whatever a script set or took ends with it; what follows in the same transaction is not its own.
AFTER = "RESET SESSION AUTHORIZATION;\nRESET ALL;\n"
_ENDS = (Kind.BEGIN, Kind.COMMIT)


def body_of(script: Script) -> str:
    """Return a transactional script as part of a transaction: its text without BEGIN and COMMIT.

    Where the script itself rolls something back, only its statements are kept, not its comments.
    """
    if any(item.kind is Kind.ROLLBACK for item in script.statements):
        return "".join(f"{item.text};\n" for item in script.folded())
    pieces = []
    done = 0
    for item in script.statements:
        if item.kind in _ENDS:
            pieces.append(script.text[done : item.start])
            done = _behind(script.text, item)
    text = "".join([*pieces, script.text[done:]]).strip()
    last = script.statements[-1] if script.statements else None
    is_open = (
        last is not None and last.kind not in _ENDS and script.text[_end(last) :].strip() == ""
    )
    return f"{text};\n" if is_open else f"{text}\n"


def text_of(step: Unit) -> str:
    """Return a step of a script that no transaction can hold, without BEGIN and COMMIT."""
    statements = (item for item in step.statements if item.kind not in _ENDS)
    return "".join(f"{item.text};\n" for item in statements)


def steps_of(script: Script) -> tuple[Unit, ...]:
    """Return the steps of a script that no transaction can hold."""
    return units(script)


def _end(item: Statement) -> int:
    return item.start + len(item.text)


def _behind(text: str, item: Statement) -> int:
    """Return the offset behind a statement and its semicolon."""
    end = _end(item)
    return text.index(";", end) + 1 if _is_closed(text, item) else end


def _is_closed(text: str, item: Statement) -> bool:
    """Say whether a semicolon follows a statement, but for blanks."""
    return text[_end(item) :].lstrip().startswith(";")


def required(project: Project, change: Change) -> Script:
    """Return a change's deploy script.

    :raises DsvaultError: it is missing, cannot be run, or only by psql.
    """
    script = usable(project, change, "deploy")
    if script is None:
        path = project.shown(project.path(change, "deploy"))
        raise DsvaultError(f"Deploy script {path} does not exist", hint="Write it.")
    return script


def usable(project: Project, change: Change, kind: KindOfScript) -> Script | None:
    """Return a change's script, or None where there is none.

    :raises DsvaultError: it cannot be run, or only by psql.
    """
    script = project.script(change, kind)
    if script is not None and script.client is not None:
        raise DsvaultError(
            f"{script.name} can be run by psql only, not by other tools",
            hint="Write it in plain SQL.",
        )
    return script
