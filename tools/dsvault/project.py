"""A project as the runner needs it: its plan, its files, and who works on it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from dsvault.config import Config, Layout, Person, current_person, find_layout
from dsvault.plan import Plan, read_plan
from dsvault.scripts import Kind, ScriptError, script_hash, script_path
from dsvault.values import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dsvault.model import DeployedChange
    from dsvault.plan import Change
    from dsvault.sqlscript import Script


class Project(Value):
    """One plan with its scripts and its configuration."""

    plan: Plan
    layout: Layout
    config: Config
    variables: Mapping[str, str] = MappingProxyType({})  # of psql, for scripts

    @cached_property
    def person(self) -> Person:
        """The person whom the registry shall name; whoever only looks need not have a good name.

        :raises dsvault.config.ConfigError: the name or the address cannot be used.
        """
        return current_person(self.config)

    @property
    def name(self) -> str:
        """The project's name in plans and registries."""
        return self.plan.project

    def path(self, change: Change, kind: Kind) -> Path:
        """Return where a change's script is, or should be."""
        return script_path(self.layout, change, kind)

    def shown(self, path: Path) -> str:
        """Return a path as a user would write it: relative if it is below the working folder."""
        if not path.is_absolute():
            return str(path)
        here = Path.cwd()
        return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)

    def path_of_deployed(self, change: DeployedChange, kind: Kind) -> Path:
        """Return where a deployed change's script is, also if its line in the plan was edited."""
        planned = self.plan.by_id(change.id)
        if planned is not None:
            return self.path(planned, kind)
        folders = {
            "deploy": self.layout.deploy_dir,
            "revert": self.layout.revert_dir,
            "verify": self.layout.verify_dir,
        }
        return folders[kind] / f"{change.name}.{self.layout.extension}"

    def script(self, change: Change, kind: Kind) -> Script | None:
        """Return a change's script, parsed, or None where there is no such file.

        :raises dsvault.sqlscript.ScriptError: it cannot be run.
        :raises dsvault.scripts.ScriptError: it cannot be read, or a verify script not rolled back.
        """
        return self.script_at(self.path(change, kind), kind)

    def script_at(self, path: Path, kind: Kind) -> Script | None:
        """Return the script of a file, parsed, or None where there is no such file.

        :raises dsvault.sqlscript.ScriptError: it cannot be run.
        :raises dsvault.scripts.ScriptError: it cannot be read, or a verify script not rolled back.
        """
        from dsvault.sqlscript import read_script  # noqa: PLC0415 - status and log need no parser

        if not path.is_file():
            return None
        try:
            script = read_script(
                path,
                self.shown(path),
                variables=self._all_variables(),
                find_client=self._find_client,
            )
        except OSError as error:
            raise ScriptError(
                f"Cannot open {self.shown(path)}: {error.strerror}", hint="Make it readable."
            ) from error
        if kind == "verify" and not script.is_foldable and script.client is None:
            raise ScriptError(
                f"{script.name} has a statement that PostgreSQL refuses in a transaction",
                hint="Write verify scripts so that they can be rolled back.",
            )
        return script

    def _all_variables(self) -> Mapping[str, str]:
        return {"registry": self.layout.registry, **self.variables}

    def _find_client(self) -> str | None:
        """Return the psql for scripts that only it can run, or None if there is none."""
        from shutil import which  # noqa: PLC0415 - it imports all kinds of compression

        found = which(self.layout.client)
        if found is None and self.layout.client == "psql":
            from dsvault.server.binaries import embedded_psql  # noqa: PLC0415 - seldom needed

            found = embedded_psql()
        return found

    def script_hash(self, change: Change) -> str | None:
        """Return the hash of a change's deploy script, or None where there is no such file."""
        return script_hash(self.layout, change)


def open_project(
    *, plan_file: Path | None = None, target_name: str | None = None, folder: Path | None = None
) -> Project:
    """Read the project that is meant: of plan_file, of folder (the working one), else our own.

    target_name is the name of a [target] whose settings stand above others.

    :raises dsvault.plan.PlanError: the plan is not valid, or there is none.
    :raises dsvault.config.ConfigError: the configuration cannot be used.
    """
    return read_project(*find_layout(plan_file=plan_file, target=target_name, cwd=folder))


def read_project(config: Config, layout: Layout) -> Project:
    """Read the project that a configuration and a layout describe.

    :raises dsvault.plan.PlanError: the plan is not valid, or there is none.
    """
    return Project(read_plan(layout.plan_file), layout, config)
