"""A plan as one file that makes the same schema: all deploy scripts in order, in one transaction.

Statements that no transaction can hold stand between two of them. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsvault.errors import DsvaultError
from dsvault.export.sqlx import ExportError
from dsvault.export.text import AFTER, BEFORE, body_of, required, steps_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dsvault.plan import Plan
    from dsvault.project import Project
    from dsvault.sqlscript import Script

_HEAD = """\
-- The schema of {project} up to {last}, as one file.
--
-- Made of all deploy scripts of the plan, in order; run it by psql with ON_ERROR_STOP on an empty
-- database. It records nothing: `dsvault deploy --log-only --verify` does, once it has run.

BEGIN;
"""


def schema_text(project: Project) -> str:
    """Return the file's text.

    :raises ExportError: a deploy script is missing or cannot be run.
    """
    faults: list[DsvaultError] = []
    parts = [_head(project.plan)]
    for change in project.plan.changes:
        try:
            script = required(project, change)
        except DsvaultError as error:
            faults.append(error)
        else:
            title = f"-- {change.format_name_with_tags()} ".ljust(100, "-")
            parts += [f"\n{title}\n\n", *_parts(script)]
    if faults:
        raise ExportError(faults)
    return "".join([*parts, "\nCOMMIT;\n"])


def _head(plan: Plan) -> str:
    last = plan.changes[-1].format_name_with_tags() if plan.changes else "nothing"
    return _HEAD.format(project=plan.project, last=last)


def _parts(script: Script) -> Iterator[str]:
    if script.is_transactional:
        yield f"{BEFORE}{body_of(script)}{AFTER}"
        return
    yield "COMMIT;\n"
    for step in steps_of(script):
        if step.is_block or step.has_control:
            yield "".join(f"{item.text};\n" for item in step.statements)
        else:
            yield text_of(step)
    yield f"{AFTER}BEGIN;\n"
