"""What a new project begins with: sqitch.conf, an empty plan, folders of scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dsvault.authoring.errors import AuthoringError
from dsvault.authoring.files import make_folders, write_text
from dsvault.config.writing import set_value, with_comment
from dsvault.plan import PlanError, parse_plan
from dsvault.plan.lines import SYNTAX_VERSION
from dsvault.plan.uri import UriError, canonical_uri

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dsvault.config import Config, Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a project shall begin with. settings are those of [core] and the engine, by name."""

    engine: str | None = None
    target: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)


def new_plan(project: str, uri: str | None) -> str:
    """Return the text of an empty plan.

    :raises AuthoringError: the URI is faulty.
    """
    try:
        line = f"%uri={canonical_uri(uri)}\n" if uri else ""
    except UriError as error:
        raise AuthoringError(str(error), hint="Name the project by another URI.") from error
    return f"%syntax-version={SYNTAX_VERSION}\n%project={project}\n{line}\n"


def begin_plan(file: Path, project: str, uri: str | None) -> list[str]:
    """Write an empty plan, unless there is one of this project; return what was written.

    :raises AuthoringError: there is something else, or the URI is faulty.
    """
    if not file.exists():
        folders = [f"{path}/" for path in make_folders([file.parent])]
        write_text(file, new_plan(project, uri))
        return [*folders, str(file)]
    if not file.is_file():
        raise AuthoringError(f"Cannot initialize because {file} already exists and is not a file")
    try:
        found = parse_plan(file.read_bytes(), file).project
    except PlanError:
        raise AuthoringError(
            f"Cannot initialize because {file} already exists and is not a valid plan file",
            hint="dsvault plan says what is wrong with it.",
        ) from None
    if found != project:
        raise AuthoringError(
            f'Cannot initialize because project "{found}" already initialized in {file}'
        )
    return []


def script_folders(layout: Layout) -> list[Path]:
    """Return the folders of scripts."""
    return [
        layout.deploy_dir,
        layout.revert_dir,
        layout.verify_dir,
        layout.reworked_deploy_dir,
        layout.reworked_revert_dir,
        layout.reworked_verify_dir,
    ]


def new_config(config: Config, layout: Layout, wanted: Beginning) -> str:
    """Return the text of a new sqitch.conf: what was given, and the defaults as comments."""
    engine = wanted.engine or config.get("core.engine") or ("pg" if wanted.target else None)
    given = wanted.settings
    text = ""
    comments = []
    if engine:
        text = set_value(text, "core.engine", engine)
    else:
        comments.append("\tengine = ")
    for name, default in (("plan_file", layout.plan_file), ("top_dir", layout.top_dir)):
        if name in given:
            text = set_value(text, f"core.{name}", given[name])
        else:
            comments.append(f"\t{name} = {default}")
    for name in given:
        if name not in ("plan_file", "top_dir", "registry", "client"):
            text = set_value(text, f"core.{name}", given[name])
    for name, value in wanted.variables.items():
        text = set_value(text, f"core.variables.{name}", value)
    text = with_comment(text, comments if text else ["[core]", *comments])
    return text + _engine_text(config, engine, wanted) if engine else text


def _engine_text(config: Config, engine: str, wanted: Beginning) -> str:
    """Return the section of the engine, and that of its target if this has a name."""
    text = ""
    comments = []
    defaults = {"target": f"db:{engine}:", "registry": "sqitch", "client": "psql"}
    target = wanted.target
    values = {**wanted.settings, **({"target": target} if target else {})}
    for name, default in defaults.items():
        key = f"engine.{engine}.{name}"
        if name in values:
            text = set_value(text, key, values[name])
        else:
            comments.append(f"\t{name} = {config.get(key) or default}")
    text = with_comment(text, comments if text else [f'[engine "{engine}"]', *comments])
    if target and ":" not in target:
        text = set_value(text, f"target.{target}.uri", f"db:{engine}:")
    return text
